package dev.stagewalk.arch;

/** Taking bit ranges out of 64-bit values and putting them back; writing them as people read. */
final class Bits {
  private Bits() {}

  static long mask(int width) {
    return width == 64 ? -1L : (1L << width) - 1;
  }

  static long extract(long value, int hi, int lo) {
    return value >>> lo & mask(hi - lo + 1);
  }

  static String range(int hi, int lo) {
    return hi == lo ? "[" + hi + "]" : "[" + hi + ":" + lo + "]";
  }

  /** Short where it is short, grouped by four digits where it is not. */
  static String hex(long value) {
    return Long.numberOfLeadingZeros(value) >= 48 ? Hex.plain(value) : Hex.address(value);
  }
}
