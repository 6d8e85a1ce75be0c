package dev.stagewalk.fp;

import org.jspecify.annotations.Nullable;

/**
 * Addition, multiplication, division, square root and the fused operations.
 *
 * <p>Source: Arm ARM, shared pseudocode functions {@code FPAdd}, {@code FPSub}, {@code FPMul},
 * {@code FPMulX}, {@code FPDiv}, {@code FPSqrt}, {@code FPMulAdd}, {@code FPMulAddH}.
 */
public final class FloatArithmetic {
  private static final Unpacked TWO = Unpacked.finite(false, 1, Long.MIN_VALUE);
  private static final Unpacked THREE = Unpacked.finite(false, 1, 3L << 62);

  private FloatArithmetic() {}

  public static long add(FloatEnvironment env, Format format, long a, long b) {
    if (env.isHosts() && isOrdinary(format, a) && isOrdinary(format, b)) {
      long sum =
          format == Format.DOUBLE ? bits(number(a) + number(b)) : bits(single(a) + single(b));
      if (isSafe(format, sum)) {
        return sum;
      }
    }
    Unpacked one = env.unpack(format, a);
    Unpacked two = env.unpack(format, b);
    return one.isNan() || two.isNan() ? env.nans(format, a, b) : sum(env, format, one, two);
  }

  public static long subtract(FloatEnvironment env, Format format, long a, long b) {
    if (format.isNan(b)) {
      // A NaN keeps its sign.
      env.flushed(format, a);
      return env.nans(format, a, b);
    }
    return add(env, format, a, format.negate(b));
  }

  private static long sum(FloatEnvironment env, Format format, Unpacked a, Unpacked b) {
    if (a.isInfinity() || b.isInfinity()) {
      if (a.isInfinity() && b.isInfinity() && a.negative() != b.negative()) {
        return env.invalid(format);
      }
      return format.infinity(a.isInfinity() ? a.negative() : b.negative());
    }
    if (a.isZero() && b.isZero()) {
      return a.negative() == b.negative() ? format.zero(a.negative()) : env.exactZero(format);
    }
    if (a.isZero() || b.isZero()) {
      return env.round(format, a.isZero() ? b : a);
    }
    return rounded(env, format, Exact.sum(a, b));
  }

  public static long multiply(FloatEnvironment env, Format format, long a, long b) {
    return multiply(env, format, a, b, false);
  }

  /** FMULX: infinity times zero is 2. */
  public static long multiplyExtended(FloatEnvironment env, Format format, long a, long b) {
    return multiply(env, format, a, b, true);
  }

  /** FNMUL: a NaN changes its sign too. */
  public static long multiplyNegated(FloatEnvironment env, Format format, long a, long b) {
    return format.negate(multiply(env, format, a, b));
  }

  private static long multiply(
      FloatEnvironment env, Format format, long a, long b, boolean extended) {
    if (env.isHosts() && isOrdinary(format, a) && isOrdinary(format, b)) {
      long product =
          format == Format.DOUBLE ? bits(number(a) * number(b)) : bits(single(a) * single(b));
      if (isSafe(format, product)) {
        return product;
      }
    }
    Unpacked one = env.unpack(format, a);
    Unpacked two = env.unpack(format, b);
    if (one.isNan() || two.isNan()) {
      return env.nans(format, a, b);
    }
    boolean negative = one.negative() != two.negative();
    if (isInfinityTimesZero(one, two)) {
      return extended ? format.powerOfTwo(negative, 1) : env.invalid(format);
    }
    if (one.isInfinity() || two.isInfinity()) {
      return format.infinity(negative);
    }
    if (one.isZero() || two.isZero()) {
      return format.zero(negative);
    }
    return env.round(format, Exact.product(one, two));
  }

  public static long divide(FloatEnvironment env, Format format, long a, long b) {
    if (env.isHosts() && isOrdinary(format, a) && isOrdinary(format, b)) {
      long quotient =
          format == Format.DOUBLE ? bits(number(a) / number(b)) : bits(single(a) / single(b));
      if (isSafe(format, quotient)) {
        return quotient;
      }
    }
    Unpacked one = env.unpack(format, a);
    Unpacked two = env.unpack(format, b);
    if (one.isNan() || two.isNan()) {
      return env.nans(format, a, b);
    }
    if ((one.isInfinity() && two.isInfinity()) || (one.isZero() && two.isZero())) {
      return env.invalid(format);
    }
    boolean negative = one.negative() != two.negative();
    if (one.isInfinity() || two.isZero()) {
      if (!one.isInfinity()) {
        env.divideByZero();
      }
      return format.infinity(negative);
    }
    if (one.isZero() || two.isInfinity()) {
      return format.zero(negative);
    }
    return env.round(format, Exact.quotient(one, two));
  }

  public static long squareRoot(FloatEnvironment env, Format format, long a) {
    if (env.isHosts() && isOrdinary(format, a) && !format.isNegative(a)) {
      long root =
          format == Format.DOUBLE ? bits(Math.sqrt(number(a))) : bits((float) Math.sqrt(single(a)));
      if (isSafe(format, root)) {
        return root;
      }
    }
    Unpacked one = env.unpack(format, a);
    if (one.isNan()) {
      return env.nan(format, a);
    }
    if (one.isZero()) {
      return format.zero(one.negative());
    }
    if (one.negative()) {
      return env.invalid(format);
    }
    return one.isInfinity() ? format.infinity(false) : env.round(format, Exact.root(one));
  }

