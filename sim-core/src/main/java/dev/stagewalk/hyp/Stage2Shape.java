package dev.stagewalk.hyp;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.cpu.El2;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Geometry;
import java.util.Optional;

/**
 * The geometry of one stage 2, decided at init.
 *
 * @param ipaBits IPA size in bits
 * @param rootLevel initial lookup level
 * @param rootTablesLog2 log2 of the number of concatenated tables that were allocated for it
 * @param blocks whether blocks may be used
 * @param vtcr value for VTCR_EL2
 */
record Stage2Shape(
    Granule granule, int ipaBits, int rootLevel, int rootTablesLog2, boolean blocks, long vtcr) {
  private static final int[] PA_BITS_OF_PS = {32, 36, 40, 42, 44, 48};

  private static final long VTCR_RES1 = 1L << 31;
  private static final long VTCR_VS = 1L << 19;
  private static final long VTCR_HA = 1L << 21;
  private static final long VTCR_HD = 1L << 22;
  private static final long VTCR_SH0_INNER = 3L << 12;
  private static final long VTCR_ORGN0_WRITE_BACK = 1L << 10;
  private static final long VTCR_IRGN0_WRITE_BACK = 1L << 8;

  /** PS for 48 bits: what descriptors without 52-bit addresses can hold. */
  private static final int PS_48 = 5;

  private static final int PS_40 = 2;

  /**
   * The geometry for an IPA size on the machine at hand.
   *
   * @throws IllegalArgumentException with the reason why there is none
   */
  static Stage2Shape of(El2 el2, Defects defects, Granule granule, int ipaBits, boolean blocks) {
    if (ipaBits > 48) {
      throw new IllegalArgumentException(
          "an IPA size of "
              + ipaBits
              + " bits needs descriptors with 52-bit addresses, which the library does not write");
    }
    Features features = features(el2);
    int paBits = features.paBits();
    boolean looks = !defects.has(Defect.PS_HARD_WIRED);
    Optional<String> illegal =
        looks ? Geometry.whyNot(granule, ipaBits, features) : Optional.empty();
    if (illegal.isPresent()) {
      throw new IllegalArgumentException(illegal.get());
    }
    int root =
        defects.has(Defect.START_LEVEL_NEEDS_WIDER_PA)
            ? postedStartLevel(granule, ipaBits)
            : Geometry.choose(granule, ipaBits, looks ? features : features.withPaBits(48))
                .startLevel();
    int concatenated = Math.max(0, ipaBits - granule.levelShift(root - 1));
    long vtcr =
        (long) ps(defects, ipaBits, paBits) << 16
            | granuleField(granule) << 14
            | VTCR_SH0_INNER
            | VTCR_ORGN0_WRITE_BACK
            | VTCR_IRGN0_WRITE_BACK
            | (granule == Granule.K4 ? 2L - root : 3L - root) << 6
            | 64L - ipaBits;
    if (!defects.has(Defect.VTCR_RES1)) {
      vtcr |= VTCR_RES1;
    }
    if (!defects.has(Defect.VMID_OVER_8BIT) && features.vmid16()) {
      vtcr |= VTCR_VS;
    }
    return new Stage2Shape(
        granule,
        ipaBits,
        root,
        defects.has(Defect.ONE_ROOT_TABLE) ? 0 : concatenated,
        blocks,
        vtcr);
  }

  /** 8, or 16 with FEAT_VMID16. */
  static int vmidBits(El2 el2) {
    return features(el2).vmid16() ? 16 : 8;
  }

  /**
   * VTCR_EL2 with the hardware updates of descriptors that are asked for, and no others.
   *
   * @throws IllegalArgumentException if the PE has not these (FEAT_HAFDBS)
   */
  long vtcrWith(El2 el2, boolean accessFlag, boolean dirtyState) {
    Features.HardwareUpdates offered = features(el2).hardwareUpdates();
    if (dirtyState && offered != Features.HardwareUpdates.ACCESS_FLAG_AND_DIRTY_STATE) {
      throw new IllegalArgumentException(
          "this PE has no hardware management of dirty state (FEAT_HAFDBS)");
    }
    if (accessFlag && offered == Features.HardwareUpdates.NONE) {
      throw new IllegalArgumentException(
          "this PE has no hardware management of the Access flag (FEAT_HAFDBS)");
    }
    if (dirtyState && !accessFlag) {
      throw new IllegalArgumentException(
          "VTCR_EL2.HD means nothing without HA: dirty state needs the Access flag too");
    }
    return vtcr & ~(VTCR_HA | VTCR_HD) | (accessFlag ? VTCR_HA : 0) | (dirtyState ? VTCR_HD : 0);
  }

  /** Whether a write makes a page with DBM writable instead of a fault. */
  boolean hardwareDirtyState() {
    return (vtcr & VTCR_HA) != 0 && (vtcr & VTCR_HD) != 0;
  }

  private static Features features(El2 el2) {
    return Features.of(
        el2.register("ID_AA64MMFR0_EL1"),
        el2.register("ID_AA64MMFR1_EL1"),
        el2.register("ID_AA64MMFR2_EL1"));
  }

  private static int postedStartLevel(Granule granule, int ipaBits) {
    return switch (granule) {
      case K4 -> ipaBits > 39 ? 0 : 1;
      case K16 -> ipaBits > 36 ? 1 : 2;
      case K64 -> ipaBits > 42 ? 1 : 2;
    };
  }

  private static int ps(Defects defects, int ipaBits, int paBits) {
    Defect posted = ipaBits > 40 ? Defect.PS_HARD_WIRED : Defect.PA_OVER_PS;
    if (defects.has(posted)) {
      return ipaBits > 40 ? PS_48 : PS_40;
    }
    int ps = PS_48;
    while (PA_BITS_OF_PS[ps] > paBits) {
      ps--;
    }
    return ps;
  }

  private static long granuleField(Granule granule) {
    return switch (granule) {
      case K4 -> 0;
      case K16 -> 2;
      case K64 -> 1;
    };
  }

  /** log2 of what one entry of a level covers. */
  int shift(int level) {
    return granule.levelShift(level);
  }

  /** Bytes of the whole root: all concatenated tables. */
  long rootBytes() {
    return granule.bytes() << rootTablesLog2;
  }

  /** Entries of a table of this level: more than one table's for a concatenated root. */
  int entries(int level) {
    return level == rootLevel ? granule.entries() << rootTablesLog2 : granule.entries();
  }

  /** log2 of the input addresses that the root indexes. */
  int rootReach() {
    return shift(rootLevel - 1) + rootTablesLog2;
  }

  /** Output address bits by VTCR_EL2.PS. */
  int outputBits() {
    return PA_BITS_OF_PS[(int) (vtcr >>> 16) & 7];
  }

  /** Descriptor bits that hold an address: 47 down to the granule. */
  long addressMask() {
    return (1L << 48) - granule.bytes();
  }

  /**
   * Whether a block may stand at a level.
   *
   * <p>Source: Arm ARM, "Block descriptor and Page descriptor formats".
   */
  boolean blockLevel(int level) {
    return level == 2 || level == 1 && granule == Granule.K4;
  }
}
