package dev.stagewalk.arch;

/**
 * A translation granule: the size of a page and of one translation table.
 *
 * <p>Source: Arm ARM, "Translation granules" (The AArch64 Virtual Memory System Architecture).
 */
public enum Granule {
  K4(12, "4K"),
  K16(14, "16K"),
  K64(16, "64K");

  private final int shift;
  private final String text;

  Granule(int shift, String text) {
    this.shift = shift;
    this.text = text;
  }

  /** log2 of the page size: 12, 14 or 16. */
  public int shift() {
    return shift;
  }

  /** Page and table size in bytes: 4096, 16384 or 65536. */
  public long bytes() {
    return 1L << shift;
  }

  /** Input address bits one level of lookup resolves: 9, 11 or 13. */
  public int bitsPerLevel() {
    return shift - 3;
  }

  /** Descriptors in one translation table: 512, 2048 or 8192. */
  public int entries() {
    return 1 << bitsPerLevel();
  }

  /**
   * Lowest input address bit that the index of a level of lookup uses; log2 of what one entry of
   * that level covers.
   *
   * @param level level of lookup, −1 to 3
   */
  public int levelShift(int level) {
    return shift + (3 - level) * bitsPerLevel();
  }

  /** The name people use: "4K", "16K", "64K". */
  public String text() {
    return text;
  }

  /**
   * The granule of a name such as {@code 4K}, {@code 16k}, {@code 64KiB}.
   *
   * @throws IllegalArgumentException if the text names none; the message lists the three
   */
  public static Granule parse(String text) {
    for (Granule granule : values()) {
      if (granule.text.equalsIgnoreCase(text) || (granule.text + "iB").equalsIgnoreCase(text)) {
        return granule;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a translation granule: choose 4K, 16K or 64K");
  }
}
