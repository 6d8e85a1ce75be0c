package dev.stagewalk.cpu;

import dev.stagewalk.fp.FloatArithmetic;
import dev.stagewalk.fp.FloatEnvironment;
import dev.stagewalk.fp.Format;
import dev.stagewalk.isa.Op;

/**
 * Operations on complex numbers, of which two neighbours are the real and the imaginary part, and
 * on half-precision numbers with single-precision sums.
 *
 * <p>Source: Arm ARM, FCADD, FCMLA, FMLAL and FMLSL.
 */
final class FloatComplex {
  private FloatComplex() {}

  /** Adds Rm, rotated by 90 or 270 degrees, to Rn. */
  static Semantics add() {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      Format format = FloatUse.format(op);
      VectorRegisters v = pe.vectors;
      int size = op.size();
      boolean quarter = op.imm() == 90;
      FloatLanes.write(
          pe,
          op,
          i -> {
            long other = v.element(op.rm(), size, i ^ 1);
            boolean negated = quarter == isReal(i);
            return FloatArithmetic.add(
                env, format, v.element(op.rn(), size, i), negated ? format.negate(other) : other);
          });
      FloatUse.end(pe, env);
    };
  }

  /** Adds to Rd one half of the product of Rn and Rm, rotated by a multiple of 90 degrees. */
  static Semantics multiplyAdd() {
    return (pe, op) -> multiplyAdd(pe, op, -1);
  }

  /** The same with one complex number of Rm. */
  static Semantics multiplyAddByElement() {
    return (pe, op) -> multiplyAdd(pe, op, 2 * (int) op.imm2());
  }

  private static void multiplyAdd(Pe pe, Op op, int fixed) {
    FloatEnvironment env = FloatUse.begin(pe);
    Format format = FloatUse.format(op);
    VectorRegisters v = pe.vectors;
    int size = op.size();
    int quarters = (int) op.imm() / 90;
    boolean swapped = (quarters & 1) != 0;
    FloatLanes.write(
        pe,
        op,
        i -> {
          int real = i & ~1;
          long n = v.element(op.rn(), size, swapped ? real + 1 : real);
          int from = swapped ? i ^ 1 : i;
          long m = v.element(op.rm(), size, fixed < 0 ? from : fixed + (from & 1));
          boolean negated =
              switch (quarters) {
                case 0 -> false;
                case 1 -> isReal(i);
                case 2 -> true;
                default -> !isReal(i);
              };
          return FloatArithmetic.multiplyAdd(
              env, format, v.element(op.rd(), size, i), n, negated ? format.negate(m) : m);
        });
    FloatUse.end(pe, env);
  }

  private static boolean isReal(int index) {
    return (index & 1) == 0;
  }

  /**
   * Adds products of half-precision elements to single-precision ones; imm says which half of
   * those.
   *
   * @param negated whether they are subtracted
   */
  static Semantics multiplyAddLong(boolean negated) {
    return (pe, op) -> multiplyAddLong(pe, op, negated, false);
  }

  /** The same with one element of Rm. */
  static Semantics multiplyAddLongByElement(boolean negated) {
    return (pe, op) -> multiplyAddLong(pe, op, negated, true);
  }

  private static void multiplyAddLong(Pe pe, Op op, boolean negated, boolean byElement) {
    FloatEnvironment env = FloatUse.begin(pe);
    VectorRegisters v = pe.vectors;
    int first = op.imm() == 0 ? 0 : op.is64() ? 4 : 2;
    FloatLanes.write(
        pe,
        op,
        i -> {
          long n = v.element(op.rn(), 2, first + i);
          long m = v.element(op.rm(), 2, byElement ? (int) op.imm2() : first + i);
          return FloatArithmetic.multiplyAddLong(
              env, v.element(op.rd(), 4, i), negated ? Format.HALF.negate(n) : n, m);
        });
    FloatUse.end(pe, env);
  }
}
