package dev.stagewalk.fp;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results against exact fractions, in every format and rounding mode. */
class FloatArithmeticTest {
  private static final int ROUNDS = 1500;
  private static final int IOC = 1;
  private static final int DZC = 2;
  private static final int OFC = 4;
  private static final int UFC = 8;
  private static final int IXC = 16;
  private static final int IDC = 128;
  private static final long FZ = 1 << 24;
  private static final long DN = 1 << 25;
  private static final long AHP = 1 << 26;
  private static final long FZ16 = 1 << 19;

  private final Random random = new Random(38);

  private static FloatEnvironment mode(int mode, long more) {
    return new FloatEnvironment((long) mode << 22 | more, 0);
  }

  /** A finite number; exponents are near one another, or at the ends. */
  private long finite(Format format) {
    int bias = 1 - format.minimumExponent;
    int exponent =
        switch (random.nextInt(8)) {
          case 0 -> 0;
          case 1 -> 1 + random.nextInt(2);
          case 2 -> format.topExponent - 1 - random.nextInt(2);
          case 3 -> random.nextInt(format.topExponent);
          default ->
              Math.clamp(
                  bias + random.nextInt(-format.fractionBits - 3, format.fractionBits + 4),
                  0,
                  format.topExponent - 1);
        };
    long fraction = random.nextLong() & (1L << format.fractionBits) - 1;
    if (random.nextInt(3) == 0) {
      fraction &= -1L << random.nextInt(format.fractionBits);
    } else if (random.nextInt(4) == 0) {
      fraction |= (1L << random.nextInt(format.fractionBits)) - 1;
    }
    return format.number(random.nextBoolean(), exponent, fraction);
  }

