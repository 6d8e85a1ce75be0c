package dev.stagewalk.fp;

/**
 * A binary format of floating-point numbers. A number is the low bits of a {@code long}; the bits
 * above are 0.
 *
 * <p>Source: Arm ARM, "Half-precision floating-point formats", "Single-precision floating-point
 * format", "Double-precision floating-point format".
 */
public enum Format {
  HALF(2, 10),
  SINGLE(4, 23),
  DOUBLE(8, 52);

  final int bits;
  final int fractionBits;

  /** The greatest value of the exponent field: that of infinities and NaNs. */
  final int topExponent;

  /** The exponent of the smallest normal number. */
  final int minimumExponent;

  private final long fraction;
  private final long quiet;
  private final long sign;

  Format(int bytes, int fractionBits) {
    bits = 8 * bytes;
    this.fractionBits = fractionBits;
    topExponent = (1 << (bits - 1 - fractionBits)) - 1;
    minimumExponent = 1 - (topExponent >> 1);
    fraction = (1L << fractionBits) - 1;
    quiet = 1L << (fractionBits - 1);
    sign = 1L << (bits - 1);
  }

  /** The format of numbers of 2, 4 or 8 bytes. */
  public static Format ofBytes(int bytes) {
    return switch (bytes) {
      case 2 -> HALF;
      case 4 -> SINGLE;
      case 8 -> DOUBLE;
      default -> throw new IllegalArgumentException("no format has " + bytes + " bytes");
    };
  }

  /** How many bits a number has. */
  public int bits() {
    return bits;
  }

  /** The number of the opposite sign, also of a NaN. */
  public long negate(long number) {
    return number ^ sign;
  }

  /** The number without its sign, also of a NaN. */
  public long absolute(long number) {
    return number & ~sign;
  }

  /** Whether the sign bit is 1. */
  public boolean isNegative(long number) {
    return (number & sign) != 0;
  }

  public boolean isNan(long number) {
    return absolute(number) > infinity(false);
  }

  boolean isSignaling(long number) {
    return isNan(number) && (number & quiet) == 0;
  }

  boolean isInfinity(long number) {
    return absolute(number) == infinity(false);
  }

  boolean isZero(long number) {
    return absolute(number) == 0;
  }

  boolean isDenormal(long number) {
    return exponent(number) == 0 && fraction(number) != 0;
  }

  int exponent(long number) {
    return (int) (number >>> fractionBits) & topExponent;
  }

  long fraction(long number) {
    return number & fraction;
  }

  long quieted(long number) {
    return number | quiet;
  }

  /** The number of these parts. */
  long number(boolean negative, int exponent, long fraction) {
    return (negative ? sign : 0) | (long) exponent << fractionBits | fraction;
  }

  long zero(boolean negative) {
    return negative ? sign : 0;
  }

  long infinity(boolean negative) {
    return number(negative, topExponent, 0);
  }

  long greatest(boolean negative) {
    return number(negative, topExponent - 1, fraction);
  }

  long defaultNan() {
    return number(false, topExponent, quiet);
  }

  /** A power of two that is a normal number. */
  long powerOfTwo(boolean negative, int exponent) {
    return number(negative, exponent - minimumExponent + 1, 0);
  }
}
