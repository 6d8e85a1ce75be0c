package dev.stagewalk.mmu;

/**
 * Something wrong with the translation controls of a PE.
 *
 * @param kind which rule is broken
 * @param sentence what is wrong, with the numbers of this case
 * @param source the section of the Arm ARM that holds the rule
 * @param effect what the walker does about it
 */
public record Problem(Kind kind, String sentence, String source, Effect effect) {

  /** The rules that can be broken. */
  public enum Kind {
    GRANULE_RESERVED,
    GRANULE_NOT_SUPPORTED,
    T0SZ_TOO_SMALL,
    T0SZ_TOO_LARGE,
    START_LEVEL_RESERVED,
    START_LEVEL_NEEDS_SMALL_TABLES,
    START_LEVEL_NEEDS_WIDER_PA,
    START_LEVEL_HAS_NOTHING_TO_RESOLVE,
    START_LEVEL_NEEDS_MORE_THAN_16_TABLES,
    ROOT_BEYOND_OUTPUT_SIZE,
    ROOT_MISALIGNED,
    OUTPUT_SIZE_RESERVED,
    OUTPUT_SIZE_WIDER_THAN_IMPLEMENTED,
    RES1_CLEAR,
    DS_NOT_IMPLEMENTED,
    SL2_IGNORED,
    VMID_16_NOT_IMPLEMENTED,
    VMID_BITS_IGNORED,
    ASID_16_NOT_IMPLEMENTED,
    HIERARCHICAL_DISABLE_NOT_IMPLEMENTED,
    E0PD_NOT_IMPLEMENTED,
    EPAN_NOT_IMPLEMENTED,
    BIG_ENDIAN_NOT_SIMULATED,
    HARDWARE_UPDATE_NOT_IMPLEMENTED,
    DIRTY_STATE_WITHOUT_ACCESS_FLAG
  }

  /** What follows for translations. */
  public enum Effect {
    /** Every translation ends in a Translation fault at level 0. */
    TRANSLATION_FAULT,
    /** Every translation ends in an Address size fault at level 0. */
    ADDRESS_SIZE_FAULT,
    /** The walker goes on, with the value the sentence names. */
    WALK_GOES_ON
  }

  /** The sentence and where the rule stands. */
  public String text() {
    return sentence + " (Arm ARM, " + source + ")";
  }
}
