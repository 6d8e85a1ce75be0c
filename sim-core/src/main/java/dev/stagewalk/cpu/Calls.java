package dev.stagewalk.cpu;

/**
 * The instructions that call another exception level.
 *
 * <p>Source: Arm ARM, "Exception-generating instructions"; HCR_EL2.HCD, HCR_EL2.TSC, MDCR_EL2.TDE.
 */
final class Calls {
  private Calls() {}

  /** SVC: the exception to be thrown. */
  static RuntimeException supervisor(Pe pe, int immediate) {
    int target = pe.exceptions().targetOfOwnExceptions();
    return pe.pending.call(target, ExceptionModel.EC_SVC64, immediate);
  }

  /** HVC: the exception to be thrown. */
  static RuntimeException hypervisor(Pe pe, int immediate) {
    if (pe.el() == 0 || pe.system.hcr(SystemRegisters.HCR_HCD)) {
      return pe.undefined();
    }
    return pe.pending.call(2, ExceptionModel.EC_HVC64, immediate);
  }

  /**
   * SMC: trapped to EL2 by HCR_EL2.TSC, otherwise a call of the firmware; UNDEFINED where it is
   * none, because there is no EL3.
   */
  static void secureMonitor(Pe pe, int immediate) {
    if (pe.el() == 1 && pe.system.hcr(SystemRegisters.HCR_TSC)) {
      throw pe.pending.other(2, ExceptionModel.EC_SMC64, immediate);
    }
    if (pe.el() == 0 || !pe.wiring().surroundings().secureMonitorCall(pe)) {
      throw pe.undefined();
    }
  }

  /** BRK: the exception to be thrown; MDCR_EL2.TDE routes it to EL2. */
  static RuntimeException breakpoint(Pe pe, int immediate) {
    boolean routed =
        pe.el() < 2 && (pe.system.get(SystemRegisters.MDCR_EL2) & SystemRegisters.MDCR_TDE) != 0;
    int target = routed ? 2 : pe.exceptions().targetOfOwnExceptions();
    return pe.pending.other(target, ExceptionModel.EC_BRK64, immediate);
  }
}
