package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a PE's MMU implements, as far as only stage-1 translation depends on it. Top-byte-ignore for
 * data alone (TBID) belongs to pointer authentication, which is not simulated, and counts as
 * absent.
 *
 * <p>Source: Arm ARM, ID_AA64MMFR0_EL1, ID_AA64MMFR1_EL1 and ID_AA64MMFR2_EL1, AArch64 Memory Model
 * Feature Registers.
 *
 * @param granules granules stage 1 supports
 * @param lpa2 granules for which FEAT_LPA2 gives stage 1 52-bit addresses (4K and 16K at most)
 * @param wideVa FEAT_LVA: VAs of 52 bits with the 64K granule
 * @param asid16 TCR_ELx.AS chooses 16-bit ASIDs
 * @param hierarchicalDisable FEAT_HPDS: TCR_ELx.HPDn
 * @param pan FEAT_PAN
 * @param epan FEAT_PAN3: SCTLR_ELx.EPAN
 * @param e0pd FEAT_E0PD: TCR_ELx.E0PDn
 */
public record Stage1Features(
    Set<Granule> granules,
    Set<Granule> lpa2,
    boolean wideVa,
    boolean asid16,
    boolean hierarchicalDisable,
    boolean pan,
    boolean epan,
    boolean e0pd) {

  /** Everything this model knows. */
  public static final Stage1Features MAX =
      new Stage1Features(
          EnumSet.allOf(Granule.class),
          EnumSet.of(Granule.K4, Granule.K16),
          true,
          true,
          true,
          true,
          true,
          true);

  /**
   * @throws IllegalArgumentException if the sets name something no PE has
   */
  public Stage1Features {
    granules = Set.copyOf(granules);
    lpa2 = Set.copyOf(lpa2);
    if (granules.isEmpty()) {
      throw new IllegalArgumentException("a PE supports at least one granule at stage 1");
    }
    if (lpa2.contains(Granule.K64) || !granules.containsAll(lpa2)) {
      throw new IllegalArgumentException(
          "FEAT_LPA2 belongs to the 4K and 16K granules, where they are supported: " + lpa2);
    }
  }

  /** Reads the three feature registers of a PE. */
  public static Stage1Features of(long mmfr0, long mmfr1, long mmfr2) {
    EnumSet<Granule> granules = EnumSet.noneOf(Granule.class);
    EnumSet<Granule> lpa2 = EnumSet.noneOf(Granule.class);
    int k4 = field(mmfr0, 28);
    if (k4 != 15) {
      granules.add(Granule.K4);
    }
    if (k4 == 1) {
      lpa2.add(Granule.K4);
    }
    int k16 = field(mmfr0, 20);
    if (k16 != 0) {
      granules.add(Granule.K16);
    }
    if (k16 == 2) {
      lpa2.add(Granule.K16);
    }
    if (field(mmfr0, 24) != 15) {
      granules.add(Granule.K64);
    }
    int pan = field(mmfr1, 20);
    return new Stage1Features(
        granules,
        lpa2,
        field(mmfr2, 16) >= 1,
        field(mmfr0, 4) >= 2,
        field(mmfr1, 12) >= 1,
        pan >= 1,
        pan >= 3,
        field(mmfr2, 60) >= 1);
  }

  private static int field(long register, int low) {
    return (int) (register >>> low) & 0xf;
  }
}
