package dev.stagewalk.mmu;

/**
 * What a PE offers to software that changes the size of a mapping in place (FEAT_BBM).
 *
 * <p>Source: Arm ARM, ID_AA64MMFR2_EL1, field BBM; "Support levels for changing table or block
 * size".
 */
public enum BbmSupport {
  /** A change of size needs break-before-make. */
  LEVEL_0("FEAT_BBM level 0"),
  /** It may go through a block with nT = 1 instead; the Contiguous bit may change in place. */
  LEVEL_1("FEAT_BBM level 1"),
  /** It may be done in place. */
  LEVEL_2("FEAT_BBM level 2");

  private final String words;

  BbmSupport(String words) {
    this.words = words;
  }

  /** "FEAT_BBM level 1". */
  public String words() {
    return words;
  }

  /** Reads ID_AA64MMFR2_EL1; a reserved value counts as the highest level. */
  public static BbmSupport of(long mmfr2) {
    int field = (int) (mmfr2 >>> 52) & 0xf;
    return values()[Math.min(field, values().length - 1)];
  }
}
