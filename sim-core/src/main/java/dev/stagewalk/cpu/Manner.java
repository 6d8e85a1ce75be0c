package dev.stagewalk.cpu;

/** How a load or store is made, besides its size: bits that go with it. */
final class Manner {
  /** With EL0's permissions, whatever the exception level (LDTR, STTR). */
  static final int UNPRIVILEGED = 1;

  /** The address must be aligned to its size (exclusives). */
  static final int ALIGNED = 2;

  /**
   * The address must be aligned to its size or, with FEAT_LSE2, lie within 16 aligned bytes
   * (acquire and release, atomics).
   */
  static final int WITHIN_16 = 4;

  /** With {@link #WITHIN_16}, SCTLR_ELx.nAA lets it lie anywhere (acquire and release). */
  static final int ANYWHERE_UNDER_NAA = 16;

  /** It is a part of a larger access that is not aligned to its own size. */
  static final int OF_UNALIGNED = 8;

  private Manner() {}
}
