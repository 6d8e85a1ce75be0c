package dev.stagewalk.cpu;

import dev.stagewalk.event.Access;
import dev.stagewalk.mmu.TlbEntry;
import org.jspecify.annotations.Nullable;

/** Tells whoever looks on at a PE what is no event. */
public final class Onlookers {
  private final Pe pe;
  private @Nullable Onlooker onlooker;

  Onlookers(Pe pe) {
    this.pe = pe;
  }

  /** Says who is told from now on; null for nobody. */
  public void set(@Nullable Onlooker who) {
    onlooker = who;
  }

  /** Tells that a TLB entry has answered for an access. */
  void answered(TlbEntry entry, long address, Access access) {
    Onlooker who = onlooker;
    if (who != null) {
      who.answered(pe, entry, address, access);
    }
  }

  /** Tells that software has read a System register: a hypervisor in Java, or an instruction. */
  public void hasRead(int index, boolean byHost) {
    Onlooker who = onlooker;
    if (who != null) {
      who.hasRead(pe, index, byHost);
    }
  }
}
