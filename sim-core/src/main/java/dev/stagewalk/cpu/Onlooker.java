package dev.stagewalk.cpu;

import dev.stagewalk.event.Access;
import dev.stagewalk.mmu.TlbEntry;

/**
 * Is told what a PE does that is no event, because it happens too often: for checks that execute a
 * run again. It must change nothing.
 */
public interface Onlooker {

  /**
   * A TLB entry has answered for an access that it allows. Of further accesses to the same page
   * nothing is said until {@link dev.stagewalk.mmu.Tlb#askAgain}, or something that ends what was
   * known of the page.
   *
   * @param address IPA or VA, as the entry takes it
   */
  void answered(Pe pe, TlbEntry entry, long address, Access access);

  /**
   * Software has read a System register.
   *
   * @param index see {@link SystemRegisters#index}
   * @param byHost whether it was a hypervisor in Java, and no instruction
   */
  void hasRead(Pe pe, int index, boolean byHost);
}
