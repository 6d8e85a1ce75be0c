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

  /** How wide the elements of result and operands are, and how many are computed. */
  enum Shape {
    /** All of one width. */
    SAME(1, 1, 1, false, Second.REGISTER),
    SAME_BY_ELEMENT(1, 1, 1, false, Second.ELEMENT),
    SAME_IMMEDIATE(1, 1, 1, false, Second.IMMEDIATE),
    /** Of one width, the lowest only. */
    LOWEST(1, 1, 1, true, Second.REGISTER),
    LOWEST_BY_ELEMENT(1, 1, 1, true, Second.ELEMENT),
    LOWEST_IMMEDIATE(1, 1, 1, true, Second.IMMEDIATE),
    /** The result has twice the width. */
    LONG(2, 1, 1, false, Second.REGISTER),
    LONG_BY_ELEMENT(2, 1, 1, false, Second.ELEMENT),
    LONG_IMMEDIATE(2, 1, 1, false, Second.IMMEDIATE),
    LONG_LOWEST(2, 1, 1, true, Second.REGISTER),
    LONG_LOWEST_BY_ELEMENT(2, 1, 1, true, Second.ELEMENT),
    /** The result and the first operand have. */
    WIDE(2, 2, 1, false, Second.REGISTER),
    /** The operands have. */
    NARROW(1, 2, 2, false, Second.REGISTER),
    NARROW_IMMEDIATE(1, 2, 2, false, Second.IMMEDIATE),
    NARROW_LOWEST(1, 2, 2, true, Second.REGISTER),
    NARROW_LOWEST_IMMEDIATE(1, 2, 2, true, Second.IMMEDIATE);

    private final int d;
    private final int n;
    private final int m;
    private final boolean lowest;
    private final Second second;

    Shape(int d, int n, int m, boolean lowest, Second second) {
      this.d = d;
      this.n = n;
      this.m = m;
      this.lowest = lowest;
      this.second = second;
    }

    private boolean isMixed() {
      return d != n || d != m;
    }

    private int count(Op op) {
      return lowest ? 1 : (op.is64() && !isMixed() ? 16 : 8) / op.size();
    }

    /** The index of the first narrow element: with Q those of two widths use the upper half. */
    private int first(Op op) {
      return op.is64() && isMixed() ? 8 / op.size() : 0;
    }
  }

  /** An operation on sign-extended elements. */
  static Semantics signed(Shape shape, Lane lane) {
    return (pe, op) -> compute(pe, op, shape, true, lane);
  }

  /** An operation on zero-extended elements. */
  static Semantics unsigned(Shape shape, Lane lane) {
    return (pe, op) -> compute(pe, op, shape, false, lane);
  }

  private static void compute(Pe pe, Op op, Shape shape, boolean signed, Lane lane) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    int size = op.size();
    int bits = 8 * size * shape.d;
    int count = shape.count(op);
    int first = shape.first(op);
    long low = 0;
    long high = 0;
    for (int i = 0; i < count; i++) {
      long d = element(v, op.rd(), size, shape.d, i, first, signed);
      long n = element(v, op.rn(), size, shape.n, i, first, signed);
      long m =
          switch (shape.second) {
            case REGISTER -> element(v, op.rm(), size, shape.m, i, first, signed);
            case ELEMENT -> element(v, op.rm(), size, 1, (int) op.imm2(), 0, signed);
            case IMMEDIATE -> op.imm();
          };
      long result = zeroExtended(bits, lane.apply(pe, bits, d, n, m));
      int bit = bits * i;
      if (bit < 64) {
        low |= result << bit;
      } else {
        high |= result << (bit - 64);
      }
    }
    if (first != 0 && shape.d == 1) {
      v.set(op.rd(), v.low(op.rd()), low);
    } else {
      v.set(op.rd(), low, high);
    }
  }

  private static long element(
      VectorRegisters v, int register, int size, int times, int i, int first, boolean signed) {
    int bytes = size * times;
    long element = v.element(register, bytes, times == 1 ? first + i : i);
    return signed ? signExtended(8 * bytes, element) : element;
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
