package dev.stagewalk.cpu;

import dev.stagewalk.fp.FloatEnvironment;
import dev.stagewalk.fp.Format;
import dev.stagewalk.isa.Op;

/** How an instruction comes by its environment and leaves its exceptions in FPSR. */
final class FloatUse {
  private static final int FPCR = SystemRegisters.index("FPCR");
  private static final int FPSR = SystemRegisters.index("FPSR");

  private FloatUse() {}

  /** What becomes of one number. */
  interface OfOne {
    long apply(FloatEnvironment env, Format format, long n);
  }

  /** What becomes of one number by what the row says. */
  interface OfOneByRow {
    long apply(FloatEnvironment env, Format format, Op op, long n);
  }

  /** What becomes of two numbers. */
  interface OfTwo {
    long apply(FloatEnvironment env, Format format, long n, long m);
  }

  /** What becomes of three numbers. */
  interface OfThree {
    long apply(FloatEnvironment env, Format format, long a, long n, long m);
  }

  /** The environment of an instruction, which traps where floating-point does. */
  static FloatEnvironment begin(Pe pe) {
    FloatingPointTraps.check(pe);
    return new FloatEnvironment(pe.system.get(FPCR), pe.system.get(FPSR));
  }

  static void end(Pe pe, FloatEnvironment env) {
    pe.system.set(FPSR, env.fpsr());
  }

  static Format format(Op op) {
    return Format.ofBytes(op.size());
  }

  /** The number in a register. */
  static long number(Pe pe, Op op, int register) {
    return pe.vectors.element(register, op.size(), 0);
  }

  static Semantics ofOne(OfOne f) {
    return ofOneByRow((env, format, op, n) -> f.apply(env, format, n));
  }

  static Semantics ofOneByRow(OfOneByRow f) {
    return (pe, op) -> {
      FloatEnvironment env = begin(pe);
      long result = f.apply(env, format(op), op, number(pe, op, op.rn()));
      end(pe, env);
      pe.vectors.set(op.rd(), result, 0);
    };
  }

  static Semantics ofTwo(OfTwo f) {
    return (pe, op) -> {
      FloatEnvironment env = begin(pe);
      long result = f.apply(env, format(op), number(pe, op, op.rn()), number(pe, op, op.rm()));
      end(pe, env);
      pe.vectors.set(op.rd(), result, 0);
    };
  }

  /** Of Ra, Rn and Rm. */
  static Semantics ofThree(OfThree f) {
    return (pe, op) -> {
      FloatEnvironment env = begin(pe);
      long result =
          f.apply(
              env,
              format(op),
              number(pe, op, op.ra()),
              number(pe, op, op.rn()),
              number(pe, op, op.rm()));
      end(pe, env);
      pe.vectors.set(op.rd(), result, 0);
    };
  }
}
