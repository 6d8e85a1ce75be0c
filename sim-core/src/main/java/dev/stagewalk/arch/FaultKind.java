package dev.stagewalk.arch;

/**
 * Why an access was refused by the MMU.
 *
 * <p>Source: Arm ARM, ESR_EL2, "ISS encoding for an exception from a Data Abort", field DFSC.
 */
public enum FaultKind {
  ADDRESS_SIZE("Address size fault", 0b000000, 0b101001),
  TRANSLATION("Translation fault", 0b000100, 0b101011),
  ACCESS_FLAG("Access flag fault", 0b001000, -1),
  PERMISSION("Permission fault", 0b001100, -1),
  EXTERNAL("Synchronous External abort", 0b010000, -1),
  EXTERNAL_ON_WALK("Synchronous External abort on translation table walk", 0b010100, 0b010011),
  ALIGNMENT("Alignment fault", 0b100001, -1),
  TLB_CONFLICT("TLB conflict abort", 0b110000, -1),
  UNSUPPORTED_EXCLUSIVE("Unsupported Exclusive or Atomic access", 0b110101, -1);

  private final String words;
  private final int statusCode;
  private final int statusCodeAtMinusOne;

  FaultKind(String words, int statusCode, int statusCodeAtMinusOne) {
    this.words = words;
    this.statusCode = statusCode;
    this.statusCodeAtMinusOne = statusCodeAtMinusOne;
  }

  /** The Arm ARM's name: "Translation fault". */
  public String words() {
    return words;
  }

  /** Whether the fault status code carries a level of lookup. */
  public boolean hasLevel() {
    return switch (this) {
      case ADDRESS_SIZE, TRANSLATION, ACCESS_FLAG, PERMISSION, EXTERNAL_ON_WALK -> true;
      case EXTERNAL, ALIGNMENT, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE -> false;
    };
  }

  /**
   * The 6-bit fault status code (DFSC, IFSC, PAR_EL1.FST).
   *
   * @param level level of lookup, −1 to 3; ignored where the code carries none
   */
  public int statusCode(int level) {
    if (!hasLevel()) {
      return statusCode;
    }
    return level < 0 && statusCodeAtMinusOne >= 0 ? statusCodeAtMinusOne : statusCode | level;
  }

  /** "Translation fault, level 3". */
  public String at(int level) {
    return hasLevel() ? words + ", level " + level : words;
  }
}
