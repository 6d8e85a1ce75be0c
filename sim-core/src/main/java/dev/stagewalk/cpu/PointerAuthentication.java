package dev.stagewalk.cpu;

import dev.stagewalk.arch.Regime;

/**
 * Pointer authentication is not simulated: no profile has it, and its hints are NOPs. On a PE whose
 * identification registers claim it nevertheless, its trap to EL2 is still the architecture's.
 *
 * <p>Source: Arm ARM, HCR_EL2.API; ESR_EL2, exception with EC 0x09.
 */
final class PointerAuthentication {
  private static final long SCTLR_ENIA = 1L << 31;
  private static final long SCTLR_ENIB = 1L << 30;
  private static final long HCR_API = 1L << 41;

  private PointerAuthentication() {}

  /** Throws what a hint with an instruction key raises where that key is enabled. */
  static void check(Pe pe, boolean keyB) {
    if (!OptionalFeature.FEAT_PAuth.isIn(pe.system)) {
      return;
    }
    boolean ofEl2 = pe.memory().translator().controls().regime() != Regime.EL1_0;
    long sctlr = pe.system.get(ofEl2 ? SystemRegisters.SCTLR_EL2 : SystemRegisters.SCTLR_EL1);
    if ((sctlr & (keyB ? SCTLR_ENIB : SCTLR_ENIA)) == 0) {
      return;
    }
    if (!ofEl2 && !pe.system.hcr(HCR_API)) {
      throw pe.pending.other(2, ExceptionModel.EC_PAC, 0);
    }
    throw new Unsimulated("pointer authentication");
  }
}
