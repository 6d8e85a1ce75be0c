package dev.stagewalk.explain;

import dev.stagewalk.event.Access;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Range;

/**
 * Stage-1 descriptors as an operating system would write them.
 *
 * <p>Source: Arm ARM, "VMSAv8-64 descriptor formats"; "Stage 1 data accesses"; "Instruction
 * execution permissions".
 *
 * @param parameters the controls they are written for
 * @param range the range of VAs
 */
record Stage1Bits(Stage1Parameters parameters, Stage1Range range) {
  static final long VALID = 1;
  static final long TABLE_OR_PAGE = 1 << 1;
  static final long EL0_ACCESS = 1 << 6;
  static final long READ_ONLY = 1 << 7;
  static final long ACCESS_FLAG = 1 << 10;
  static final long PXN = 1L << 53;
  static final long UXN = 1L << 54;

  /** APTable, UXNTable and PXNTable: limits of a table on everything below it. */
  static final long LIMITS = 0xfL << 59;

  private static final long INNER_SHAREABLE = 3L << 8;
  private static final long ATTR_INDEX = 7L << 2;

  /** A block or page that allows what is wanted, accessed, of Normal memory if MAIR has it. */
  long leaf(long pa, int level, Access access) {
    long attributes = ACCESS_FLAG | (long) Math.max(0, normalIndex()) << 2;
    if (!range.ds()) {
      attributes |= INNER_SHAREABLE;
    }
    if (!parameters.hasEl0()) {
      attributes |= EL0_ACCESS; // AP[1] is RES1.
      attributes |= access.kind() == Access.Kind.FETCH ? READ_ONLY : UXN;
    } else if (access.kind() == Access.Kind.FETCH) {
      attributes |= READ_ONLY | (access.privileged() ? UXN : EL0_ACCESS | PXN);
    } else {
      attributes |= UXN | PXN | (access.privileged() ? 0 : EL0_ACCESS);
    }
    return LeafBits.address(range.format(), pa)
        | attributes
        | (level == 3 ? TABLE_OR_PAGE : 0)
        | VALID;
  }

  /** An entry that names the next table. */
  long table(long address) {
    return LeafBits.address(range.format(), address) | TABLE_OR_PAGE | VALID;
  }

  /** The AttrIndx of Normal memory in MAIR_ELx, Write-Back if there is one; −1 if there is none. */
  int normalIndex() {
    int found = -1;
    for (int i = 7; i >= 0; i--) {
      int attr = attribute(i);
      if ((attr & 0xf0) != 0 && (found < 0 || attribute(found) != 0xff)) {
        found = i;
      }
    }
    return found;
  }

  private int attribute(int index) {
    return (int) (parameters.registers().mair() >>> (8 * index)) & 0xff;
  }

  /** A leaf with another AttrIndx. */
  long withAttribute(long leaf, int index) {
    return leaf & ~ATTR_INDEX | (long) index << 2;
  }

  /** A descriptor whose address has no bits beyond the output size. */
  long withinOutputSize(long descriptor) {
    return LeafBits.within(range.format(), range.outputBits(), descriptor);
  }

  /**
   * First address of what an entry of a level maps around a VA, as far as an output can be.
   *
   * @param most bits an output may have beside those of the output size
   */
  long identity(long va, int level, int most) {
    int outputBits = Math.min(range.outputBits(), most);
    return va & -(1L << range.granule().levelShift(level)) & ((1L << outputBits) - 1);
  }

  /** Index that a VA has in a table of a level below the root. */
  int index(long va, int level) {
    return (int) (va >>> range.granule().levelShift(level)) & (range.granule().entries() - 1);
  }
}
