package dev.stagewalk.fp;

import java.math.BigInteger;

/**
 * Exact arithmetic on fractions of whole numbers, and rounding by comparing candidates: another way
 * to the results than the one under test.
 *
 * @param top numerator
 * @param bottom denominator, positive
 */
record Rational(BigInteger top, BigInteger bottom) {
  /** A finite number's value. */
  static Rational of(Format format, long number) {
    long fraction = format.fraction(number);
    int exponent = format.exponent(number);
    long magnitude = exponent == 0 ? fraction : fraction | 1L << format.fractionBits;
    int power = Math.max(exponent, 1) - 1 + format.minimumExponent - format.fractionBits;
    BigInteger top = BigInteger.valueOf(format.isNegative(number) ? -magnitude : magnitude);
    return power >= 0
        ? new Rational(top.shiftLeft(power), BigInteger.ONE)
        : new Rational(top, BigInteger.ONE.shiftLeft(-power));
  }

  /** What would follow the greatest number if the exponent had more bits. */
  static Rational beyond(Format format) {
    return new Rational(BigInteger.TWO.pow(2 - format.minimumExponent), BigInteger.ONE);
  }

  Rational plus(Rational other) {
    return new Rational(
        top.multiply(other.bottom).add(other.top.multiply(bottom)), bottom.multiply(other.bottom));
  }

  Rational times(Rational other) {
    return new Rational(top.multiply(other.top), bottom.multiply(other.bottom));
  }

  Rational over(Rational other) {
    boolean negative = other.top.signum() < 0;
    return new Rational(
        top.multiply(negative ? other.bottom.negate() : other.bottom),
        bottom.multiply(other.top.abs()));
  }

  int compare(Rational other) {
    return top.multiply(other.bottom).compareTo(other.top.multiply(bottom));
  }

  boolean isZero() {
    return top.signum() == 0;
  }

  /**
   * The number of a format that this is rounded to; the caller asks for none that is zero.
   *
   * @param exact set to whether it is this very number
   */
  long rounded(Format format, Rounding rounding, boolean[] exact) {
    boolean negative = top.signum() < 0;
    Rational magnitude = new Rational(top.abs(), bottom);
    // The greatest number that is not greater, found bit by bit: the order of the bits is that of
    // the numbers.
    long below = 0;
    for (int bit = format.bits - 2; bit >= 0; bit--) {
      long trial = below | 1L << bit;
      if (trial < format.infinity(false) && of(format, trial).compare(magnitude) <= 0) {
        below = trial;
      }
    }
    exact[0] = of(format, below).compare(magnitude) == 0;
    if (exact[0]) {
      return below | format.zero(negative);
    }
    Rational above = below == format.greatest(false) ? beyond(format) : of(format, below + 1);
    int half = magnitude.plus(magnitude).compare(of(format, below).plus(above));
    boolean up =
        switch (rounding) {
          case TIES_TO_EVEN -> half > 0 || (half == 0 && (below & 1) != 0);
          case TIES_AWAY_FROM_ZERO -> half >= 0;
          case TOWARDS_PLUS_INFINITY -> !negative;
          case TOWARDS_MINUS_INFINITY -> negative;
          case TOWARDS_ZERO -> false;
          case TO_ODD -> (below & 1) == 0;
        };
    if (rounding == Rounding.TO_ODD && below == format.greatest(false)) {
      up = false;
    }
    return (up ? below + 1 : below) | format.zero(negative);
  }
}
