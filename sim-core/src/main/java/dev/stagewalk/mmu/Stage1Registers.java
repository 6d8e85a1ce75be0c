package dev.stagewalk.mmu;

import dev.stagewalk.arch.Regime;

/**
 * The registers that control stage 1 of a regime. For EL1&amp;0 those named _EL1, for EL2 and
 * EL2&amp;0 those named _EL2.
 *
 * @param regime whose they are
 * @param sctlr SCTLR_ELx
 * @param tcr TCR_ELx; for EL2 in the layout of a regime without EL0
 * @param ttbr0 TTBR0_ELx
 * @param ttbr1 TTBR1_ELx; not used by EL2
 * @param mair MAIR_ELx
 * @param hcr HCR_EL2
 */
public record Stage1Registers(
    Regime regime, long sctlr, long tcr, long ttbr0, long ttbr1, long mair, long hcr) {

  /** Whether the regime has EL0 in it, and with it two ranges of VAs. */
  public boolean hasEl0() {
    return regime != Regime.EL2;
  }

  /** "EL1" or "EL2": the suffix of the registers' names. */
  public String suffix() {
    return regime == Regime.EL1_0 ? "EL1" : "EL2";
  }
}
