package dev.stagewalk.fp;

/**
 * Estimates of reciprocals and reciprocal square roots, eight bits of them, and FRECPX.
 *
 * <p>Source: Arm ARM, shared pseudocode functions {@code FPRecipEstimate}, {@code RecipEstimate},
 * {@code FPRSqrtEstimate}, {@code RecipSqrtEstimate}, {@code FPRecpX}.
 */
public final class FloatEstimate {
  /** The fraction of an estimate. */
  private static final int ESTIMATED = 8;

  private FloatEstimate() {}

  /** FRECPE. */
  public static long reciprocal(FloatEnvironment env, Format format, long number) {
    Unpacked exact = env.unpack(format, number);
    boolean negative = exact.negative();
    if (exact.isNan()) {
      return env.nan(format, number);
    }
    if (exact.isInfinity()) {
      return format.zero(negative);
    }
    if (exact.isZero()) {
      env.divideByZero();
      return format.infinity(negative);
    }
    int exponent = exact.exponent();
    if (exponent < format.minimumExponent - 2) {
      env.overflow();
      return env.rounding().overflowsToInfinity(negative)
          ? format.infinity(negative)
          : format.greatest(negative);
    }
    if (env.flushes(format) && exponent >= -format.minimumExponent) {
      env.underflow();
      return format.zero(negative);
    }
    int scaled = (int) (exact.significand() >>> (63 - ESTIMATED));
    long fraction = (reciprocalOf(scaled) & 0xffL) << (format.fractionBits - ESTIMATED);
    // 1 / (s * 2^e) with 1 <= s < 2 lies between 2^-e-1 and 2^-e.
    int result = -exponent - 1 - format.minimumExponent + 1;
    if (result <= 0) {
      long hidden = 1L << format.fractionBits;
      fraction = (hidden | fraction) >>> (1 - result);
      result = 0;
    }
    return format.number(negative, result, fraction);
  }

  /** An estimate of 2<sup>17</sup> / a, for 256 to 511. */
  public static int reciprocalOf(int a) {
    int odd = 2 * a + 1;
    return ((1 << 19) / odd + 1) / 2;
  }

  /** FRSQRTE. */
  public static long reciprocalRoot(FloatEnvironment env, Format format, long number) {
    Unpacked exact = env.unpack(format, number);
    if (exact.isNan()) {
      return env.nan(format, number);
    }
    if (exact.isZero()) {
      env.divideByZero();
      return format.infinity(exact.negative());
    }
    if (exact.negative()) {
      return env.invalid(format);
    }
    if (exact.isInfinity()) {
      return format.zero(false);
    }
    int exponent = exact.exponent();
    boolean odd = (exponent & 1) != 0;
    // Between 1/4 and 1 in units of 1/512, with an even exponent.
    int scaled = (int) (exact.significand() >>> (odd ? 63 - ESTIMATED : 64 - ESTIMATED));
    long fraction = (reciprocalRootOf(scaled) & 0xffL) << (format.fractionBits - ESTIMATED);
    // 1 / sqrt(s * 2^e) with 1/4 <= s < 1 and e even lies between 2^-e/2 and 2^(1 - e/2).
    int result = -(exponent + 1) >> 1;
    return format.number(false, result - format.minimumExponent + 1, fraction);
  }

  /** An estimate of 512 / sqrt(a / 512), for 128 to 511. */
  public static int reciprocalRootOf(int a) {
    long middle = a < 256 ? 2L * a + 1 : ((a | 1L) * 2);
    long b = 512;
    while (middle * (b + 1) * (b + 1) < 1L << 28) {
      b++;
    }
    return (int) (b + 1) / 2;
  }

  /** FRECPX: the exponent's inverse, with no fraction. */
  public static long reciprocalExponent(FloatEnvironment env, Format format, long number) {
    if (format.isNan(number)) {
      return env.nan(format, number);
    }
    env.flushed(format, number);
    int exponent = format.exponent(number);
    int inverse = exponent == 0 ? format.topExponent - 1 : format.topExponent - exponent;
    return format.number(format.isNegative(number), inverse, 0);
  }
}
