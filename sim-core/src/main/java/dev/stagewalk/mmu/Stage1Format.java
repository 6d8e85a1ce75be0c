package dev.stagewalk.mmu;

/**
 * Where the fields of a stage-1 descriptor stand beside its address, which stands where {@link
 * Stage2Format} has it.
 *
 * <p>Source: Arm ARM, "VMSAv8-64 descriptor formats".
 */
final class Stage1Format {
  static final long EL0_ACCESS = 1L << 6;
  static final long READ_ONLY = 1L << 7;
  static final long ACCESS_FLAG = 1L << 10;
  static final long NOT_GLOBAL = 1L << 11;
  static final long DBM = 1L << 51;
  static final long CONTIGUOUS = 1L << 52;
  static final long PXN = 1L << 53;
  static final long UXN = 1L << 54;

  /** In table descriptors: limits on everything below. */
  static final long PXN_TABLE = 1L << 59;

  static final long UXN_TABLE = 1L << 60;
  static final long AP_TABLE_NO_EL0 = 1L << 61;
  static final long AP_TABLE_READ_ONLY = 1L << 62;

  static final long HIERARCHICAL = PXN_TABLE | UXN_TABLE | AP_TABLE_NO_EL0 | AP_TABLE_READ_ONLY;

  private Stage1Format() {}

  static int attrIndex(long leaf) {
    return (int) (leaf >>> 2) & 7;
  }

  static int sh(long leaf) {
    return (int) (leaf >>> 8) & 3;
  }
}
