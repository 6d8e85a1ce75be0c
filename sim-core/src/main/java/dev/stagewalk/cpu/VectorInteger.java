package dev.stagewalk.cpu;

/**
 * Integer operations on elements that are more than an expression, in the form of {@link
 * Lanes.Lane}.
 */
final class VectorInteger {
  private static final int TOP_OF_ESTIMATE = 23;

  private VectorInteger() {}

  static long ones(boolean holds) {
    return holds ? -1 : 0;
  }

  static long unsignedMax(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }

  static long unsignedMin(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? a : b;
  }

  /** Of a sign-extended element. */
  static long cls(Pe pe, int bits, long d, long n, long m) {
    return Long.numberOfLeadingZeros(n ^ (n >> 63)) - (64 - bits) - 1;
  }

  /** Of a zero-extended element. */
  static long clz(Pe pe, int bits, long d, long n, long m) {
    return Long.numberOfLeadingZeros(n) - (64 - bits);
  }

  /**
   * The product of two polynomials over {0, 1}.
   *
   * <p>Source: Arm ARM, shared pseudocode function {@code PolynomialMult}.
   */
  static long pmul(Pe pe, int bits, long d, long n, long m) {
    long product = 0;
    for (int i = 0; i < Byte.SIZE; i++) {
      product ^= (n >>> i & 1) * (m << i);
    }
    return product;
  }

  /** Source: Arm ARM, shared pseudocode function {@code UnsignedRecipEstimate}. */
  static long urecpe(Pe pe, int bits, long d, long n, long m) {
    if (n < 1L << 31) {
      return -1;
    }
    return (long) reciprocal((int) (n >>> TOP_OF_ESTIMATE)) << TOP_OF_ESTIMATE;
  }

  /** Source: Arm ARM, shared pseudocode function {@code UnsignedRSqrtEstimate}. */
  static long ursqrte(Pe pe, int bits, long d, long n, long m) {
    if (n < 1L << 30) {
      return -1;
    }
    return (long) reciprocalRoot((int) (n >>> TOP_OF_ESTIMATE)) << TOP_OF_ESTIMATE;
  }

  /**
   * An estimate of 1 / a, where a stands for a / 512 and the result for r / 256.
   *
   * <p>Source: Arm ARM, shared pseudocode function {@code RecipEstimate}.
   *
   * @param a 256 to 511
   * @return 256 to 511
   */
  static int reciprocal(int a) {
    return ((1 << 19) / (2 * a + 1) + 1) >> 1;
  }

  /**
   * An estimate of 1 / √a, where a stands for a / 512 and the result for r / 256.
   *
   * <p>Source: Arm ARM, shared pseudocode function {@code RecipSqrtEstimate}.
   *
   * @param a 128 to 511
   * @return 256 to 511
   */
  static int reciprocalRoot(int a) {
    // To the middle of what the bits that are looked at leave open.
    int middle = a < 256 ? 2 * a + 1 : (((a >> 1) << 1) + 1) * 2;
    int root = 512;
    while (middle * (root + 1) * (root + 1) < 1 << 28) {
      root++;
    }
    return (root + 1) >> 1;
  }
}
