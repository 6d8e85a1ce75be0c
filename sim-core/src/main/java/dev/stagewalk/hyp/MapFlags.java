package dev.stagewalk.hyp;

/**
 * The attribute bits callers hand to {@code s2mmu_map}: a stage-2 descriptor without its address
 * and its lowest two bits.
 *
 * <p>Source: Arm ARM, "Stage 2 attribute fields in Block and Page descriptors" (VMSAv8-64).
 */
public final class MapFlags {
  private static final long MEMATTR = 0xfL << 2;
  private static final long NORMAL_WRITE_BACK = 0xfL << 2;

  /** S2AP[0]: it may be read. */
  public static final long READ = 1L << 6;

  /** S2AP[1]: it may be written. */
  public static final long WRITE = 1L << 7;

  private static final long SHARED_INNER = 3L << 8;
  static final long ACCESS_FLAG = 1L << 10;

  /**
   * A write to such a leaf sets S2AP[1] instead of a fault, if the hardware manages dirty state.
   */
  static final long DIRTY_BIT_MODIFIER = 1L << 51;

  /** XN[1]: it may not be executed. */
  public static final long XN = 1L << 54;

  private static final long XN_FIELD = 3L << 53;

  /**
   * A bit for software: the guest may write the page whatever S2AP[1] says, and each page's first
   * write is logged.
   */
  static final long LOGGED = 1L << 55;

  private static final long SOFTWARE = 0x7L << 56;

  /** Every bit that {@code s2mmu_protect} changes. */
  static final long PERMISSIONS = READ | WRITE | XN_FIELD;

  /** Every bit a caller may set. */
  static final long ALLOWED =
      MEMATTR | READ | WRITE | SHARED_INNER | ACCESS_FLAG | XN_FIELD | SOFTWARE;

  private static final long NORMAL = NORMAL_WRITE_BACK | SHARED_INNER | ACCESS_FLAG;

  private MapFlags() {}

  /** Data: read and write. {@code S2_MAP_RW}; executable as posted. */
  public static long data(Defects defects) {
    return NORMAL | READ | WRITE | xn(defects);
  }

  /** Data that the guest may only read. */
  public static long readOnlyData(Defects defects) {
    return NORMAL | READ | xn(defects);
  }

  /** Code: read and execute; as posted the same as data. */
  public static long code(Defects defects) {
    return defects.has(Defect.MEMORY_EXECUTABLE) ? data(defects) : NORMAL | READ;
  }

  /** Device-nGnRnE, read and write. {@code S2_MAP_DEVICE}; executable as posted. */
  public static long device(Defects defects) {
    return READ | WRITE | ACCESS_FLAG | xn(defects);
  }

  private static long xn(Defects defects) {
    return defects.has(Defect.MEMORY_EXECUTABLE) ? 0 : XN;
  }

  /** "RW", "RX", "RW device": permissions and kind of memory as people read them. */
  public static String words(long descriptor) {
    StringBuilder words = new StringBuilder(permissionWords(descriptor));
    if (device(descriptor)) {
      words.append(" device");
    }
    if ((descriptor & ACCESS_FLAG) == 0) {
      words.append(", AF clear");
    }
    if ((descriptor & LOGGED) != 0) {
      words.append(", logged");
    }
    return words.toString();
  }

  /** "RW", "RX", "-". */
  static String permissionWords(long descriptor) {
    return ((descriptor & READ) != 0 ? "R" : "-")
        + ((descriptor & WRITE) != 0 ? "W" : "")
        + ((descriptor & XN) == 0 ? "X" : "");
  }

  /** Whether MemAttr says Device. */
  static boolean device(long descriptor) {
    return (descriptor & 0xcL << 2) == 0;
  }
}
