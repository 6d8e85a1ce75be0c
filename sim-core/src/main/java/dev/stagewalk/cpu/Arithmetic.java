package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/**
 * What several instructions compute: sums with their flags, shifted and extended operands,
 * conditions.
 *
 * <p>Source: Arm ARM, shared pseudocode functions AddWithCarry, ShiftReg, ExtendReg and
 * ConditionHolds.
 */
final class Arithmetic {
  private static final int N = 8;
  private static final int Z = 4;
  private static final int C = 2;

  /** Bit f of element c: whether condition c holds with flags f. */
  private static final int[] HOLDS = new int[16];

  static {
    for (int cond = 0; cond < 16; cond++) {
      for (int flags = 0; flags < 16; flags++) {
        if (evaluate(cond, flags)) {
          HOLDS[cond] |= 1 << flags;
        }
      }
    }
  }

  private Arithmetic() {}

  private static boolean evaluate(int cond, int flags) {
    boolean n = (flags & N) != 0;
    boolean z = (flags & Z) != 0;
    boolean c = (flags & C) != 0;
    boolean v = (flags & 1) != 0;
    boolean base =
        switch (cond >> 1) {
          case 0 -> z;
          case 1 -> c;
          case 2 -> n;
          case 3 -> v;
          case 4 -> c && !z;
          case 5 -> n == v;
          case 6 -> n == v && !z;
          default -> true;
        };
    return (cond & 1) == 1 && cond != 15 ? !base : base;
  }

  /** Whether the condition of the instruction holds. */
  static boolean holds(Pe pe, Op op) {
    return (HOLDS[op.cond()] >>> pe.nzcv() & 1) != 0;
  }

  /** a + b + carry (0 or 1) in 64 bits; sets the flags. */
  static long addFlags(Pe pe, long a, long b, int carry) {
    long sum = a + b + carry;
    int flags = (int) (sum >>> 63) << 3;
    flags |= sum == 0 ? Z : 0;
    flags |= (int) ((a & b | (a | b) & ~sum) >>> 63) << 1;
    flags |= (int) (((a ^ sum) & (b ^ sum)) >>> 63);
    pe.setNzcv(flags);
    return sum;
  }

  /** The same in 32 bits. */
  static int addFlags(Pe pe, int a, int b, int carry) {
    int sum = a + b + carry;
    int flags = sum >>> 31 << 3;
    flags |= sum == 0 ? Z : 0;
    flags |= (a & b | (a | b) & ~sum) >>> 31 << 1;
    flags |= ((a ^ sum) & (b ^ sum)) >>> 31;
    pe.setNzcv(flags);
    return sum;
  }

  /** Sets N and Z by a result, C and V to 0, and gives the result. */
  static long logicalFlags(Pe pe, Op op, long result) {
    long value = op.is64() ? result : (int) result;
    pe.setNzcv((value < 0 ? N : 0) | (value == 0 ? Z : 0));
    return value;
  }

  /** Writes Rd, which is not SP, in the width of the instruction. */
  static void setRd(Pe pe, Op op, long value) {
    if (op.is64()) {
      pe.setX(op.rd(), value);
    } else {
      pe.setW(op.rd(), value);
    }
  }

  /** Writes Rd or SP in the width of the instruction. */
  static void setRdOrSp(Pe pe, Op op, long value) {
    pe.setXOrSp(op.rd(), op.is64() ? value : value & 0xffff_ffffL);
  }

  /** Rm as the instruction shifts it; of a W register only the low half means anything. */
  static long shifted(Pe pe, Op op) {
    long value = pe.x(op.rm());
    int amount = op.amount();
    if (op.shift() == 0) {
      return value << amount;
    }
    return op.is64() ? shift(value, op.shift(), amount) : shift((int) value, op.shift(), amount);
  }

  /** Shifts in 64 bits: 0 LSL, 1 LSR, 2 ASR, 3 ROR. */
  static long shift(long value, int kind, int amount) {
    return switch (kind) {
      case 0 -> value << amount;
      case 1 -> value >>> amount;
      case 2 -> value >> amount;
      default -> Long.rotateRight(value, amount);
    };
  }

  /** Shifts in 32 bits. */
  static int shift(int value, int kind, int amount) {
    return switch (kind) {
      case 0 -> value << amount;
      case 1 -> value >>> amount;
      case 2 -> value >> amount;
      default -> Integer.rotateRight(value, amount);
    };
  }

  /** Rm extended from its low bits and shifted left. */
  static long extended(Pe pe, Op op) {
    long value = pe.x(op.rm());
    long wide =
        switch (op.extend()) {
          case 0 -> value & 0xff;
          case 1 -> value & 0xffff;
          case 2 -> value & 0xffff_ffffL;
          case 4 -> (byte) value;
          case 5 -> (short) value;
          case 6 -> (int) value;
          default -> value;
        };
    return wide << op.amount();
  }
}
