package dev.stagewalk.fp;

/**
 * Conversions between formats, to and from integers and fixed-point numbers, and rounding to
 * integers.
 *
 * <p>Source: Arm ARM, shared pseudocode functions {@code FPConvert}, {@code FPToFixed}, {@code
 * FPToFixedJS}, {@code FixedToFP}, {@code FPRoundInt}, {@code FPRoundIntN}.
 */
public final class FloatConversion {
  private static final int WORD = 32;

  private FloatConversion() {}

  /** A number in another format. */
  public static long convert(
      FloatEnvironment env, Format from, Format to, long number, Rounding rounding) {
    Unpacked exact = env.unpackForConversion(from, number);
    boolean alternative = to == Format.HALF && env.alternativeHalf();
    boolean negative = exact.negative();
    return switch (exact.kind()) {
      case ZERO -> to.zero(negative);
      case FINITE -> env.roundConversion(to, exact, rounding);
      case INFINITY -> {
        if (alternative) {
          env.invalidOperation();
          yield to.number(negative, to.topExponent, (1L << to.fractionBits) - 1);
        }
        yield to.infinity(negative);
      }
      case QUIET_NAN, SIGNALING_NAN -> {
        if (alternative || exact.kind() == Unpacked.Kind.SIGNALING_NAN) {
          env.invalidOperation();
        }
        if (alternative) {
          yield to.zero(negative);
        }
        yield env.defaultNan() ? to.defaultNan() : nan(from, to, number);
      }
    };
  }

  /** A NaN in another format, quiet; its fraction keeps the high bits. */
  private static long nan(Format from, Format to, long number) {
    int longer = to.fractionBits - from.fractionBits;
    long fraction = from.fraction(number);
    long kept = longer >= 0 ? fraction << longer : fraction >>> -longer;
    return to.quieted(to.number(from.isNegative(number), to.topExponent, kept));
  }

  /** A half-precision number as a single-precision NaN if it is one, as quiet or not; else zero. */
  static long widenedNan(long half) {
    if (!Format.HALF.isNan(half)) {
      return 0;
    }
    int longer = Format.SINGLE.fractionBits - Format.HALF.fractionBits;
    return Format.SINGLE.number(
        Format.HALF.isNegative(half),
        Format.SINGLE.topExponent,
        Format.HALF.fraction(half) << longer);
  }

  /**
   * A fixed-point number, or the nearest there is to one out of range.
   *
   * @param fractionBits bits after the point; 0 of an integer
   * @param bits of the result, 16 to 64
   * @return the result, zero-extended
   */
  public static long toFixed(
      FloatEnvironment env,
      Format format,
      long number,
      int fractionBits,
      int bits,
      boolean signed,
      Rounding rounding) {
    Unpacked exact = env.unpack(format, number);
    long mask = -1L >>> (64 - bits);
    long least = signed ? 1L << (bits - 1) : 0;
    long greatest = signed ? mask >>> 1 : mask;
    boolean negative = exact.negative();
    long outOfRange = negative ? least : greatest;
    return switch (exact.kind()) {
      case ZERO -> 0;
      case QUIET_NAN, SIGNALING_NAN -> {
        env.invalidOperation();
        yield 0;
      }
      case INFINITY -> {
        env.invalidOperation();
        yield outOfRange;
      }
      case FINITE -> {
        int exponent = exact.exponent() + fractionBits;
        if (exponent > 63) {
          env.invalidOperation();
          yield outOfRange;
        }
        long rest = rest(exact.significand(), exponent);
        long magnitude = rounding.rounded(negative, whole(exact.significand(), exponent), rest);
        if (Long.compareUnsigned(magnitude, negative ? least : greatest) > 0) {
          env.invalidOperation();
          yield outOfRange;
        }
        if (rest != 0) {
          env.inexact();
        }
        yield (negative ? -magnitude : magnitude) & mask;
      }
    };
  }

  /** The whole part of a magnitude below 2<sup>64</sup>. */
  private static long whole(long significand, int exponent) {
    return exponent < 0 ? 0 : significand >>> (63 - exponent);
  }

