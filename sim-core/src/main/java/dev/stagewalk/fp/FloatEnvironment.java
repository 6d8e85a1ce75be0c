package dev.stagewalk.fp;

/**
 * What operations depend on and leave behind: the controls of FPCR and the cumulative exceptions of
 * FPSR. Made for one instruction; not safe for several threads.
 *
 * <p>Source: Arm ARM, FPCR and FPSR; shared pseudocode functions {@code FPUnpackBase}, {@code
 * FPRoundBase}, {@code FPProcessNaN}, {@code FPProcessException}.
 */
public final class FloatEnvironment {
  private static final int IOC = 1;
  private static final int DZC = 1 << 1;
  private static final int OFC = 1 << 2;
  private static final int UFC = 1 << 3;
  private static final int IXC = 1 << 4;
  private static final int IDC = 1 << 7;

  private static final int AHP = 1 << 26;
  private static final int DN = 1 << 25;
  private static final int FZ = 1 << 24;
  private static final int RMODE_SHIFT = 22;
  private static final int FZ16 = 1 << 19;

  private final int fpcr;
  private final Rounding rounding;
  private long fpsr;

  /**
   * The environment of an instruction.
   *
   * @param fpcr FPCR
   * @param fpsr FPSR before the instruction
   */
  public FloatEnvironment(long fpcr, long fpsr) {
    this.fpcr = (int) fpcr;
    this.fpsr = fpsr;
    rounding = Rounding.ofMode(this.fpcr >>> RMODE_SHIFT & 3);
  }

  /** FPSR with the exceptions of all operations so far. */
  public long fpsr() {
    return fpsr;
  }

  /** The rounding that FPCR.RMode asks for. */
  public Rounding rounding() {
    return rounding;
  }

  /**
   * Whether the host's arithmetic gives what is asked for where operands and result are normal: it
   * rounds to the nearest, and does not say whether it was exact, which no longer counts where
   * FPSR.IXC is 1 already.
   */
  boolean isHosts() {
    return rounding == Rounding.TIES_TO_EVEN && (fpsr & IXC) != 0;
  }

  void invalidOperation() {
    fpsr |= IOC;
  }

  void divideByZero() {
    fpsr |= DZC;
  }

  void overflow() {
    fpsr |= OFC | IXC;
  }

  void underflow() {
    fpsr |= UFC;
  }

  void inexact() {
    fpsr |= IXC;
  }

  /** Whether denormal numbers are flushed to zero in a format: FPCR.FZ, or FZ16. */
  boolean flushes(Format format) {
    return (fpcr & (format == Format.HALF ? FZ16 : FZ)) != 0;
  }

  /** Whether half-precision numbers of conversions are in the alternative format. */
  boolean alternativeHalf() {
    return (fpcr & AHP) != 0;
  }

  boolean defaultNan() {
    return (fpcr & DN) != 0;
  }

  /** The operand, or the zero it is flushed to. */
  long flushed(Format format, long number) {
    if (flushes(format) && format.isDenormal(number)) {
      // Flushing half-precision numbers is no exception.
      if (format != Format.HALF) {
        fpsr |= IDC;
      }
      return format.zero(format.isNegative(number));
    }
    return number;
  }

  Unpacked unpack(Format format, long number) {
    return unpacked(format, flushed(format, number), false);
  }

  /** As a conversion between formats sees it: FZ16 has no effect, AHP has. */
  Unpacked unpackForConversion(Format format, long number) {
    return format == Format.HALF
        ? unpacked(format, number, alternativeHalf())
        : unpack(format, number);
  }

