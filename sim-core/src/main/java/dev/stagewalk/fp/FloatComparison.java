package dev.stagewalk.fp;

/**
 * Comparisons, and the smaller and greater of two numbers.
 *
 * <p>Source: Arm ARM, shared pseudocode functions {@code FPCompare}, {@code FPCompareEQ}, {@code
 * FPCompareGE}, {@code FPCompareGT}, {@code FPMax}, {@code FPMin}, {@code FPMaxNum}, {@code
 * FPMinNum}.
 */
public final class FloatComparison {
  /** NZCV of a comparison. */
  private static final int EQUAL = 0b0110;

  private static final int LESS = 0b1000;
  private static final int GREATER = 0b0010;
  private static final int UNORDERED = 0b0011;

  private FloatComparison() {}

  /**
   * NZCV of a comparison.
   *
   * @param quietToo whether a quiet NaN is an invalid operation as a signaling one is
   */
  public static int flags(FloatEnvironment env, Format format, long a, long b, boolean quietToo) {
    long one = env.flushed(format, a);
    long two = env.flushed(format, b);
    if (isUnordered(env, format, one, two, quietToo)) {
      return UNORDERED;
    }
    int order = order(format, one, two);
    return order == 0 ? EQUAL : order < 0 ? LESS : GREATER;
  }

  public static boolean isEqual(FloatEnvironment env, Format format, long a, long b) {
    long one = env.flushed(format, a);
    long two = env.flushed(format, b);
    return !isUnordered(env, format, one, two, false) && order(format, one, two) == 0;
  }

  public static boolean isAtLeast(FloatEnvironment env, Format format, long a, long b) {
    long one = env.flushed(format, a);
    long two = env.flushed(format, b);
    return !isUnordered(env, format, one, two, true) && order(format, one, two) >= 0;
  }

  public static boolean isGreater(FloatEnvironment env, Format format, long a, long b) {
    long one = env.flushed(format, a);
    long two = env.flushed(format, b);
    return !isUnordered(env, format, one, two, true) && order(format, one, two) > 0;
  }

  private static boolean isUnordered(
      FloatEnvironment env, Format format, long a, long b, boolean quietToo) {
    if (!format.isNan(a) && !format.isNan(b)) {
      return false;
    }
    if (quietToo || format.isSignaling(a) || format.isSignaling(b)) {
      env.invalidOperation();
    }
    return true;
  }

  /** How two numbers that are not NaNs compare; zeros are equal. */
  private static int order(Format format, long a, long b) {
    return Long.compare(ordered(format, a), ordered(format, b));
  }

  private static long ordered(Format format, long number) {
    long magnitude = format.absolute(number);
    return format.isNegative(number) ? -magnitude : magnitude;
  }

  public static long maximum(FloatEnvironment env, Format format, long a, long b) {
    return either(env, format, a, b, true);
  }

  public static long minimum(FloatEnvironment env, Format format, long a, long b) {
    return either(env, format, a, b, false);
  }

  /** FMAXNM: of a number and a quiet NaN, the number. */
  public static long maximumNumber(FloatEnvironment env, Format format, long a, long b) {
    return number(env, format, a, b, true);
  }

  /** FMINNM: of a number and a quiet NaN, the number. */
  public static long minimumNumber(FloatEnvironment env, Format format, long a, long b) {
    return number(env, format, a, b, false);
  }

  private static long number(FloatEnvironment env, Format format, long a, long b, boolean greater) {
    boolean first = format.isNan(a);
    boolean second = format.isNan(b);
    if (first == second || format.isSignaling(a) || format.isSignaling(b)) {
      return either(env, format, a, b, greater);
    }
    return env.flushed(format, first ? b : a);
  }

  private static long either(FloatEnvironment env, Format format, long a, long b, boolean greater) {
    long one = env.flushed(format, a);
    long two = env.flushed(format, b);
    if (format.isNan(one) || format.isNan(two)) {
      return env.nans(format, one, two);
    }
    int order = order(format, one, two);
    if (order == 0 && format.isZero(one)) {
      // The positive zero is the greater one.
      return greater ? one & two : one | two;
    }
    return (order > 0) == greater ? one : two;
  }
}
