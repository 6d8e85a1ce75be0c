package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Stage2Format;
import dev.stagewalk.mmu.Stage2Parameters;

/**
 * Stage-2 descriptors as a hypervisor would write them.
 *
 * <p>Source: Arm ARM, "VMSAv8-64 descriptor formats".
 *
 * @param parameters the controls they are written for
 */
record LeafBits(Stage2Parameters parameters) {
  static final long VALID = 1;
  static final long TABLE_OR_PAGE = 1 << 1;
  static final long S2AP_READ = 1 << 6;
  static final long S2AP_WRITE = 1 << 7;
  static final long ACCESS_FLAG = 1 << 10;
  static final long XN_FIELD = 3L << 53;

  private static final long HCR_PTW = 1L << 2;
  private static final long MEM_ATTR = 0xfL << 2;
  private static final long XN = 1L << 54;
  private static final long INNER_SHAREABLE = 3L << 8;
  private static final long WRITE_BACK = 0xfL << 2;
  private static final long WRITE_BACK_FORCED = 6L << 2;

  /**
   * A block or page, Normal Write-Back, accessed: for a fetch readable and executable, otherwise
   * read-write and not executable.
   *
   * @param pa a multiple of what the entry maps
   */
  long leaf(long pa, int level, Access access) {
    long attributes = ACCESS_FLAG | (parameters.fwb() ? WRITE_BACK_FORCED : WRITE_BACK);
    if (!parameters.ds()) {
      attributes |= INNER_SHAREABLE;
    }
    attributes |= access.kind() == Access.Kind.FETCH ? S2AP_READ : S2AP_READ | S2AP_WRITE | XN;
    return address(pa) | attributes | (level == 3 ? TABLE_OR_PAGE : 0) | VALID;
  }

  /** What {@link #leaf} grants, in words. */
  static String granted(Access access) {
    return access.kind() == Access.Kind.FETCH ? "read-only and executable" : "read-write";
  }

  /** An entry that names the next table. */
  long table(long pa) {
    return address(pa) | TABLE_OR_PAGE | VALID;
  }

  private long address(long pa) {
    return address(parameters.format(), pa);
  }

  /** An output or table address where descriptors of a format have it. */
  static long address(Stage2Format format, long pa) {
    if (format.ds()) {
      return (pa & 0x3_ffff_ffff_f000L) | (pa >>> 42 & 0x300);
    }
    return (pa & 0xffff_ffff_f000L) | (format.wide64K() ? pa >>> 36 & 0xf000 : 0);
  }

  /** A leaf with its memory type made Normal Write-Back. */
  long asNormal(long leaf) {
    return leaf & ~MEM_ATTR | (parameters.fwb() ? WRITE_BACK_FORCED : WRITE_BACK);
  }

  /** What MemAttr then holds. */
  String normalWords() {
    return parameters.fwb() ? "0b0110" : "0b1111";
  }

  /**
   * Whether a fault is one of HCR_EL2.PTW: stage 1 may not walk tables in Device memory, although
   * the leaf allows the read.
   */
  boolean walkFromDevice(long leaf, Access wanted, Translation.Fault fault) {
    return fault.kind() == FaultKind.PERMISSION
        && fault.onStage1Walk()
        && wanted.kind() == Access.Kind.READ
        && (parameters.hcr() & HCR_PTW) != 0
        && (leaf & S2AP_READ) != 0;
  }

  /** A descriptor whose address has no bits beyond the output size. */
  long withinOutputSize(long descriptor) {
    return within(parameters.format(), parameters.outputBits(), descriptor);
  }

  /** A descriptor of a format whose address has no bits from an output size up. */
  static long within(Stage2Format format, int outputBits, long descriptor) {
    long beyond = outputBits >= 52 ? 0 : 0xf_ffff_ffff_ffffL >>> outputBits << outputBits;
    return descriptor & ~address(format, beyond);
  }

  /** First address of what an entry of a level maps around an IPA, as far as an output can be. */
  long identity(long ipa, int level) {
    long base = ipa & -(1L << parameters.granule().levelShift(level));
    return base & ((1L << parameters.outputBits()) - 1);
  }

  /** Index that an IPA has in a table of a level below the root. */
  int index(long ipa, int level) {
    return (int) (ipa >>> parameters.granule().levelShift(level))
        & (parameters.granule().entries() - 1);
  }
}
