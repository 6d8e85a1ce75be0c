package dev.stagewalk.cpu;

/**
 * Shifts of elements, by a number or by the lowest byte of another element, in the form of {@link
 * Lanes.Lane}. To the left by a negative number is to the right.
 *
 * <p>Source: Arm ARM, "SSHL", "SRSHL", "SQSHL (register)", "SQRSHL" and their unsigned forms.
 */
final class VectorShifts {
  private VectorShifts() {}

  static long sshl(Pe pe, int bits, long d, long n, long m) {
    int by = (byte) m;
    return by < 0 ? right(n, -by) : left(n, by);
  }

  static long ushl(Pe pe, int bits, long d, long n, long m) {
    int by = (byte) m;
    return by < 0 ? unsignedRight(n, -by) : left(n, by);
  }

  static long srshl(Pe pe, int bits, long d, long n, long m) {
    int by = (byte) m;
    return by < 0 ? roundedRight(n, -by) : left(n, by);
  }

  static long urshl(Pe pe, int bits, long d, long n, long m) {
    int by = (byte) m;
    return by < 0 ? unsignedRoundedRight(n, -by) : left(n, by);
  }

  static long sqshl(Pe pe, int bits, long d, long n, long m) {
    int by = (byte) m;
    return by < 0 ? right(n, -by) : saturatedLeft(pe, bits, n, by);
  }

  static long uqshl(Pe pe, int bits, long d, long n, long m) {
    int by = (byte) m;
    return by < 0 ? unsignedRight(n, -by) : unsignedSaturatedLeft(pe, bits, n, by);
  }

  static long sqrshl(Pe pe, int bits, long d, long n, long m) {
    int by = (byte) m;
    return by < 0 ? roundedRight(n, -by) : saturatedLeft(pe, bits, n, by);
  }

  static long uqrshl(Pe pe, int bits, long d, long n, long m) {
    int by = (byte) m;
    return by < 0 ? unsignedRoundedRight(n, -by) : unsignedSaturatedLeft(pe, bits, n, by);
  }

  /** A signed number to the left, as an unsigned one. */
  static long sqshlu(Pe pe, int bits, long d, long n, long m) {
    return n < 0
        ? Saturation.signedToUnsigned(pe, bits, n)
        : unsignedSaturatedLeft(pe, bits, n, (int) m);
  }

  /** To the left, where the bits shifted in stay those of the destination. */
  static long sli(Pe pe, int bits, long d, long n, long m) {
    long kept = (1L << m) - 1;
    return (d & kept) | (n << m);
  }

  /** To the right, likewise. */
  static long sri(Pe pe, int bits, long d, long n, long m) {
    long written = unsignedRight(Lanes.ones(bits), (int) m);
    return (d & ~written) | unsignedRight(n, (int) m);
  }

  static long left(long value, int by) {
    return by < 64 ? value << by : 0;
  }

  static long right(long value, long by) {
    return value >> Math.min(by, 63);
  }

  static long unsignedRight(long value, long by) {
    return by < 64 ? value >>> by : 0;
  }

  /** The last bit that is shifted out is added. */
  static long roundedRight(long value, long by) {
    return right(value, by) + (right(value, by - 1) & 1);
  }

  static long unsignedRoundedRight(long value, long by) {
    return unsignedRight(value, by) + (unsignedRight(value, by - 1) & 1);
  }

  private static long saturatedLeft(Pe pe, int bits, long value, int by) {
    // Beyond the width every bit but those of zero and minus one's sign is lost.
    int most = Math.min(by, bits);
    long shifted = left(value, most);
    if (right(shifted, most) == value) {
      return Saturation.signed(pe, bits, shifted);
    }
    return Saturation.extreme(pe, bits, value < 0);
  }

  private static long unsignedSaturatedLeft(Pe pe, int bits, long value, int by) {
    int most = Math.min(by, bits);
    long shifted = left(value, most);
    return unsignedRight(shifted, most) == value
        ? Saturation.unsigned(pe, bits, shifted)
        : Saturation.highest(pe, bits);
  }
}
