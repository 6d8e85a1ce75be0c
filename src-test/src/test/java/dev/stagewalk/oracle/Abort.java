package dev.stagewalk.oracle;

/** A fault on its way out of the rules. */
final class Abort extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Fault status codes without their level. */
  enum Status {
    ADDRESS_SIZE,
    TRANSLATION,
    ACCESS_FLAG,
    PERMISSION,
    EXTERNAL_ON_WALK,
    ALIGNMENT
  }

  /**
   * @param status why
   * @param level level of lookup; 0 for an Alignment fault
   * @param secondStage stage 2 refused
   * @param s2fs1walk on the walk of stage 1
   * @param ipa the address stage 2 refused; 0 for stage 1
   * @param write WnR of an ordinary access
   */
  record Fault(
      Status status, int level, boolean secondStage, boolean s2fs1walk, long ipa, boolean write) {}

  private final transient Fault fault;

  Abort(Fault fault) {
    super(fault.toString(), null, false, false);
    this.fault = fault;
  }

  Fault fault() {
    return fault;
  }
}
