package dev.stagewalk.cpu;

import dev.stagewalk.fp.FloatConversion;
import dev.stagewalk.fp.FloatEnvironment;
import dev.stagewalk.fp.Format;
import dev.stagewalk.fp.Rounding;
import org.jspecify.annotations.Nullable;

/**
 * Conversions between floating-point formats, and to and from integers and fixed-point numbers,
 * whose bits after the point are the row's imm.
 */
final class FloatConversions {
  private FloatConversions() {}

  /** From the row's format to another. */
  static FloatUse.OfOne to(Format to) {
    return (env, format, n) -> FloatConversion.convert(env, format, to, n, env.rounding());
  }

  /** From a number to a general-purpose register. */
  static Semantics toGeneral(boolean signed, Rounding rounding) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      long result =
          FloatConversion.toFixed(
              env,
              FloatUse.format(op),
              FloatUse.number(pe, op, op.rn()),
              (int) op.imm(),
              op.is64() ? 64 : 32,
              signed,
              rounding);
      FloatUse.end(pe, env);
      pe.setX(op.rd(), result);
    };
  }

  /** From a general-purpose register to a number. */
  static Semantics fromGeneral(boolean signed) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      long x = pe.x(op.rn());
      long number = op.is64() ? x : signed ? (int) x : x & 0xffff_ffffL;
      long result =
          FloatConversion.fromFixed(env, FloatUse.format(op), number, (int) op.imm(), signed);
      FloatUse.end(pe, env);
      pe.vectors.set(op.rd(), result, 0);
    };
  }

  static Semantics toJavaScript() {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      long result = FloatConversion.toJavaScript(env, FloatUse.number(pe, op, op.rn()));
      FloatUse.end(pe, env);
      pe.setX(op.rd(), result & 0xffff_ffffL);
      pe.setNzcv((int) (result >>> 32) << 2);
    };
  }

  /** From a number to an integer as wide. */
  static FloatUse.OfOneByRow toFixed(boolean signed, Rounding rounding) {
    return (env, format, op, n) ->
        FloatConversion.toFixed(env, format, n, (int) op.imm(), format.bits(), signed, rounding);
  }

  /** From an integer to a number as wide. */
  static FloatUse.OfOneByRow fromFixed(boolean signed) {
    return (env, format, op, n) ->
        FloatConversion.fromFixed(env, format, extended(n, format, signed), (int) op.imm(), signed);
  }

  /** FCVTXN of one number. */
  static long toOdd(FloatEnvironment env, Format format, long n) {
    return FloatConversion.convert(env, format, Format.SINGLE, n, Rounding.TO_ODD);
  }

  private static long extended(long number, Format format, boolean signed) {
    int unused = 64 - format.bits();
    return signed ? number << unused >> unused : number;
  }

  /** Elements of one half of Rn become twice as wide. */
  static Semantics lengthen() {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      int narrow = op.size() / 2;
      Format from = Format.ofBytes(narrow);
      int bits = from.bits();
      long ones = (1L << bits) - 1;
      long half = op.is64() ? pe.vectors.high(op.rn()) : pe.vectors.low(op.rn());
      long[] halves = new long[2];
      for (int i = 0; i < 8 / narrow; i++) {
        long number = (half >>> (bits * i)) & ones;
        int bit = 8 * op.size() * i;
        halves[bit >>> 6] |=
            FloatConversion.convert(env, from, FloatUse.format(op), number, env.rounding())
                << (bit & 63);
      }
      FloatUse.end(pe, env);
      pe.vectors.set(op.rd(), halves[0], halves[1]);
    };
  }

  /**
   * Elements of Rn become half as wide and one half of Rd.
   *
   * @param rounding null where FPCR says how
   */
  static Semantics narrow(@Nullable Rounding rounding) {
    return (pe, op) -> {
      FloatEnvironment env = FloatUse.begin(pe);
      int narrow = op.size() / 2;
      Format to = Format.ofBytes(narrow);
      Rounding how = rounding == null ? env.rounding() : rounding;
      long half = 0;
      for (int i = 0; i < 8 / narrow; i++) {
        long number = pe.vectors.element(op.rn(), op.size(), i);
        half |=
            FloatConversion.convert(env, FloatUse.format(op), to, number, how) << (to.bits() * i);
      }
      FloatUse.end(pe, env);
      if (op.is64()) {
        pe.vectors.set(op.rd(), pe.vectors.low(op.rd()), half);
      } else {
        pe.vectors.set(op.rd(), half, 0);
      }
    };
  }
}
