package dev.stagewalk.fp;

import org.jspecify.annotations.Nullable;

/**
 * Sums, products, quotients and roots of finite numbers that are not zero, before they are rounded.
 * A result has so many bits that with the last one standing for all that follow it rounds in every
 * format and mode as the infinitely precise one would.
 */
final class Exact {
  /**
   * Digits after the point of a quotient or root: the longest significand, one to round by, and
   * some to spare.
   */
  private static final int DIGITS = 60;

  /** How many digits a quotient grows by at once. */
  private static final int CHUNK = 10;

  /** Low bits that are 0 in every significand. */
  private static final int SHORT = 11;

  private Exact() {}

  /** The product. */
  static Unpacked product(Unpacked a, Unpacked b) {
    long high = Math.unsignedMultiplyHigh(a.significand(), b.significand());
    long low = a.significand() * b.significand();
    return Unpacked.finite(
        a.negative() != b.negative(), a.exponent() + b.exponent() + 1, sticky(high, low));
  }

  /** The sum; null where it is zero. */
  static @Nullable Unpacked sum(Unpacked a, Unpacked b) {
    return sum(
        a.negative(),
        a.exponent(),
        a.significand(),
        0,
        b.negative(),
        b.exponent(),
        b.significand());
  }

  /** The sum of a product and a number; null where it is zero. */
  static @Nullable Unpacked productSum(Unpacked a, Unpacked b, Unpacked c) {
    return sum(
        a.negative() != b.negative(),
        a.exponent() + b.exponent() + 1,
        Math.unsignedMultiplyHigh(a.significand(), b.significand()),
        a.significand() * b.significand(),
        c.negative(),
        c.exponent(),
        c.significand());
  }

  /**
   * Adds high:low times 2<sup>exponent - 127</sup>, whose low bits are 0 and whose highest bit may
   * be, and a number.
   */
  private static @Nullable Unpacked sum(
      boolean negative1,
      int exponent1,
      long high1,
      long low1,
      boolean negative2,
      int exponent2,
      long high2) {
    // One bit for the carry.
    long h1 = high1 >>> 1;
    long l1 = low1 >>> 1 | high1 << 63;
    long h2 = high2 >>> 1;
    long l2 = high2 << 63;
    int exponent = Math.max(exponent1, exponent2) + 1;
    int move1 = exponent - 1 - exponent1;
    int move2 = exponent - 1 - exponent2;
    if (move1 > 0) {
      long lost = lost(h1, l1, move1);
      l1 = low(h1, l1, move1) | lost;
      h1 = move1 < 64 ? h1 >>> move1 : 0;
    } else if (move2 > 0) {
      long lost = lost(h2, l2, move2);
      l2 = low(h2, l2, move2) | lost;
      h2 = move2 < 64 ? h2 >>> move2 : 0;
    }
    boolean negative = negative1;
    long high;
    long low;
    if (negative1 == negative2) {
      low = l1 + l2;
      high = h1 + h2 + (Long.compareUnsigned(low, l1) < 0 ? 1 : 0);
    } else {
      int order = h1 != h2 ? Long.compareUnsigned(h1, h2) : Long.compareUnsigned(l1, l2);
      if (order == 0) {
        return null;
      }
      if (order < 0) {
        negative = negative2;
        low = l2 - l1;
        high = h2 - h1 - (Long.compareUnsigned(l2, l1) < 0 ? 1 : 0);
      } else {
        low = l1 - l2;
        high = h1 - h2 - (Long.compareUnsigned(l1, l2) < 0 ? 1 : 0);
      }
    }
    if (high == 0) {
      return Unpacked.finite(negative, exponent - 64, low);
    }
    int leading = Long.numberOfLeadingZeros(high);
    if (leading > 0) {
      high = high << leading | low >>> (64 - leading);
      low <<= leading;
    }
    return new Unpacked(Unpacked.Kind.FINITE, negative, exponent - leading, sticky(high, low));
  }

  /** The quotient. */
  static Unpacked quotient(Unpacked a, Unpacked b) {
    long divisor = b.significand() >>> SHORT;
    long rest = a.significand() >>> SHORT;
    long quotient = 0;
    // What stands before the point, 0 or 1, then the digits.
    for (int digits = 0; digits <= DIGITS; digits += CHUNK) {
      quotient = quotient << CHUNK | rest / divisor;
      rest = rest % divisor << CHUNK;
    }
    return Unpacked.finite(
        a.negative() != b.negative(),
        a.exponent() - b.exponent() + 63 - DIGITS,
        sticky(quotient, rest));
  }

  /** The square root of a positive number. */
  static Unpacked root(Unpacked a) {
    // The radicand, between 1 and 4, two bits at a time.
    boolean odd = (a.exponent() & 1) != 0;
    long radicand = odd ? a.significand() : a.significand() >>> 1;
    long root = 0;
    long rest = 0;
    for (int digits = 0; digits <= DIGITS; digits++) {
      rest = rest << 2 | radicand >>> 62;
      radicand <<= 2;
      long trial = root << 2 | 1;
      root <<= 1;
      if (rest >= trial) {
        rest -= trial;
        root |= 1;
      }
    }
    return Unpacked.finite(false, (a.exponent() >> 1) + 63 - DIGITS, sticky(root, rest));
  }

  private static long sticky(long significand, long rest) {
    return rest != 0 ? significand | 1 : significand;
  }

  /** Bits 63 to 0 of high:low moved right. */
  private static long low(long high, long low, int by) {
    if (by < 64) {
      return low >>> by | high << (64 - by);
    }
    return by == 64 ? high : by < 128 ? high >>> (by - 64) : 0;
  }

  /** 1 where a bit falls out at the right of high:low, moved by 1 or more. */
  private static long lost(long high, long low, int by) {
    if (by < 64) {
      return low << (64 - by) != 0 ? 1 : 0;
    }
    long gone = by == 64 ? 0 : by < 128 ? high << (128 - by) : high;
    return (low | gone) != 0 ? 1 : 0;
  }
}
