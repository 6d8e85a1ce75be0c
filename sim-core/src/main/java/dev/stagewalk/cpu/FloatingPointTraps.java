package dev.stagewalk.cpu;

/**
 * Whether SIMD and floating-point may be used: CPACR_EL1, then CPTR_EL2 in the layout that
 * HCR_EL2.E2H gives it.
 *
 * <p>Source: Arm ARM, "Traps to EL1 of EL0 and EL1 accesses to SIMD and floating-point
 * functionality", "General trapping to EL2 of accesses to SIMD and floating-point functionality";
 * ESR_EL2, ISS of an exception with EC 0x07.
 */
final class FloatingPointTraps {
  private static final int CPACR_EL1 = SystemRegisters.index("CPACR_EL1");
  private static final int CPTR_EL2 = SystemRegisters.index("CPTR_EL2");
  private static final int FPEN_SHIFT = 20;
  private static final long CPTR_TFP = 1L << 10;

  /** CV = 1, COND = 0b1110. */
  private static final int ISS = 1 << 24 | 0xe << 20;

  private FloatingPointTraps() {}

  /** Throws what an instruction of this class raises where it is trapped. */
  static void check(Pe pe) {
    int el = pe.el();
    boolean e2h = pe.system.hcr(SystemRegisters.HCR_E2H);
    boolean tge = pe.system.hcr(SystemRegisters.HCR_TGE);
    if (el < 2 && !(el == 0 && e2h && tge)) {
      int fpen = (int) (pe.system.get(CPACR_EL1) >>> FPEN_SHIFT) & 3;
      if (fpen != 3 && (fpen != 1 || el == 0)) {
        // Routed by TGE it is reported as an exception with an unknown reason.
        throw tge
            ? pe.pending.other(2, ExceptionModel.EC_UNKNOWN, 0)
            : pe.pending.other(1, ExceptionModel.EC_FP, ISS);
      }
    }
    long cptr = pe.system.get(CPTR_EL2);
    boolean trapped;
    if (e2h) {
      int fpen = (int) (cptr >>> FPEN_SHIFT) & 3;
      trapped = fpen == 1 ? el == 0 && tge : fpen != 3;
    } else {
      trapped = (cptr & CPTR_TFP) != 0;
    }
    if (trapped) {
      throw pe.pending.other(2, ExceptionModel.EC_FP, ISS);
    }
  }
}
