package dev.stagewalk.cpu;

import dev.stagewalk.fp.FloatEstimate;

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
    return (long) FloatEstimate.reciprocalOf((int) (n >>> TOP_OF_ESTIMATE)) << TOP_OF_ESTIMATE;
  }

  /** Source: Arm ARM, shared pseudocode function {@code UnsignedRSqrtEstimate}. */
  static long ursqrte(Pe pe, int bits, long d, long n, long m) {
    if (n < 1L << 30) {
      return -1;
    }
    return (long) FloatEstimate.reciprocalRootOf((int) (n >>> TOP_OF_ESTIMATE)) << TOP_OF_ESTIMATE;
  }
}
