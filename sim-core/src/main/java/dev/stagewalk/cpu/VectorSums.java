package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/**
 * Operations that bring together several elements of one register: neighbours, all of them, or
 * bytes to be multiplied and added. The row's access is the size of an operand's element; {@code
 * is64} is Q.
 */
final class VectorSums {
  private VectorSums() {}

  /** What becomes of two elements; of the result the low bits count. */
  interface OfTwo {
    long apply(long a, long b);
  }

  /** Neighbours of Rn, then neighbours of Rm, become one element each. */
  static Semantics pairs(boolean signed, OfTwo f) {
    return (pe, op) -> {
      FloatingPointTraps.check(pe);
      int size = op.size();
      int count = count(op);
      VectorResult result = new VectorResult(size);
      for (int i = 0; i < count; i++) {
        int from = 2 * i < count ? op.rn() : op.rm();
        int index = 2 * i % count;
        long a = element(pe, from, size, index, signed);
        long b = element(pe, from, size, index + 1, signed);
        result.put(i, Lanes.zeroExtended(8 * size, f.apply(a, b)));
      }
      result.into(pe, op);
    };
  }

  /** Neighbours become their sum, twice as wide, added to what is there or not. */
  static Semantics longPairs(boolean signed, boolean accumulates) {
    return (pe, op) -> {
      FloatingPointTraps.check(pe);
      int size = op.size();
      VectorResult result = new VectorResult(2 * size);
      for (int i = 0; i < count(op) / 2; i++) {
        long a = element(pe, op.rn(), size, 2 * i, signed);
        long b = element(pe, op.rn(), size, 2 * i + 1, signed);
        long old = accumulates ? pe.vectors.element(op.rd(), 2 * size, i) : 0;
        result.put(i, Lanes.zeroExtended(16 * size, old + a + b));
      }
      result.into(pe, op);
    };
  }

  /**
   * All elements become one.
   *
   * @param times how often as wide as they
   */
  static Semantics across(boolean signed, int times, OfTwo f) {
    return (pe, op) -> {
      FloatingPointTraps.check(pe);
      long result = element(pe, op.rn(), op.size(), 0, signed);
      for (int i = 1; i < count(op); i++) {
        result = f.apply(result, element(pe, op.rn(), op.size(), i, signed));
      }
      pe.vectors.set(op.rd(), Lanes.zeroExtended(8 * times * op.size(), result), 0);
    };
  }

  /** To each word the products of four bytes. */
  static Semantics dot(boolean nSigned, boolean mSigned) {
    return (pe, op) -> dot(pe, op, nSigned, mSigned, false);
  }

  /** Likewise, with the same four bytes of Rm each time. */
  static Semantics dotByElement(boolean nSigned, boolean mSigned) {
    return (pe, op) -> dot(pe, op, nSigned, mSigned, true);
  }

  private static void dot(Pe pe, Op op, boolean nSigned, boolean mSigned, boolean byElement) {
    FloatingPointTraps.check(pe);
    long[] halves = new long[2];
    for (int i = 0; i < count(op); i++) {
      int m = byElement ? (int) op.imm2() : i;
      long sum = pe.vectors.element(op.rd(), 4, i);
      sum += products(pe, op, 4, 4 * i, nSigned, 4 * m, mSigned);
      halves[i / 2] |= Lanes.zeroExtended(32, sum) << (32 * (i % 2));
    }
    pe.vectors.set(op.rd(), halves[0], halves[1]);
  }

  /** Two rows of eight bytes of Rn times two of Rm, added to a matrix of two by two words. */
  static Semantics matrix(boolean nSigned, boolean mSigned) {
    return (pe, op) -> {
      FloatingPointTraps.check(pe);
      long[] rows = new long[2];
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
          long sum = pe.vectors.element(op.rd(), 4, 2 * i + j);
          sum += products(pe, op, 8, 8 * i, nSigned, 8 * j, mSigned);
          rows[i] |= Lanes.zeroExtended(32, sum) << (32 * j);
        }
      }
      pe.vectors.set(op.rd(), rows[0], rows[1]);
    };
  }

  private static long products(
      Pe pe, Op op, int count, int n, boolean nSigned, int m, boolean mSigned) {
    long sum = 0;
    for (int k = 0; k < count; k++) {
      sum += element(pe, op.rn(), 1, n + k, nSigned) * element(pe, op.rm(), 1, m + k, mSigned);
    }
    return sum;
  }

  private static int count(Op op) {
    return (op.is64() ? 16 : 8) / op.size();
  }

  private static long element(Pe pe, int register, int size, int index, boolean signed) {
    long element = pe.vectors.element(register, size, index);
    return signed ? Lanes.signExtended(8 * size, element) : element;
  }
}