  private static void check(
      String what, Format format, int mode, Rational exact, long result, FloatEnvironment env) {
    boolean[] isExact = new boolean[1];
    long expected = exact.rounded(format, Rounding.ofMode(mode), isExact);
    Rational least = Rational.of(format, format.number(false, 1, 0));
    Rational magnitude = new Rational(exact.top().abs(), exact.bottom());
    boolean overflow =
        format.isInfinity(expected) || magnitude.compare(Rational.beyond(format)) >= 0;
    long flags =
        (isExact[0] ? 0 : IXC)
            | (overflow ? OFC : 0)
            | (!isExact[0] && magnitude.compare(least) < 0 ? UFC : 0);
    assertThat(Long.toHexString(result) + " " + env.fpsr())
        .as("%s, %s, mode %d", what, format, mode)
        .isEqualTo(Long.toHexString(expected) + " " + flags);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void sumsAreRoundedExactFractions(Format format) {
    for (int i = 0; i < ROUNDS; i++) {
      long a = finite(format);
      long b = finite(format);
      Rational exact = Rational.of(format, a).plus(Rational.of(format, b));
      if (!exact.isZero()) {
        FloatEnvironment env = mode(i & 3, 0);
        check(
            Long.toHexString(a) + " + " + Long.toHexString(b),
            format,
            i & 3,
            exact,
            FloatArithmetic.add(env, format, a, b),
            env);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void productsQuotientsAndFusedSumsAreRoundedExactFractions(Format format) {
    for (int i = 0; i < ROUNDS; i++) {
      long a = finite(format);
      long b = finite(format);
      long c = finite(format);
      if (format.isZero(a) || format.isZero(b)) {
        continue;
      }
      Rational left = Rational.of(format, a);
      Rational right = Rational.of(format, b);
      String what = Long.toHexString(a) + " and " + Long.toHexString(b);
      FloatEnvironment env = mode(i & 3, 0);
      long product = FloatArithmetic.multiply(env, format, a, b);
      check(what + " product", format, i & 3, left.times(right), product, env);
      env = mode(i & 3, 0);
      long quotient = FloatArithmetic.divide(env, format, a, b);
      check(what + " quotient", format, i & 3, left.over(right), quotient, env);
      if (i % 3 == 0 && !format.isInfinity(product)) {
        // An addend that cancels most of the product.
        c = format.negate(product ^ random.nextInt(4));
      }
      if (format.isInfinity(c) || format.isNan(c)) {
        continue;
      }
      Rational fused = left.times(right).plus(Rational.of(format, c));
      if (!fused.isZero()) {
        env = mode(i & 3, 0);
        long sum = FloatArithmetic.multiplyAdd(env, format, c, a, b);
        check(what + " plus " + Long.toHexString(c), format, i & 3, fused, sum, env);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void aRootIsTheNumberBetweenWhoseNeighboursSquaresItLies(Format format) {
    for (int i = 0; i < ROUNDS; i++) {
      long a = format.absolute(finite(format));
      if (format.isZero(a)) {
        continue;
      }
      FloatEnvironment env = mode(Rounding.TOWARDS_MINUS_INFINITY.ordinal(), 0);
      long below = FloatArithmetic.squareRoot(env, format, a);
      Rational square = Rational.of(format, a);
      Rational root = Rational.of(format, below);
      Rational next = Rational.of(format, below + 1);
      boolean exact = root.times(root).compare(square) == 0;
      assertThat(root.times(root).compare(square)).isNotPositive();
      assertThat(next.times(next).compare(square)).isPositive();
      assertThat(env.fpsr()).isEqualTo(exact ? 0 : IXC);
      env = mode(0, 0);
      Rational middle = root.plus(next).times(new Rational(BigInteger.ONE, BigInteger.TWO));
      assertThat(FloatArithmetic.squareRoot(env, format, a))
          .isEqualTo(middle.times(middle).compare(square) < 0 ? below + 1 : below);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SINGLE", "DOUBLE"})
  void theHostsArithmeticIsUsedOnlyWhereItIsTheSame(Format format) {
    for (int i = 0; i < 10 * ROUNDS; i++) {
      long a = i % 7 == 0 ? random.nextLong() >>> (64 - format.bits) : finite(format);
      long b = finite(format);
      long c = finite(format);
      long fpcr = i % 3 == 0 ? FZ : 0;
      FloatEnvironment fresh = new FloatEnvironment(fpcr, 0);
      FloatEnvironment worn = new FloatEnvironment(fpcr, IXC);
      assertThat(FloatArithmetic.add(worn, format, a, b))
          .isEqualTo(FloatArithmetic.add(fresh, format, a, b));
      assertThat(FloatArithmetic.multiply(worn, format, a, b))
          .isEqualTo(FloatArithmetic.multiply(fresh, format, a, b));
      assertThat(worn.fpsr()).isEqualTo(fresh.fpsr() | IXC);
      fresh = new FloatEnvironment(fpcr, 0);
      worn = new FloatEnvironment(fpcr, IXC);
      assertThat(FloatArithmetic.divide(worn, format, a, b))
          .isEqualTo(FloatArithmetic.divide(fresh, format, a, b));
      assertThat(FloatArithmetic.squareRoot(worn, format, a))
          .isEqualTo(FloatArithmetic.squareRoot(fresh, format, a));
      assertThat(FloatArithmetic.multiplyAdd(worn, format, c, a, b))
          .isEqualTo(FloatArithmetic.multiplyAdd(fresh, format, c, a, b));
      assertThat(worn.fpsr()).isEqualTo(fresh.fpsr() | IXC);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void conversionsAreRoundedExactFractions(int mode) {
    Format[] formats = Format.values();
    for (int i = 0; i < ROUNDS; i++) {
      Format from = formats[random.nextInt(3)];
      Format to = formats[random.nextInt(3)];
      long a = finite(from);
      if (from == to || from.isZero(a)) {
        continue;
      }
      FloatEnvironment env = mode(mode, 0);
      long result = FloatConversion.convert(env, from, to, a, env.rounding());
      check(from + " " + Long.toHexString(a), to, mode, Rational.of(from, a), result, env);
      boolean[] exact = new boolean[1];
      assertThat(FloatConversion.convert(env, from, to, a, Rounding.TO_ODD))
          .isEqualTo(Rational.of(from, a).rounded(to, Rounding.TO_ODD, exact));
      long number = random.nextLong() >> random.nextInt(64);
      if (number != 0) {
        env = mode(mode, 0);
        result = FloatConversion.fromFixed(env, to, number, 7, true);
        Rational fixed = new Rational(BigInteger.valueOf(number), BigInteger.valueOf(128));
        check(number + " / 128", to, mode, fixed, result, env);
      }
    }
  }

  @Test
  void nansComeFromTheFirstThatSignalsElseFromTheFirst() {
    long quiet = 0x7fc0_0001L;
    long signaling = 0xff80_0002L;
    long one = 0x3f80_0000L;
    FloatEnvironment env = mode(0, 0);
    assertThat(FloatArithmetic.add(env, Format.SINGLE, quiet, one)).isEqualTo(quiet);
    assertThat(env.fpsr()).isZero();
    assertThat(FloatArithmetic.add(env, Format.SINGLE, quiet, signaling)).isEqualTo(0xffc0_0002L);
    assertThat(env.fpsr()).isEqualTo(IOC);
    assertThat(FloatArithmetic.subtract(env, Format.SINGLE, one, quiet)).isEqualTo(quiet);
    assertThat(FloatArithmetic.multiplyNegated(env, Format.SINGLE, one, quiet))
        .isEqualTo(0xffc0_0001L);
    env = mode(0, DN);
    assertThat(FloatArithmetic.add(env, Format.SINGLE, quiet, one)).isEqualTo(0x7fc0_0000L);
  }

  @Test
  void infinityTimesZeroIsInvalidEvenWhereAQuietNanIsAdded() {
    FloatEnvironment env = mode(0, 0);
    long nan = 0x7fc0_0001L;
    assertThat(FloatArithmetic.multiplyAdd(env, Format.SINGLE, nan, 0x7f80_0000L, 0))
        .isEqualTo(0x7fc0_0000L);
    assertThat(env.fpsr()).isEqualTo(IOC);
    assertThat(FloatArithmetic.multiplyExtended(env, Format.SINGLE, 0xff80_0000L, 0))
        .isEqualTo(0xc000_0000L);
  }

  @Test
  void flushingIsToldOfInputsAndOfResultsButNotOfHalfInputs() {
    FloatEnvironment env = mode(0, FZ | FZ16);
    assertThat(FloatArithmetic.add(env, Format.SINGLE, 0x8000_0001L, 0x8000_0000L))
        .isEqualTo(0x8000_0000L);
    assertThat(env.fpsr()).isEqualTo(IDC);
    env = mode(0, FZ | FZ16);
    assertThat(FloatArithmetic.multiply(env, Format.SINGLE, 0x0080_0000L, 0x3f00_0000L)).isZero();
    assertThat(env.fpsr()).as("flushed, and not said to be inexact").isEqualTo(UFC);
    env = mode(0, FZ | FZ16);
    assertThat(FloatArithmetic.add(env, Format.HALF, 1, 0)).isZero();
    assertThat(env.fpsr()).isZero();
    env = mode(0, FZ16);
    assertThat(FloatConversion.convert(env, Format.HALF, Format.SINGLE, 1, env.rounding()))
        .as("conversions ignore FZ16")
        .isEqualTo(0x3380_0000L);
  }

  @Test
  void divisionByZeroIsAnExceptionOfItsOwn() {
    FloatEnvironment env = mode(0, 0);
    assertThat(FloatArithmetic.divide(env, Format.DOUBLE, 1L << 63 | 1, 0)).isEqualTo(0xfffL << 52);
    assertThat(env.fpsr()).isEqualTo(DZC);
    assertThat(FloatArithmetic.divide(env, Format.DOUBLE, 0, 0)).isEqualTo(0x7ff8L << 48);
    assertThat(env.fpsr()).isEqualTo(DZC | IOC);
  }

  @Test
  void theAlternativeHalfHasMoreNumbersAndNeitherInfinityNorNan() {
    FloatEnvironment env = mode(0, AHP);
    long big = Float.floatToRawIntBits(131008);
    assertThat(FloatConversion.convert(env, Format.SINGLE, Format.HALF, big, env.rounding()))
        .isEqualTo(0x7fff);
    assertThat(FloatConversion.convert(env, Format.HALF, Format.SINGLE, 0x7fff, env.rounding()))
        .isEqualTo(big);
    assertThat(env.fpsr()).isZero();
    assertThat(
            FloatConversion.convert(env, Format.SINGLE, Format.HALF, 0xff80_0000L, env.rounding()))
        .isEqualTo(0xffff);
    assertThat(env.fpsr()).isEqualTo(IOC);
    assertThat(
            FloatConversion.convert(env, Format.SINGLE, Format.HALF, 0xffc0_0000L, env.rounding()))
        .isEqualTo(0x8000);
  }

  @Test
  void integersOutOfRangeSaturateAndAreInvalidNotInexact() {
    FloatEnvironment env = mode(0, 0);
    long number = Double.doubleToRawLongBits(2147483647.5);
    assertThat(toWord(env, number, true, Rounding.TOWARDS_ZERO)).isEqualTo(0x7fff_ffffL);
    assertThat(env.fpsr()).isEqualTo(IXC);
    env = mode(0, 0);
    assertThat(toWord(env, number, true, Rounding.TIES_TO_EVEN)).isEqualTo(0x7fff_ffffL);
    assertThat(env.fpsr()).isEqualTo(IOC);
    env = mode(0, 0);
    long small = Double.doubleToRawLongBits(-0.75);
    assertThat(toWord(env, small, false, Rounding.TOWARDS_ZERO)).isZero();
    assertThat(env.fpsr()).isEqualTo(IXC);
    assertThat(toWord(env, small, false, Rounding.TIES_TO_EVEN)).isZero();
    assertThat(env.fpsr()).isEqualTo(IXC | IOC);
  }

  private static long toWord(FloatEnvironment env, long number, boolean signed, Rounding rounding) {
    return FloatConversion.toFixed(env, Format.DOUBLE, number, 0, 32, signed, rounding);
  }
}