  /** What follows its point, as a fraction of 2<sup>64</sup>; what is less than the last bit, 1. */
  private static long rest(long significand, int exponent) {
    if (exponent >= 63) {
      return 0;
    }
    return exponent >= -1 ? significand << (exponent + 1) : 1;
  }

  /**
   * FJCVTZS: the low 32 bits of the whole part.
   *
   * @return the result in bits 31 to 0; bit 32 says that the number was just that, and no minus
   *     zero
   */
  public static long toJavaScript(FloatEnvironment env, long number) {
    Unpacked exact = env.unpack(Format.DOUBLE, number);
    switch (exact.kind()) {
      case ZERO -> {
        boolean flushedOrMinus = number != 0;
        return flushedOrMinus ? 0 : 1L << WORD;
      }
      case QUIET_NAN, SIGNALING_NAN, INFINITY -> {
        env.invalidOperation();
        return 0;
      }
      case FINITE -> {}
    }
    int exponent = exact.exponent();
    boolean negative = exact.negative();
    long magnitude;
    if (exponent <= 63) {
      magnitude = whole(exact.significand(), exponent);
    } else {
      magnitude = exponent < 128 ? exact.significand() << (exponent - 63) : 0;
    }
    long greatest = negative ? 1L << (WORD - 1) : (1L << (WORD - 1)) - 1;
    long low = (negative ? -magnitude : magnitude) & 0xffff_ffffL;
    if (exponent > 63 || Long.compareUnsigned(magnitude, greatest) > 0) {
      env.invalidOperation();
      return low;
    }
    if (rest(exact.significand(), exponent) != 0) {
      env.inexact();
      return low;
    }
    return low | 1L << WORD;
  }

  /**
   * A fixed-point number as a floating-point one.
   *
   * @param number sign- or zero-extended to 64 bits
   * @param fractionBits bits after the point; 0 of an integer
   */
  public static long fromFixed(
      FloatEnvironment env, Format format, long number, int fractionBits, boolean signed) {
    if (number == 0) {
      return 0;
    }
    boolean negative = signed && number < 0;
    long magnitude = negative ? -number : number;
    return env.round(format, Unpacked.finite(negative, 63 - fractionBits, magnitude));
  }

  /**
   * The number rounded to an integer.
   *
   * @param exactly whether it is an exception that the number was not an integer
   */
  public static long toInteger(
      FloatEnvironment env, Format format, long number, Rounding rounding, boolean exactly) {
    Unpacked exact = env.unpack(format, number);
    if (exact.isNan()) {
      return env.nan(format, number);
    }
    if (exact.isInfinity() || exact.isZero()) {
      return exact.isZero() ? format.zero(exact.negative()) : number;
    }
    if (exact.exponent() >= format.fractionBits) {
      return number;
    }
    long rest = rest(exact.significand(), exact.exponent());
    long magnitude =
        rounding.rounded(exact.negative(), whole(exact.significand(), exact.exponent()), rest);
    if (rest != 0 && exactly) {
      env.inexact();
    }
    return integer(env, format, exact.negative(), magnitude);
  }

  private static long integer(
      FloatEnvironment env, Format format, boolean negative, long magnitude) {
    return magnitude == 0
        ? format.zero(negative)
        : env.round(format, Unpacked.finite(negative, 63, magnitude));
  }

  /**
   * FRINT32 and FRINT64: the number rounded to an integer of 32 or 64 bits; the least of these for
   * what is none.
   */
  public static long toIntegerOf(
      FloatEnvironment env, Format format, long number, Rounding rounding, int bits) {
    Unpacked exact = env.unpack(format, number);
    if (exact.isZero()) {
      return format.zero(exact.negative());
    }
    boolean negative = exact.negative();
    if (exact.kind() == Unpacked.Kind.FINITE && exact.exponent() < bits) {
      long rest = rest(exact.significand(), exact.exponent());
      long magnitude =
          rounding.rounded(negative, whole(exact.significand(), exact.exponent()), rest);
      long greatest = (1L << (bits - 1)) - (negative ? 0 : 1);
      if (Long.compareUnsigned(magnitude, greatest) <= 0) {
        if (rest != 0) {
          env.inexact();
        }
        return integer(env, format, negative, magnitude);
      }
    }
    env.invalidOperation();
    return format.powerOfTwo(true, bits - 1);
  }
}
