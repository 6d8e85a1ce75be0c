package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables in memory as the walks of one PE see them. Before an adversarial TLB they see as
 * little of the new as they may: what a TLB holds of earlier walks, and what memory held before
 * stores that are not certain yet.
 */
public final class LiveTables implements DescriptorReader {
  private final int pe;
  private final PhysicalMemory ram;
  private final Tlb tlb;
  private final List<TlbEntry> used = new ArrayList<>();
  private @Nullable Stage1Parameters first;
  private @Nullable Stage2Parameters second;
  private boolean stale;
  private boolean holds;
  private long heldAt;
  private long heldValue;

  public LiveTables(int pe, PhysicalMemory ram, Tlb tlb) {
    this.pe = pe;
    this.ram = ram;
    this.tlb = tlb;
  }

  /**
   * A walk begins.
   *
   * @param first null where stage 1 is off
   */
  public void begin(@Nullable Stage1Parameters first, Stage2Parameters second) {
    this.first = first;
    this.second = second;
    stale = tlb.mode() == Tlb.Mode.ADVERSARIAL;
    begin();
  }

  /** A walk begins that sees memory as it is. */
  public void beginAfresh() {
    stale = false;
    begin();
  }

  private void begin() {
    holds = false;
    if (!used.isEmpty()) {
      used.clear();
    }
  }

  /** The entries that the walk began with. */
  public List<TlbEntry> used() {
    return used;
  }

  /**
   * Whether the hardware can store what the walk wants to: it compares with memory first, and must
   * walk afresh if that holds something else.
   */
  public boolean canStore(Translation walk) {
    if (!stale) {
      return true;
    }
    for (Translation.DescriptorUpdate update : walk.updates()) {
      if (ram.read(update.pa(), 8) != update.old()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public long read(long pa) {
    if (holds) {
      holds = false;
      if (pa == heldAt) {
        return heldValue;
      }
    }
    if (!ram.contains(pa, 8)) {
      throw ExternalAbort.ABORT;
    }
    tlb.walkReads(pa);
    long now = ram.readWord(pa);
    return stale ? tlb.pending().oldest(pe, pa, now) : now;
  }

  @Override
  public @Nullable TlbEntry held(int stage, long input, int level, Granule granule, Access access) {
    if (!stale) {
      return null;
    }
    TlbEntry entry =
        stage == 1
            ? heldOfVa(input, level, granule, access)
            : heldOfIpa(input, level, granule, access);
    if (entry != null) {
      used.add(entry);
      holds = true;
      heldAt = entry.leafAddress();
      heldValue = leafFor(entry, input, granule);
    }
    return entry;
  }

  private @Nullable TlbEntry heldOfVa(long va, int level, Granule granule, Access access) {
    Stage1Parameters one = first;
    Stage2Parameters two = second;
    if (one == null || two == null) {
      return null;
    }
    int vmid = one.regime() == Regime.EL1_0 ? two.vmid() : -1;
    return tlb.heldOfVa(pe, one, vmid, va, level, granule, access);
  }

  private @Nullable TlbEntry heldOfIpa(long ipa, int level, Granule granule, Access access) {
    Stage2Parameters two = second;
    return two == null ? null : tlb.heldOfIpa(pe, two.vmid(), ipa, level, granule, access);
  }

  /**
   * An entry for a run of contiguous descriptors stands for the one of this address. One that a
   * TLBI has left of a run says nothing of the others.
   */
  private static long leafFor(TlbEntry entry, long input, Granule granule) {
    if (!entry.contiguous()) {
      return entry.kind().isTable() ? entry.leaf() : entry.leaf() & ~Stage2Format.CONTIGUOUS;
    }
    long within = (1L << entry.shift()) - (1L << granule.levelShift(entry.level()));
    return (entry.leaf() & ~within) | (entry.output(input) & within);
  }
}
