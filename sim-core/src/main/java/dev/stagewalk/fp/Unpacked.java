package dev.stagewalk.fp;

/**
 * A number taken apart.
 *
 * @param kind what it is
 * @param negative its sign
 * @param exponent of a finite number: its value is significand times 2<sup>exponent - 63</sup>
 * @param significand of a finite number, unsigned; its highest bit is 1
 */
record Unpacked(Kind kind, boolean negative, int exponent, long significand) {

  enum Kind {
    ZERO,
    FINITE,
    INFINITY,
    QUIET_NAN,
    SIGNALING_NAN
  }

  static Unpacked of(Kind kind, boolean negative) {
    return new Unpacked(kind, negative, 0, 0);
  }

  static Unpacked finite(boolean negative, int exponent, long significand) {
    int leading = Long.numberOfLeadingZeros(significand);
    return new Unpacked(Kind.FINITE, negative, exponent - leading, significand << leading);
  }

  boolean isZero() {
    return kind == Kind.ZERO;
  }

  boolean isInfinity() {
    return kind == Kind.INFINITY;
  }

  boolean isNan() {
    return kind == Kind.QUIET_NAN || kind == Kind.SIGNALING_NAN;
  }

  Unpacked negated() {
    return new Unpacked(kind, !negative, exponent, significand);
  }
}
