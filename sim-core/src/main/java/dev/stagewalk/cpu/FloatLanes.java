package dev.stagewalk.cpu;

import dev.stagewalk.cpu.FloatUse.OfOne;
import dev.stagewalk.cpu.FloatUse.OfOneByRow;
import dev.stagewalk.cpu.FloatUse.OfThree;
import dev.stagewalk.cpu.FloatUse.OfTwo;
import dev.stagewalk.fp.FloatEnvironment;
import dev.stagewalk.fp.Format;
import dev.stagewalk.isa.Op;

/**
 * Floating-point operations on vectors, element by element. All operands are read before the result
 * is written; {@code is64} is Q.
 */
final class FloatLanes {
  private FloatLanes() {}

  /** The element of the result with an index. */
  interface Lane {
    long at(int index);
  }

  /** Writes the elements of Rd. */
  static void write(Pe pe, Op op, Lane lane) {
    int bits = 8 * op.size();
    long low = 0;
    long high = 0;
    int index = 0;
    for (int at = 0; at < 64; at += bits) {
      low |= lane.at(index++) << at;
    }
    if (op.is64()) {
      for (int at = 0; at < 64; at += bits) {
        high |= lane.at(index++) << at;
      }
    }
    pe.vectors.set(op.rd(), low, high);
  }

  static Semantics ofOne(OfOne f) {
    return ofOneByRow((env, format, op, n) -> f.apply(env, format, n));
  }

  static Semantics ofOneByRow(OfOneByRow f) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      Format format = FloatUse.format(op);
      VectorRegisters v = pe.vectors;
      write(pe, op, i -> f.apply(env, format, op, v.element(op.rn(), op.size(), i)));
      FloatUse.end(pe, env);
    };
  }

  static Semantics ofTwo(OfTwo f) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      Format format = FloatUse.format(op);
      VectorRegisters v = pe.vectors;
      int size = op.size();
      write(
          pe,
          op,
          i -> f.apply(env, format, v.element(op.rn(), size, i), v.element(op.rm(), size, i)));
      FloatUse.end(pe, env);
    };
  }

  /** Of Rd as it was, Rn and Rm. */
  static Semantics ofThree(OfThree f) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      Format format = FloatUse.format(op);
      VectorRegisters v = pe.vectors;
      int size = op.size();
      write(
          pe,
          op,
          i ->
              f.apply(
                  env,
                  format,
                  v.element(op.rd(), size, i),
                  v.element(op.rn(), size, i),
                  v.element(op.rm(), size, i)));
      FloatUse.end(pe, env);
    };
  }

  /** Of each element of Rn and one of Rm. */
  static Semantics byElement(OfTwo f) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      Format format = FloatUse.format(op);
      VectorRegisters v = pe.vectors;
      int size = op.size();
      long m = v.element(op.rm(), size, (int) op.imm2());
      write(pe, op, i -> f.apply(env, format, v.element(op.rn(), size, i), m));
      FloatUse.end(pe, env);
    };
  }

  /** Of each element of Rd as it was and of Rn, and one of Rm. */
  static Semantics addByElement(OfThree f) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      Format format = FloatUse.format(op);
      VectorRegisters v = pe.vectors;
      int size = op.size();
      long m = v.element(op.rm(), size, (int) op.imm2());
      write(
          pe,
          op,
          i -> f.apply(env, format, v.element(op.rd(), size, i), v.element(op.rn(), size, i), m));
      FloatUse.end(pe, env);
    };
  }

  /** Of the lowest element of Rn and one of Rm. */
  static Semantics lowestByElement(OfTwo f) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      long m = pe.vectors.element(op.rm(), op.size(), (int) op.imm2());
      long result = f.apply(env, FloatUse.format(op), FloatUse.number(pe, op, op.rn()), m);
      FloatUse.end(pe, env);
      pe.vectors.set(op.rd(), result, 0);
    };
  }

  /** Of the lowest elements of Rd as it was and of Rn, and one of Rm. */
  static Semantics lowestAddByElement(OfThree f) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      long m = pe.vectors.element(op.rm(), op.size(), (int) op.imm2());
      long result =
          f.apply(
              env,
              FloatUse.format(op),
              FloatUse.number(pe, op, op.rd()),
              FloatUse.number(pe, op, op.rn()),
              m);
      FloatUse.end(pe, env);
      pe.vectors.set(op.rd(), result, 0);
    };
  }

  /** Neighbours of Rn, then neighbours of Rm, become one element each. */
  static Semantics pairs(OfTwo f) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      Format format = FloatUse.format(op);
      VectorRegisters v = pe.vectors;
      int size = op.size();
      int count = (op.is64() ? 16 : 8) / size;
      write(
          pe,
          op,
          i -> {
            int from = 2 * i < count ? op.rn() : op.rm();
            int index = 2 * i % count;
            return f.apply(
                env, format, v.element(from, size, index), v.element(from, size, index + 1));
          });
      FloatUse.end(pe, env);
    };
  }

  /** The two lowest elements of Rn become one. */
  static Semantics pair(OfTwo f) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      long result = reduced(pe, op, env, f, 0, 2);
      FloatUse.end(pe, env);
      pe.vectors.set(op.rd(), result, 0);
    };
  }

  /** All elements of Rn become one. */
  static Semantics across(OfTwo f) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      long result = reduced(pe, op, env, f, 0, (op.is64() ? 16 : 8) / op.size());
      FloatUse.end(pe, env);
      pe.vectors.set(op.rd(), result, 0);
    };
  }

  /** Halves are reduced first. Source: Arm ARM, shared pseudocode function {@code Reduce}. */
  private static long reduced(Pe pe, Op op, FloatEnvironment env, OfTwo f, int from, int count) {
    if (count == 1) {
      return pe.vectors.element(op.rn(), op.size(), from);
    }
    int half = count / 2;
    long low = reduced(pe, op, env, f, from, half);
    long high = reduced(pe, op, env, f, from + half, half);
    return f.apply(env, FloatUse.format(op), low, high);
  }
}
