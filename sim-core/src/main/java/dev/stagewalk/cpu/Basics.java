package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/** Semantics of the instructions that the samples use. */
final class Basics {
  private Basics() {}

  static void set(Pe pe, Op op, long value) {
    if (op.is64()) {
      pe.setX(op.rd(), value);
    } else {
      pe.setW(op.rd(), value);
    }
  }

  static void setSp(Pe pe, Op op, long value) {
    pe.setXOrSp(op.rd(), op.is64() ? value : value & 0xffff_ffffL);
  }

  static void movk(Pe pe, Op op) {
    long mask = 0xffffL << op.amount();
    set(pe, op, (pe.x(op.rd()) & ~mask) | (op.imm() << op.amount()));
  }

  static long shifted(Pe pe, Op op) {
    long value = pe.x(op.rm());
    if (op.is64()) {
      return switch (op.shift()) {
        case 0 -> value << op.amount();
        case 1 -> value >>> op.amount();
        case 2 -> value >> op.amount();
        default -> Long.rotateRight(value, op.amount());
      };
    }
    int word = (int) value;
    return switch (op.shift()) {
      case 0 -> word << op.amount();
      case 1 -> word >>> op.amount();
      case 2 -> word >> op.amount();
      default -> Integer.rotateRight(word, op.amount());
    };
  }

  /** AddWithCarry, setting the flags. */
  static void adds(Pe pe, Op op, long a, long b, int carry) {
    int flags;
    long result;
    if (op.is64()) {
      result = a + b + carry;
      boolean c =
          carry == 0 ? Long.compareUnsigned(result, a) < 0 : Long.compareUnsigned(result, a) <= 0;
      boolean v = ((a ^ result) & (b ^ result)) < 0;
      flags = (result < 0 ? 8 : 0) | (result == 0 ? 4 : 0) | (c ? 2 : 0) | (v ? 1 : 0);
    } else {
      long wide = (a & 0xffff_ffffL) + (b & 0xffff_ffffL) + carry;
      int r = (int) wide;
      boolean v = (((int) a ^ r) & ((int) b ^ r)) < 0;
      flags = (r < 0 ? 8 : 0) | (r == 0 ? 4 : 0) | (wide >>> 32 != 0 ? 2 : 0) | (v ? 1 : 0);
      result = r;
    }
    pe.setNzcv(flags);
    set(pe, op, result);
  }

  static boolean holds(Pe pe, Op op) {
    int f = pe.nzcv();
    boolean n = (f & 8) != 0;
    boolean z = (f & 4) != 0;
    boolean c = (f & 2) != 0;
    boolean v = (f & 1) != 0;
    boolean met =
        switch (op.cond() >> 1) {
          case 0 -> z;
          case 1 -> c;
          case 2 -> n;
          case 3 -> v;
          case 4 -> c && !z;
          case 5 -> n == v;
          case 6 -> n == v && !z;
          default -> true;
        };
    return (op.cond() & 1) != 0 && op.cond() != 15 ? !met : met;
  }

  static void branchIf(Pe pe, Op op) {
    if (holds(pe, op)) {
      pe.branch(pe.instructionAddress() + op.imm());
    }
  }

  private static boolean isZero(Pe pe, Op op) {
    return op.is64() ? pe.x(op.rd()) == 0 : (int) pe.x(op.rd()) == 0;
  }

  static void branchIfZero(Pe pe, Op op) {
    if (isZero(pe, op)) {
      pe.branch(pe.instructionAddress() + op.imm());
    }
  }

  static void branchIfNotZero(Pe pe, Op op) {
    if (!isZero(pe, op)) {
      pe.branch(pe.instructionAddress() + op.imm());
    }
  }

  static void load(Pe pe, Op op, long address) {
    long value = pe.load(address, op.size());
    if (op.signed()) {
      int unused = 64 - 8 * op.size();
      value = value << unused >> unused;
    }
    set(pe, op, value);
  }

  static void loadPost(Pe pe, Op op) {
    long address = pe.xOrSp(op.rn());
    load(pe, op, address);
    pe.setXOrSp(op.rn(), address + op.imm());
  }

  static void hvc(Pe pe, Op op) {
    throw pe.hypervisorCall((int) op.imm());
  }
}
