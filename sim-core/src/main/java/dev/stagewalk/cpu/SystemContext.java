package dev.stagewalk.cpu;

/**
 * All that decides which register a name reaches, apart from the name. The bits of HCR_EL2 count
 * only where the PE has their feature; NV1 and NV2 count only with NV.
 *
 * @param el exception level, 0 to 2
 */
record SystemContext(int el, boolean nv, boolean nv1, boolean nv2, boolean e2h, boolean tge) {
  private static final int LEVELS = 3;

  /** How many there are, for arrays by {@link #index()}. */
  static final int COUNT = LEVELS << 5;

  /** The context of {@link #index()} {@code i}. */
  static SystemContext of(int i) {
    return new SystemContext(
        i >> 5, (i & 16) != 0, (i & 8) != 0, (i & 4) != 0, (i & 2) != 0, (i & 1) != 0);
  }

  int index() {
    return index(el, nv, nv1, nv2, e2h, tge);
  }

  static int index(int el, boolean nv, boolean nv1, boolean nv2, boolean e2h, boolean tge) {
    return el << 5
        | (nv ? 16 : 0)
        | (nv && nv1 ? 8 : 0)
        | (nv && nv2 ? 4 : 0)
        | (e2h ? 2 : 0)
        | (tge ? 1 : 0);
  }

  /** EL0 under a host at EL2: HCR_EL2.{E2H, TGE} is {1, 1}. */
  boolean isHosted() {
    return el == 0 && e2h && tge;
  }
}
