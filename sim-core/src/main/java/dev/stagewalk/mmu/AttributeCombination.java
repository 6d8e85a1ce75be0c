package dev.stagewalk.mmu;

import dev.stagewalk.event.MemoryAttributes;

/**
 * How the memory attributes of the two stages make one.
 *
 * <p>Source: Arm ARM, "Combining stage 1 and stage 2 memory type attributes", "… Cacheability
 * attributes", "… Shareability attributes"; "Stage 2 memory type and Cacheability attributes when
 * FEAT_S2FWB is enabled".
 */
final class AttributeCombination {
  private static final int HALF_NON_CACHEABLE = 4;

  private AttributeCombination() {}

  /**
   * @param first of stage 1
   * @param memAttr MemAttr of the stage-2 leaf
   * @param sh SH of the stage-2 leaf, or of VTCR_EL2
   * @param fetch for an instruction: Device memory then counts as Normal Non-cacheable
   * @param cacheDisabled HCR_EL2.CD, or ID for a fetch: stage 2 lets nothing be cached
   */
  static MemoryAttributes combine(
      MemoryAttributes first,
      int memAttr,
      int sh,
      boolean fwb,
      boolean fetch,
      boolean cacheDisabled) {
    int attr = fwb ? forced(first, memAttr & 7) : ordinary(first.attr(), memAttr);
    boolean device = (attr & 0xf0) == 0;
    if (device ? fetch : cacheDisabled) {
      attr = MemoryAttributes.NON_CACHEABLE;
    }
    return effective(attr, shareability(first.shareability(), sh));
  }

  /** Device and Non-cacheable memory is Outer Shareable, whatever SH says. */
  static MemoryAttributes effective(int attr, int sh) {
    boolean outermost = (attr & 0xf0) == 0 || attr == MemoryAttributes.NON_CACHEABLE;
    return new MemoryAttributes(attr, outermost ? MemoryAttributes.OUTER_SHAREABLE : sh);
  }

  private static int ordinary(int first, int memAttr) {
    boolean firstDevice = (first & 0xf0) == 0;
    if (memAttr >>> 2 == 0) {
      int device = memAttr << 2;
      return firstDevice ? Math.min(first, device) : device;
    }
    if (firstDevice) {
      return first;
    }
    return half(first >>> 4, memAttr >>> 2) << 4 | half(first & 0xf, memAttr & 3);
  }

  /**
   * Cacheability of Inner or Outer: the weaker of both, with the allocation hints of stage 1.
   *
   * @param first as MAIR_EL1 holds it
   * @param second as MemAttr holds it: 1 Non-cacheable, 2 Write-Through, 3 Write-Back
   */
  private static int half(int first, int second) {
    if (first == HALF_NON_CACHEABLE || second <= 1) {
      return HALF_NON_CACHEABLE;
    }
    return second == 2 ? first & ~4 : first;
  }

  private static int forced(MemoryAttributes first, int memAttr) {
    return switch (memAttr) {
      case 0, 1, 2, 3 -> {
        int device = memAttr << 2;
        yield first.isDevice() ? Math.min(first.attr(), device) : device;
      }
      case 7 -> first.attr();
      case 6 ->
          first.isDevice()
              ? MemoryAttributes.WRITE_BACK
              : writeBack(first.outer()) << 4 | writeBack(first.inner());
      default -> first.isDevice() ? first.attr() : MemoryAttributes.NON_CACHEABLE;
    };
  }

  /** Write-Back with the hints of stage 1, or with all of them where stage 1 gives none. */
  private static int writeBack(int half) {
    return half == HALF_NON_CACHEABLE ? 0xf : half | 4;
  }

  private static int shareability(int first, int second) {
    if (first == MemoryAttributes.OUTER_SHAREABLE || second == MemoryAttributes.OUTER_SHAREABLE) {
      return MemoryAttributes.OUTER_SHAREABLE;
    }
    return first == MemoryAttributes.INNER_SHAREABLE || second == MemoryAttributes.INNER_SHAREABLE
        ? MemoryAttributes.INNER_SHAREABLE
        : MemoryAttributes.NON_SHAREABLE;
  }
}
