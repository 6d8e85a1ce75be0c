package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/**
 * Integer operations on vectors: one method a row's semantics. The size of an element is the row's
 * access; {@code is64} is Q, and without it bits 127 to 64 become 0.
 */
final class VectorInteger {
  private VectorInteger() {}

  /** What becomes of two elements, both sign-extended; of the result the low bits count. */
  private interface OfTwo {
    long apply(long a, long b);
  }

  static void and(Pe pe, Op op) {
    bitwise(pe, op, (n, m) -> n & m);
  }

  static void bic(Pe pe, Op op) {
    bitwise(pe, op, (n, m) -> n & ~m);
  }

  static void orr(Pe pe, Op op) {
    bitwise(pe, op, (n, m) -> n | m);
  }

  static void orn(Pe pe, Op op) {
    bitwise(pe, op, (n, m) -> n | ~m);
  }

  static void eor(Pe pe, Op op) {
    bitwise(pe, op, (n, m) -> n ^ m);
  }

  static void not(Pe pe, Op op) {
    bitwise(pe, op, (n, m) -> ~n);
  }

  private static void bitwise(Pe pe, Op op, OfTwo f) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    long low = f.apply(v.low(op.rn()), v.low(op.rm()));
    long high = op.is64() ? f.apply(v.high(op.rn()), v.high(op.rm())) : 0;
    v.set(op.rd(), low, high);
  }

  /** Bits of Rn where Rd is 1, of Rm where it is 0. */
  static void bsl(Pe pe, Op op) {
    select(pe, op, op.rd(), op.rn(), op.rm());
  }

  /** Bits of Rn where Rm is 1, else Rd stays. */
  static void bit(Pe pe, Op op) {
    select(pe, op, op.rm(), op.rn(), op.rd());
  }

  /** Bits of Rn where Rm is 0, else Rd stays. */
  static void bif(Pe pe, Op op) {
    select(pe, op, op.rm(), op.rd(), op.rn());
  }

  private static void select(Pe pe, Op op, int by, int ifOne, int ifZero) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    long low = (v.low(by) & v.low(ifOne)) | (~v.low(by) & v.low(ifZero));
    long high = (v.high(by) & v.high(ifOne)) | (~v.high(by) & v.high(ifZero));
    v.set(op.rd(), low, op.is64() ? high : 0);
  }

  static void add(Pe pe, Op op) {
    elements(pe, op, Long::sum);
  }

  static void sub(Pe pe, Op op) {
    elements(pe, op, (a, b) -> a - b);
  }

  static void cmtst(Pe pe, Op op) {
    elements(pe, op, (a, b) -> ones((a & b) != 0));
  }

  static void cmeq(Pe pe, Op op) {
    elements(pe, op, (a, b) -> ones(a == b));
  }

  static void cmgt(Pe pe, Op op) {
    elements(pe, op, (a, b) -> ones(a > b));
  }

  static void cmge(Pe pe, Op op) {
    elements(pe, op, (a, b) -> ones(a >= b));
  }

  // Sign extension keeps the order of unsigned numbers.

  static void cmhi(Pe pe, Op op) {
    elements(pe, op, (a, b) -> ones(Long.compareUnsigned(a, b) > 0));
  }

  static void cmhs(Pe pe, Op op) {
    elements(pe, op, (a, b) -> ones(Long.compareUnsigned(a, b) >= 0));
  }

  static void smax(Pe pe, Op op) {
    elements(pe, op, Math::max);
  }

  static void smin(Pe pe, Op op) {
    elements(pe, op, Math::min);
  }

  static void umax(Pe pe, Op op) {
    elements(pe, op, VectorInteger::unsignedMax);
  }

  static void umin(Pe pe, Op op) {
    elements(pe, op, VectorInteger::unsignedMin);
  }

  static void addp(Pe pe, Op op) {
    pairs(pe, op, Long::sum);
  }

  static void smaxp(Pe pe, Op op) {
    pairs(pe, op, Math::max);
  }

  static void sminp(Pe pe, Op op) {
    pairs(pe, op, Math::min);
  }

  static void umaxp(Pe pe, Op op) {
    pairs(pe, op, VectorInteger::unsignedMax);
  }

  static void uminp(Pe pe, Op op) {
    pairs(pe, op, VectorInteger::unsignedMin);
  }

  static void cmgtZero(Pe pe, Op op) {
    withZero(pe, op, (a, zero) -> ones(a > zero));
  }

  static void cmgeZero(Pe pe, Op op) {
    withZero(pe, op, (a, zero) -> ones(a >= zero));
  }

  static void cmeqZero(Pe pe, Op op) {
    withZero(pe, op, (a, zero) -> ones(a == zero));
  }

  static void cmleZero(Pe pe, Op op) {
    withZero(pe, op, (a, zero) -> ones(a <= zero));
  }

  static void cmltZero(Pe pe, Op op) {
    withZero(pe, op, (a, zero) -> ones(a < zero));
  }

  private static long ones(boolean holds) {
    return holds ? -1 : 0;
  }

  private static long unsignedMax(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }

  private static long unsignedMin(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? a : b;
  }

  private static void elements(Pe pe, Op op, OfTwo f) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    int size = op.size();
    long low = half(f, v.low(op.rn()), v.low(op.rm()), size);
    long high = op.is64() ? half(f, v.high(op.rn()), v.high(op.rm()), size) : 0;
    v.set(op.rd(), low, high);
  }

  private static void withZero(Pe pe, Op op, OfTwo f) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    int size = op.size();
    long low = half(f, v.low(op.rn()), 0, size);
    v.set(op.rd(), low, op.is64() ? half(f, v.high(op.rn()), 0, size) : 0);
  }

  private static long half(OfTwo f, long a, long b, int size) {
    if (size == 8) {
      return f.apply(a, b);
    }
    int bits = 8 * size;
    int unused = 64 - bits;
    long result = 0;
    for (int at = 0; at < 64; at += bits) {
      long x = a << (unused - at) >> unused;
      long y = b << (unused - at) >> unused;
      result |= (f.apply(x, y) << unused >>> unused) << at;
    }
    return result;
  }

  /** Neighbours of Rn, then neighbours of Rm, become one element each. */
  private static void pairs(Pe pe, Op op, OfTwo f) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    int size = op.size();
    int unused = 64 - 8 * size;
    int count = (op.is64() ? 16 : 8) / size;
    long[] halves = new long[2];
    for (int i = 0; i < count; i++) {
      int from = 2 * i < count ? op.rn() : op.rm();
      int index = 2 * i % count;
      long a = v.element(from, size, index) << unused >> unused;
      long b = v.element(from, size, index + 1) << unused >> unused;
      int bit = 8 * size * i;
      halves[bit >>> 6] |= (f.apply(a, b) << unused >>> unused) << (bit & 63);
    }
    v.set(op.rd(), halves[0], halves[1]);
  }
}
