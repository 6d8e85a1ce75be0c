package dev.stagewalk.event;

/**
 * Memory type, cacheability with its allocation hints, and shareability of an address.
 *
 * <p>Source: Arm ARM, MAIR_EL1, Memory Attribute Indirection Register; "Memory types and
 * attributes".
 *
 * @param attr as an Attr field of MAIR_EL1 and ATTR of PAR_EL1 hold it: Outer in bits 7:4, Inner in
 *     bits 3:0, or a Device type
 * @param shareability as SH holds it: 0 Non-shareable, 2 Outer Shareable, 3 Inner Shareable
 */
public record MemoryAttributes(int attr, int shareability) {
  public static final int NON_SHAREABLE = 0;
  public static final int OUTER_SHAREABLE = 2;
  public static final int INNER_SHAREABLE = 3;

  /** Normal Write-Back, Read- and Write-Allocate. */
  public static final int WRITE_BACK = 0xff;

  public static final int NON_CACHEABLE = 0x44;

  /** What data is while stage 1 is off: Device-nGnRnE. */
  public static final MemoryAttributes STRONGEST = new MemoryAttributes(0, OUTER_SHAREABLE);

  /** Whether this is a Device type. */
  public boolean isDevice() {
    return (attr & 0xf0) == 0;
  }

  /** Outer cacheability: the upper half of {@link #attr}; meaningless for Device. */
  public int outer() {
    return attr >>> 4 & 0xf;
  }

  /** Inner cacheability: the lower half of {@link #attr}; meaningless for Device. */
  public int inner() {
    return attr & 0xf;
  }

  /** The memory type, without hints. */
  public MemoryType type() {
    if (isDevice()) {
      return MemoryType.values()[attr >>> 2 & 3];
    }
    MemoryType outer = cacheability(outer());
    return outer == cacheability(inner()) ? outer : MemoryType.NORMAL_MIXED;
  }

  /** What a half of an Attr field says, hints aside. */
  private static MemoryType cacheability(int half) {
    if (half == 4) {
      return MemoryType.NORMAL_NC;
    }
    return (half & 4) != 0 ? MemoryType.NORMAL_WB : MemoryType.NORMAL_WT;
  }

  /** "Normal Write-Back, Inner Shareable". */
  public String words() {
    String share =
        switch (shareability) {
          case NON_SHAREABLE -> "Non-shareable";
          case OUTER_SHAREABLE -> "Outer Shareable";
          case INNER_SHAREABLE -> "Inner Shareable";
          default -> "reserved SH";
        };
    return type().words() + ", " + share;
  }
}
