package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Lookup.Verdict;

/**
 * How a VMSAv8-64 stage-2 descriptor of one granule is read: which kind it is at a level, and which
 * address it holds.
 *
 * <p>Source: Arm ARM, "VMSAv8-64 descriptor formats".
 *
 * @param granule translation granule
 * @param ds FEAT_LPA2 in use (VTCR_EL2.DS): bits 9:8 hold address bits 51:50
 * @param wide64K FEAT_LPA with the 64K granule: bits 15:12 hold address bits 51:48
 */
public record Stage2Format(Granule granule, boolean ds, boolean wide64K) {
  static final long VALID = 1;
  static final long TABLE_OR_PAGE = 1 << 1;
  static final long S2AP_READ = 1 << 6;
  static final long S2AP_WRITE = 1 << 7;
  static final long ACCESS_FLAG = 1 << 10;
  static final long DBM = 1L << 51;
  static final long CONTIGUOUS = 1L << 52;
  static final long XN0 = 1L << 53;
  static final long XN1 = 1L << 54;

  private static final long LOW_48 = 0xffff_ffff_ffffL;

  /** {@link Verdict#TABLE}, BLOCK, PAGE or INVALID: what the low bits say at a level. */
  public Verdict kind(long descriptor, int level) {
    if ((descriptor & VALID) == 0) {
      return Verdict.INVALID;
    }
    boolean second = (descriptor & TABLE_OR_PAGE) != 0;
    if (level == 3) {
      return second ? Verdict.PAGE : Verdict.INVALID;
    }
    return second ? Verdict.TABLE : blockAllowed(level) ? Verdict.BLOCK : Verdict.INVALID;
  }

  /** Whether a leaf may stand at a level above 3. */
  public boolean blockAllowed(int level) {
    return switch (level) {
      case 2 -> true;
      case 1 -> granule == Granule.K4 || (granule == Granule.K16 ? ds : wide64K);
      case 0 -> granule == Granule.K4 && ds;
      default -> false;
    };
  }

  /** Address of the next-level table a table descriptor names. */
  public long tableAddress(long descriptor) {
    return (descriptor & LOW_48 & -granule.bytes()) | highAddress(descriptor);
  }

  /** Output address of a leaf, without the offset. */
  public long leafAddress(long descriptor, int level) {
    return (descriptor & LOW_48 & -(1L << granule.levelShift(level))) | highAddress(descriptor);
  }

  /** The address that a descriptor of this kind holds at a level. */
  long address(int level, long descriptor, Verdict kind) {
    return kind == Verdict.TABLE ? tableAddress(descriptor) : leafAddress(descriptor, level);
  }

  private long highAddress(long descriptor) {
    if (ds) {
      return (descriptor & 0x3_0000_0000_0000L) | (descriptor & 0x300) << 42;
    }
    return wide64K ? (descriptor & 0xf000) << 36 : 0;
  }

  /** Entries that a run of contiguous descriptors of a level has; 1 where the bit means nothing. */
  public int contiguousEntries(int level) {
    return switch (granule) {
      case K4 -> level >= 1 ? 16 : 1;
      case K16 -> level == 3 ? 128 : level == 2 ? 32 : 1;
      case K64 -> level >= 2 ? 32 : 1;
    };
  }
}