  private static Unpacked unpacked(Format format, long number, boolean alternative) {
    boolean negative = format.isNegative(number);
    int exponent = format.exponent(number);
    long fraction = format.fraction(number);
    if (exponent == 0) {
      return fraction == 0
          ? Unpacked.of(Unpacked.Kind.ZERO, negative)
          : Unpacked.finite(
              negative, format.minimumExponent, fraction << (63 - format.fractionBits));
    }
    if (exponent == format.topExponent && !alternative) {
      if (fraction == 0) {
        return Unpacked.of(Unpacked.Kind.INFINITY, negative);
      }
      boolean signaling = format.isSignaling(number);
      return Unpacked.of(
          signaling ? Unpacked.Kind.SIGNALING_NAN : Unpacked.Kind.QUIET_NAN, negative);
    }
    long significand = (1L << format.fractionBits | fraction) << (63 - format.fractionBits);
    return new Unpacked(
        Unpacked.Kind.FINITE, negative, exponent - 1 + format.minimumExponent, significand);
  }

  /** The result for an operand that is a NaN. */
  long nan(Format format, long number) {
    if (format.isSignaling(number)) {
      invalidOperation();
    }
    return defaultNan() ? format.defaultNan() : format.quieted(number);
  }

  /** The Default NaN, the result of an invalid operation. */
  long invalid(Format format) {
    invalidOperation();
    return format.defaultNan();
  }

  /** The result for two operands of which at least one is a NaN. */
  long nans(Format format, long one, long two) {
    boolean first = format.isSignaling(one) || (!format.isSignaling(two) && format.isNan(one));
    return nan(format, first ? one : two);
  }

  /** The result for three operands of which at least one is a NaN. */
  long nans(Format format, long one, long two, long three) {
    boolean others = format.isNan(two) || format.isNan(three);
    if (!others || format.isSignaling(one)) {
      return nan(format, one);
    }
    boolean otherSignals = format.isSignaling(two) || format.isSignaling(three);
    return format.isNan(one) && !otherSignals ? nan(format, one) : nans(format, two, three);
  }

  /** A sum or difference that is exactly zero. */
  long exactZero(Format format) {
    return format.zero(rounding == Rounding.TOWARDS_MINUS_INFINITY);
  }

  /** Rounds as FPCR says. */
  long round(Format format, Unpacked exact) {
    return round(format, exact, rounding);
  }

  /**
   * Rounds a finite number that is not zero.
   *
   * @param exact the number; its lowest bit is 1 also where smaller bits would follow
   */
  long round(Format format, Unpacked exact, Rounding how) {
    return round(format, exact, how, flushes(format), false);
  }

  /** Rounds the result of a conversion between formats: FZ16 has no effect, AHP has. */
  long roundConversion(Format format, Unpacked exact, Rounding how) {
    boolean half = format == Format.HALF;
    return round(format, exact, how, !half && flushes(format), half && alternativeHalf());
  }

  private long round(
      Format format, Unpacked exact, Rounding how, boolean flush, boolean alternative) {
    boolean negative = exact.negative();
    if (flush && exact.exponent() < format.minimumExponent) {
      underflow();
      return format.zero(negative);
    }
    int exponent = Math.max(exact.exponent() - format.minimumExponent + 1, 0);
    int cut = 63 - format.fractionBits;
    if (exponent == 0) {
      cut += format.minimumExponent - exact.exponent();
    }
    long magnitude = cut < 64 ? exact.significand() >>> cut : 0;
    long rest = cut < 64 ? exact.significand() << (64 - cut) : cut == 64 ? exact.significand() : 1;
    // Whether a result is tiny is decided before it is rounded.
    if (exponent == 0 && rest != 0) {
      underflow();
    }
    magnitude = how.rounded(negative, magnitude, rest);
    // The hidden bit of a normal number adds 1 to the exponent below it, and so does a carry.
    long packed = ((long) Math.max(exponent - 1, 0) << format.fractionBits) + magnitude;
    int reached = (int) (packed >>> format.fractionBits);
    if (alternative) {
      if (reached > format.topExponent) {
        invalidOperation();
        return format.number(negative, format.topExponent, (1L << format.fractionBits) - 1);
      }
    } else if (reached >= format.topExponent) {
      overflow();
      return how.overflowsToInfinity(negative)
          ? format.infinity(negative)
          : format.greatest(negative);
    }
    if (rest != 0) {
      inexact();
    }
    return format.zero(negative) | packed;
  }
}