  /** addend + a * b, rounded once. */
  public static long multiplyAdd(FloatEnvironment env, Format format, long addend, long a, long b) {
    if (env.isHosts()
        && isOrdinary(format, a)
        && isOrdinary(format, b)
        && isOrdinary(format, addend)) {
      long result =
          format == Format.DOUBLE
              ? bits(Math.fma(number(a), number(b), number(addend)))
              : bits(Math.fma(single(a), single(b), single(addend)));
      if (isSafe(format, result)) {
        return result;
      }
    }
    Unpacked sum = env.unpack(format, addend);
    Unpacked one = env.unpack(format, a);
    Unpacked two = env.unpack(format, b);
    if (sum.isNan() || one.isNan() || two.isNan()) {
      long nan = env.nans(format, addend, a, b);
      return nanOrInvalid(env, format, sum, one, two, nan);
    }
    return multiplyAdd(env, format, sum, one, two);
  }

  /** addend + a * b, where a and b are half-precision and the addend is single-precision. */
  public static long multiplyAddLong(FloatEnvironment env, long addend, long a, long b) {
    Unpacked sum = env.unpack(Format.SINGLE, addend);
    Unpacked one = env.unpack(Format.HALF, a);
    Unpacked two = env.unpack(Format.HALF, b);
    if (sum.isNan() || one.isNan() || two.isNan()) {
      long nan =
          env.nans(
              Format.SINGLE, addend, FloatConversion.widenedNan(a), FloatConversion.widenedNan(b));
      return nanOrInvalid(env, Format.SINGLE, sum, one, two, nan);
    }
    return multiplyAdd(env, Format.SINGLE, sum, one, two);
  }

  /** Infinity times zero is an invalid operation even where a quiet NaN is added. */
  private static long nanOrInvalid(
      FloatEnvironment env, Format format, Unpacked sum, Unpacked a, Unpacked b, long nan) {
    return sum.kind() == Unpacked.Kind.QUIET_NAN && isInfinityTimesZero(a, b)
        ? env.invalid(format)
        : nan;
  }

  private static long multiplyAdd(
      FloatEnvironment env, Format format, Unpacked addend, Unpacked a, Unpacked b) {
    boolean negative = a.negative() != b.negative();
    boolean infinite = a.isInfinity() || b.isInfinity();
    if (isInfinityTimesZero(a, b)
        || (infinite && addend.isInfinity() && negative != addend.negative())) {
      return env.invalid(format);
    }
    if (infinite || addend.isInfinity()) {
      return format.infinity(infinite ? negative : addend.negative());
    }
    if (a.isZero() || b.isZero()) {
      if (!addend.isZero()) {
        return env.round(format, addend);
      }
      return negative == addend.negative() ? format.zero(negative) : env.exactZero(format);
    }
    return addend.isZero()
        ? env.round(format, Exact.product(a, b))
        : rounded(env, format, Exact.productSum(a, b, addend));
  }

  /** FRECPS: 2 - a * b, rounded once. */
  public static long reciprocalStep(FloatEnvironment env, Format format, long a, long b) {
    return step(env, format, a, b, TWO, 0);
  }

  /** FRSQRTS: (3 - a * b) / 2, rounded once. */
  public static long reciprocalRootStep(FloatEnvironment env, Format format, long a, long b) {
    return step(env, format, a, b, THREE, 1);
  }

  private static long step(
      FloatEnvironment env, Format format, long a, long b, Unpacked from, int halvings) {
    long opposite = format.negate(a);
    Unpacked one = env.unpack(format, opposite);
    Unpacked two = env.unpack(format, b);
    if (one.isNan() || two.isNan()) {
      return env.nans(format, opposite, b);
    }
    if (one.isInfinity() || two.isInfinity()) {
      return isInfinityTimesZero(one, two)
          ? halved(env, format, from, halvings)
          : format.infinity(one.negative() != two.negative());
    }
    if (one.isZero() || two.isZero()) {
      return halved(env, format, from, halvings);
    }
    Unpacked difference = Exact.productSum(one, two, from);
    return difference == null ? env.exactZero(format) : halved(env, format, difference, halvings);
  }

  private static long halved(FloatEnvironment env, Format format, Unpacked number, int halvings) {
    return env.round(
        format,
        Unpacked.finite(number.negative(), number.exponent() - halvings, number.significand()));
  }

  private static boolean isInfinityTimesZero(Unpacked a, Unpacked b) {
    return (a.isInfinity() && b.isZero()) || (a.isZero() && b.isInfinity());
  }

  private static long rounded(FloatEnvironment env, Format format, @Nullable Unpacked exact) {
    return exact == null ? env.exactZero(format) : env.round(format, exact);
  }

  // The host's arithmetic. Its results are right where nothing is special about operands and
  // result.

  /** Whether it is a normal number that the host has too. */
  private static boolean isOrdinary(Format format, long number) {
    int exponent = format.exponent(number);
    return format != Format.HALF && exponent != 0 && exponent != format.topExponent;
  }

  /** Whether it is normal, and not the smallest: that may have been smaller before rounding. */
  private static boolean isSafe(Format format, long number) {
    int exponent = format.exponent(number);
    return exponent > 1 && exponent < format.topExponent;
  }

  private static double number(long bits) {
    return Double.longBitsToDouble(bits);
  }

  private static float single(long bits) {
    return Float.intBitsToFloat((int) bits);
  }

  private static long bits(double number) {
    return Double.doubleToRawLongBits(number);
  }

  private static long bits(float number) {
    return Float.floatToRawIntBits(number) & 0xffff_ffffL;
  }
}
