package dev.stagewalk.cpu;

import dev.stagewalk.fp.FloatArithmetic;
import dev.stagewalk.fp.FloatComparison;
import dev.stagewalk.fp.FloatEnvironment;
import dev.stagewalk.fp.Format;
import dev.stagewalk.isa.Op;

/** Floating-point operations as instructions combine them, and those that use the flags. */
final class FloatScalar {
  private FloatScalar() {}

  static long absolute(FloatEnvironment env, Format format, long n) {
    return format.absolute(n);
  }

  static long negate(FloatEnvironment env, Format format, long n) {
    return format.negate(n);
  }

  /** FABD: also a NaN loses its sign. */
  static long difference(FloatEnvironment env, Format format, long n, long m) {
    return format.absolute(FloatArithmetic.subtract(env, format, n, m));
  }

  /** FMSUB, FMLS: a - n * m. */
  static long multiplySubtract(FloatEnvironment env, Format format, long a, long n, long m) {
    return FloatArithmetic.multiplyAdd(env, format, a, format.negate(n), m);
  }

  /** FNMADD: -a - n * m. */
  static long negatedMultiplyAdd(FloatEnvironment env, Format format, long a, long n, long m) {
    return FloatArithmetic.multiplyAdd(env, format, format.negate(a), format.negate(n), m);
  }

  /** FNMSUB: -a + n * m. */
  static long negatedMultiplySubtract(FloatEnvironment env, Format format, long a, long n, long m) {
    return FloatArithmetic.multiplyAdd(env, format, format.negate(a), n, m);
  }

  static long equal(FloatEnvironment env, Format format, long n, long m) {
    return ones(format, FloatComparison.isEqual(env, format, n, m));
  }

  static long atLeast(FloatEnvironment env, Format format, long n, long m) {
    return ones(format, FloatComparison.isAtLeast(env, format, n, m));
  }

  static long greater(FloatEnvironment env, Format format, long n, long m) {
    return ones(format, FloatComparison.isGreater(env, format, n, m));
  }

  static long absoluteAtLeast(FloatEnvironment env, Format format, long n, long m) {
    return atLeast(env, format, format.absolute(n), format.absolute(m));
  }

  static long absoluteGreater(FloatEnvironment env, Format format, long n, long m) {
    return greater(env, format, format.absolute(n), format.absolute(m));
  }

  static long equalZero(FloatEnvironment env, Format format, long n) {
    return equal(env, format, n, 0);
  }

  static long atLeastZero(FloatEnvironment env, Format format, long n) {
    return atLeast(env, format, n, 0);
  }

  static long greaterZero(FloatEnvironment env, Format format, long n) {
    return greater(env, format, n, 0);
  }

  static long atMostZero(FloatEnvironment env, Format format, long n) {
    return atLeast(env, format, 0, n);
  }

  static long lessZero(FloatEnvironment env, Format format, long n) {
    return greater(env, format, 0, n);
  }

  private static long ones(Format format, boolean holds) {
    return holds ? -1L >>> (64 - format.bits()) : 0;
  }

  static void fcmp(Pe pe, Op op) {
    compare(pe, op, FloatUse.number(pe, op, op.rm()), false);
  }

  static void fcmpe(Pe pe, Op op) {
    compare(pe, op, FloatUse.number(pe, op, op.rm()), true);
  }

  static void fcmpZero(Pe pe, Op op) {
    compare(pe, op, 0, false);
  }

  static void fcmpeZero(Pe pe, Op op) {
    compare(pe, op, 0, true);
  }

  private static void compare(Pe pe, Op op, long m, boolean quietToo) {
    FloatEnvironment env = FloatUse.begin(pe);
    long n = FloatUse.number(pe, op, op.rn());
    int flags = FloatComparison.flags(env, FloatUse.format(op), n, m, quietToo);
    FloatUse.end(pe, env);
    pe.setNzcv(flags);
  }

  static void fccmp(Pe pe, Op op) {
    compareIf(pe, op, false);
  }

  static void fccmpe(Pe pe, Op op) {
    compareIf(pe, op, true);
  }

  private static void compareIf(Pe pe, Op op, boolean quietToo) {
    if (Arithmetic.holds(pe, op)) {
      compare(pe, op, FloatUse.number(pe, op, op.rm()), quietToo);
    } else {
      FloatingPointTraps.check(pe);
      pe.setNzcv((int) op.imm2());
    }
  }

  static void fcsel(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    int from = Arithmetic.holds(pe, op) ? op.rn() : op.rm();
    pe.vectors.set(op.rd(), FloatUse.number(pe, op, from), 0);
  }
}
