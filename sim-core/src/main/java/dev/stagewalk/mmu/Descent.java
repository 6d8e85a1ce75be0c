package dev.stagewalk.mmu;

/**
 * How a walk goes down the tables of one stage, worked out once for its controls: which input
 * address bits are the index at each level, and which table comes next. Almost all lookups find a
 * table, so this is what the time of a walk goes into.
 *
 * <p>Source: Arm ARM, "Translation process".
 */
final class Descent {
  private static final int LEVELS = 5;

  private final int[] low = new int[LEVELS];
  private final int[] mask = new int[LEVELS];
  private final Stage2Format format;
  private final int outputBits;

  /**
   * @param startLevel initial level of lookup, −1 to 3
   * @param inputBits size of an input address in bits
   * @param outputBits size of an output address in bits
   */
  Descent(Stage2Format format, int startLevel, int inputBits, int outputBits) {
    for (int level = startLevel; level <= 3; level++) {
      int shift = format.granule().levelShift(level);
      int high = (level == startLevel ? inputBits : format.granule().levelShift(level - 1)) - 1;
      low[level + 1] = shift;
      mask[level + 1] = (2 << (high - shift)) - 1;
    }
    this.format = format;
    this.outputBits = outputBits;
  }

  /** Index of an input address in the table of a level. */
  int index(long input, int level) {
    return (int) (input >>> low[level + 1]) & mask[level + 1];
  }

  /** Lowest input address bit of the index at a level. */
  int low(int level) {
    return low[level + 1];
  }

  /** Highest input address bit of the index at a level. */
  int high(int level) {
    return low[level + 1] + 31 - Integer.numberOfLeadingZeros(mask[level + 1]);
  }

  /** Whether a descriptor names a table of the next level. */
  static boolean isTable(long descriptor, int level) {
    long both = Stage2Format.VALID | Stage2Format.TABLE_OR_PAGE;
    return (descriptor & both) == both && level < 3;
  }

  /** Address of the table that a descriptor names. */
  long table(long descriptor) {
    return format.tableAddress(descriptor);
  }

  /** Whether an address fits the output size. */
  boolean fits(long address) {
    return address >>> outputBits == 0;
  }
}
