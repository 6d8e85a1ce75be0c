package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/**
 * Integer operations on vectors, element by element. All operands are read before the result is
 * written. The row's access is the size of an element, of the narrower ones where they differ;
 * {@code is64} is Q.
 *
 * <p>Source: Arm ARM, "A64 Advanced SIMD and floating-point instruction descriptions", the
 * operations of the three same, three different, two-register miscellaneous, shift by immediate and
 * indexed element groups.
 */
final class Lanes {
  private Lanes() {}

  /** What becomes of an element; of the result the low bits count. */
  interface Lane {
    /**
     * The new element.
     *
     * @param bits of the new element
     * @param d the old one, sign- or zero-extended as the operation says
     * @param n of Rn, extended
     * @param m of Rm, extended; or the row's imm
     */
    long apply(Pe pe, int bits, long d, long n, long m);
  }

  /** Where the second operand comes from. */
  private enum Second {
    REGISTER,
    ELEMENT,
    IMMEDIATE
  }

  /** Which elements have twice the width of the others. */
  private enum Twice {
    NONE,
    RESULT,
    RESULT_AND_FIRST,
    OPERANDS
  }

  /** How wide the elements of result and operands are, and how many are computed. */
  enum Shape {
    /** All of one width. */
    SAME(Twice.NONE, false, Second.REGISTER),
    SAME_BY_ELEMENT(Twice.NONE, false, Second.ELEMENT),
    SAME_IMMEDIATE(Twice.NONE, false, Second.IMMEDIATE),
    /** Of one width, the lowest only. */
    LOWEST(Twice.NONE, true, Second.REGISTER),
    LOWEST_BY_ELEMENT(Twice.NONE, true, Second.ELEMENT),
    LOWEST_IMMEDIATE(Twice.NONE, true, Second.IMMEDIATE),
    /** The result has twice the width. */
    LONG(Twice.RESULT, false, Second.REGISTER),
    LONG_BY_ELEMENT(Twice.RESULT, false, Second.ELEMENT),
    LONG_IMMEDIATE(Twice.RESULT, false, Second.IMMEDIATE),
    LONG_LOWEST(Twice.RESULT, true, Second.REGISTER),
    LONG_LOWEST_BY_ELEMENT(Twice.RESULT, true, Second.ELEMENT),
    /** The result and the first operand have. */
    WIDE(Twice.RESULT_AND_FIRST, false, Second.REGISTER),
    /** The operands have. */
    NARROW(Twice.OPERANDS, false, Second.REGISTER),
    NARROW_IMMEDIATE(Twice.OPERANDS, false, Second.IMMEDIATE),
    NARROW_LOWEST(Twice.OPERANDS, true, Second.REGISTER),
    NARROW_LOWEST_IMMEDIATE(Twice.OPERANDS, true, Second.IMMEDIATE);

    private final Twice twice;
    private final boolean lowest;
    private final Second second;

    Shape(Twice twice, boolean lowest, Second second) {
      this.twice = twice;
      this.lowest = lowest;
      this.second = second;
    }

    /** The second operand where it is one number for all elements. */
    private long common(Pe pe, Op op, boolean signed) {
      return switch (second) {
        case REGISTER -> 0;
        case ELEMENT -> {
          long element = pe.vectors.element(op.rm(), op.size(), (int) op.imm2());
          yield signed ? signExtended(8 * op.size(), element) : element;
        }
        case IMMEDIATE -> op.imm();
      };
    }
  }

  /** An operation on sign-extended elements. */
  static Semantics signed(Shape shape, Lane lane) {
    return of(shape, true, lane);
  }

  /** An operation on zero-extended elements. */
  static Semantics unsigned(Shape shape, Lane lane) {
    return of(shape, false, lane);
  }

  private static Semantics of(Shape shape, boolean signed, Lane lane) {
    if (shape.lowest) {
      return (pe, op) -> lowest(pe, op, shape, signed, lane);
    }
    return switch (shape.twice) {
      case NONE -> (pe, op) -> same(pe, op, shape, signed, lane);
      case RESULT -> (pe, op) -> lengthen(pe, op, shape, signed, lane);
      case RESULT_AND_FIRST -> (pe, op) -> widen(pe, op, signed, lane);
      case OPERANDS -> (pe, op) -> narrow(pe, op, shape, signed, lane);
    };
  }

  // One short method for each, so that HotSpot makes one loop of it and the operation.

