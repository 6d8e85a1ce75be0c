package dev.stagewalk.hyp;

import dev.stagewalk.cpu.El2;
import java.util.OptionalLong;

/**
 * The IPA of a stage-2 fault for which HPFAR_EL2 is UNKNOWN, found by translating the VA in FAR_EL2
 * through stage 1 of the guest once more.
 *
 * <p>Source: Arm ARM, HPFAR_EL2, Hypervisor IPA Fault Address Register; "Address translation
 * instructions".
 */
final class FaultIpa {
  private static final long SCTLR_M = 1;
  private static final long HCR_DC = 1L << 12;
  private static final long HCR_TGE = 1L << 27;
  private static final long PAR_F = 1;
  private static final long PAR_PA = 0xf_ffff_ffff_f000L;
  private static final long OFFSET = 0xfff;

  private FaultIpa() {}

  /**
   * The IPA of a VA. The guest's EL1 registers are still loaded; PAR_EL1, which is the guest's, is
   * put back.
   *
   * @return empty if stage 1 no longer translates the VA: the guest has changed its tables, and
   *     will fault anew
   */
  static OptionalLong of(El2 el2, long va) {
    long hcr = el2.register("HCR_EL2");
    if ((el2.register("SCTLR_EL1") & SCTLR_M) == 0 || (hcr & HCR_DC) != 0) {
      return OptionalLong.of(va);
    }
    if ((hcr & HCR_TGE) != 0) {
      throw new IllegalStateException("with HCR_EL2.TGE set AT S1E1R does not mean the guest");
    }
    long par = el2.register("PAR_EL1");
    boolean completed = el2.atS1e1r(va);
    el2.isb();
    long answer = el2.register("PAR_EL1");
    el2.writeRegister("PAR_EL1", par);
    return completed && (answer & PAR_F) == 0
        ? OptionalLong.of((answer & PAR_PA) | (va & OFFSET))
        : OptionalLong.empty();
  }
}
