package dev.stagewalk.cpu;

/**
 * Bits of PSTATE, in the layout of SPSR_EL2.
 *
 * <p>Source: Arm ARM, SPSR_EL2, Saved Program Status Register; "Process state, PSTATE".
 */
final class Pstate {
  static final long SP = 1L;
  static final long EL = 3L << 2;
  static final long DAIF = 0xfL << 6;

  /** Debug exceptions are masked at the level they go to. */
  static final long D = 1L << 9;

  static final int BTYPE_SHIFT = 10;
  static final long BTYPE = 3L << BTYPE_SHIFT;
  static final long SSBS = 1L << 12;
  static final long ALLINT = 1L << 13;
  static final long IL = 1L << 20;

  /** The instruction that is stepped has not been executed yet. */
  static final long SS = 1L << 21;

  static final long PAN = 1L << 22;
  static final long UAO = 1L << 23;
  static final long DIT = 1L << 24;
  static final long NZCV = 0xfL << 28;

  /** Bits an SPSR may set on every PE besides flags and mode. */
  static final long KEPT = DAIF | IL | SS;

  private Pstate() {}
}
