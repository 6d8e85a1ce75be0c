package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/**
 * Rearrangements of elements: one method a row's semantics. The size of an element is the row's
 * access; {@code is64} is Q.
 *
 * <p>Source: Arm ARM, "ZIP1" to "TRN2", "EXT", "TBL", "TBX", "REV64 (vector)".
 */
final class VectorPermutes {
  private static final int BYTES = 16;

  private VectorPermutes() {}

  private static int count(Op op) {
    return (op.is64() ? BYTES : BYTES / 2) / op.size();
  }

  static void zip1(Pe pe, Op op) {
    zip(pe, op, 0);
  }

  static void zip2(Pe pe, Op op) {
    zip(pe, op, count(op) / 2);
  }

  /** Elements of Rn and Rm in turn, from an index on. */
  private static void zip(Pe pe, Op op, int from) {
    FloatingPointTraps.check(pe);
    VectorResult result = new VectorResult(op.size());
    for (int i = 0; i < count(op) / 2; i++) {
      result.put(2 * i, pe.vectors.element(op.rn(), op.size(), from + i));
      result.put(2 * i + 1, pe.vectors.element(op.rm(), op.size(), from + i));
    }
    result.into(pe, op);
  }

  static void uzp1(Pe pe, Op op) {
    unzip(pe, op, 0);
  }

  static void uzp2(Pe pe, Op op) {
    unzip(pe, op, 1);
  }

  /** Every other element of Rn, then of Rm. */
  private static void unzip(Pe pe, Op op, int odd) {
    FloatingPointTraps.check(pe);
    VectorResult result = new VectorResult(op.size());
    int half = count(op) / 2;
    for (int i = 0; i < half; i++) {
      result.put(i, pe.vectors.element(op.rn(), op.size(), 2 * i + odd));
      result.put(half + i, pe.vectors.element(op.rm(), op.size(), 2 * i + odd));
    }
    result.into(pe, op);
  }

  static void trn1(Pe pe, Op op) {
    transpose(pe, op, 0);
  }

  static void trn2(Pe pe, Op op) {
    transpose(pe, op, 1);
  }

  /** Of each pair of places one element of Rn and the same of Rm. */
  private static void transpose(Pe pe, Op op, int odd) {
    FloatingPointTraps.check(pe);
    VectorResult result = new VectorResult(op.size());
    for (int i = 0; i < count(op); i += 2) {
      result.put(i, pe.vectors.element(op.rn(), op.size(), i + odd));
      result.put(i + 1, pe.vectors.element(op.rm(), op.size(), i + odd));
    }
    result.into(pe, op);
  }

  /** Bytes out of the middle of Rm above Rn. */
  static void ext(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    VectorResult result = new VectorResult(1);
    int bytes = count(op);
    for (int i = 0; i < bytes; i++) {
      int from = (int) op.imm() + i;
      int register = from < bytes ? op.rn() : op.rm();
      result.put(i, pe.vectors.element(register, 1, from % bytes));
    }
    result.into(pe, op);
  }

  /** The table's byte at each index; zero beyond it. */
  static void tbl(Pe pe, Op op) {
    lookUp(pe, op, false);
  }

  /** The table's byte at each index; beyond it the destination's stays. */
  static void tbx(Pe pe, Op op) {
    lookUp(pe, op, true);
  }

  private static void lookUp(Pe pe, Op op, boolean keeps) {
    FloatingPointTraps.check(pe);
    VectorResult result = new VectorResult(1);
    for (int i = 0; i < count(op); i++) {
      int index = (int) pe.vectors.element(op.rm(), 1, i);
      if (index < BYTES * op.imm2()) {
        int register = (op.rn() + index / BYTES) % VectorRegisters.COUNT;
        result.put(i, pe.vectors.element(register, 1, index % BYTES));
      } else if (keeps) {
        result.put(i, pe.vectors.element(op.rd(), 1, i));
      }
    }
    result.into(pe, op);
  }

  /** Elements in reverse within groups of imm bytes. */
  static void rev(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    VectorResult result = new VectorResult(op.size());
    int last = (int) op.imm() / op.size() - 1;
    for (int i = 0; i < count(op); i++) {
      result.put(i ^ last, pe.vectors.element(op.rn(), op.size(), i));
    }
    result.into(pe, op);
  }
}