  private static void same(Pe pe, Op op, Shape shape, boolean signed, Lane lane) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    int bits = 8 * op.size();
    int rd = op.rd();
    int rn = op.rn();
    int rm = op.rm();
    if (shape.second == Second.REGISTER) {
      long low = equal(pe, lane, signed, bits, v.low(rd), v.low(rn), v.low(rm));
      long high = op.is64() ? equal(pe, lane, signed, bits, v.high(rd), v.high(rn), v.high(rm)) : 0;
      v.set(rd, low, high);
    } else {
      long m = shape.common(pe, op, signed);
      long low = half(pe, lane, signed, bits, v.low(rd), bits, v.low(rn), 0, m);
      long high = op.is64() ? half(pe, lane, signed, bits, v.high(rd), bits, v.high(rn), 0, m) : 0;
      v.set(rd, low, high);
    }
  }

  private static void lengthen(Pe pe, Op op, Shape shape, boolean signed, Lane lane) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    int bits = 8 * op.size();
    int rd = op.rd();
    long n = op.is64() ? v.high(op.rn()) : v.low(op.rn());
    boolean register = shape.second == Second.REGISTER;
    long m = shape.common(pe, op, signed);
    long above = m;
    if (register) {
      m = op.is64() ? v.high(op.rm()) : v.low(op.rm());
      above = m >>> 32;
    }
    int mBits = register ? bits : 0;
    long low = half(pe, lane, signed, 2 * bits, v.low(rd), bits, n, mBits, m);
    long high = half(pe, lane, signed, 2 * bits, v.high(rd), bits, n >>> 32, mBits, above);
    v.set(rd, low, high);
  }

  private static void widen(Pe pe, Op op, boolean signed, Lane lane) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    int bits = 8 * op.size();
    int rd = op.rd();
    int rn = op.rn();
    long m = op.is64() ? v.high(op.rm()) : v.low(op.rm());
    long low = half(pe, lane, signed, 2 * bits, v.low(rd), 2 * bits, v.low(rn), bits, m);
    long high = half(pe, lane, signed, 2 * bits, v.high(rd), 2 * bits, v.high(rn), bits, m >>> 32);
    v.set(rd, low, high);
  }

  private static void narrow(Pe pe, Op op, Shape shape, boolean signed, Lane lane) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    int bits = 8 * op.size();
    int rn = op.rn();
    boolean register = shape.second == Second.REGISTER;
    long common = shape.common(pe, op, signed);
    long mLow = register ? v.low(op.rm()) : common;
    long mHigh = register ? v.high(op.rm()) : common;
    int mBits = register ? 2 * bits : 0;
    long low = half(pe, lane, signed, bits, 0, 2 * bits, v.low(rn), mBits, mLow);
    long high = half(pe, lane, signed, bits, 0, 2 * bits, v.high(rn), mBits, mHigh);
    long result = low | high << 32;
    if (op.is64()) {
      v.set(op.rd(), v.low(op.rd()), result);
    } else {
      v.set(op.rd(), result, 0);
    }
  }

  private static void lowest(Pe pe, Op op, Shape shape, boolean signed, Lane lane) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    int bits = 8 * op.size();
    int dBits = shape.twice == Twice.RESULT ? 2 * bits : bits;
    int nBits = shape.twice == Twice.OPERANDS ? 2 * bits : bits;
    long d = element(signed, dBits, v.low(op.rd()), 0);
    long n = element(signed, nBits, v.low(op.rn()), 0);
    long m =
        shape.second == Second.REGISTER
            ? element(signed, nBits, v.low(op.rm()), 0)
            : shape.common(pe, op, signed);
    v.set(op.rd(), zeroExtended(dBits, lane.apply(pe, dBits, d, n, m)), 0);
  }

  /** The elements of half a register where all have one width. */
  private static long equal(Pe pe, Lane lane, boolean signed, int bits, long d, long n, long m) {
    int unused = 64 - bits;
    long result = 0;
    for (int above = unused; above >= 0; above -= bits) {
      long element =
          signed
              ? lane.apply(
                  pe, bits, d << above >> unused, n << above >> unused, m << above >> unused)
              : lane.apply(
                  pe, bits, d << above >>> unused, n << above >>> unused, m << above >>> unused);
      result |= element << unused >>> above;
    }
    return result;
  }

  /**
   * As many elements as 64 bits have of the widest.
   *
   * @param mBits 0 where m is one number for all
   */
  private static long half(
      Pe pe, Lane lane, boolean signed, int dBits, long d, int nBits, long n, int mBits, long m) {
    long result = 0;
    int count = 64 / Math.max(dBits, nBits);
    for (int i = 0; i < count; i++) {
      long element =
          lane.apply(
              pe,
              dBits,
              element(signed, dBits, d, i),
              element(signed, nBits, n, i),
              mBits == 0 ? m : element(signed, mBits, m, i));
      result |= zeroExtended(dBits, element) << (dBits * i);
    }
    return result;
  }

  private static long element(boolean signed, int bits, long half, int index) {
    long top = half << (64 - bits - bits * index);
    return signed ? top >> (64 - bits) : top >>> (64 - bits);
  }

  /** The low bits of a number as an unsigned number. */
  static long zeroExtended(int bits, long value) {
    return value << (64 - bits) >>> (64 - bits);
  }

  /** The low bits of a number as a signed number. */
  static long signExtended(int bits, long value) {
    return value << (64 - bits) >> (64 - bits);
  }

  /** The highest unsigned number, all ones. */
  static long ones(int bits) {
    return -1L >>> (64 - bits);
  }
}
