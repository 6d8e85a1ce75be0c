package dev.stagewalk.cpu;

import static dev.stagewalk.cpu.Arithmetic.holds;
import static dev.stagewalk.cpu.Arithmetic.setRd;

import dev.stagewalk.isa.Op;

/** Conditional select and compare, and the instructions that only move flags. */
final class Conditionals {
  private Conditionals() {}

  static void csel(Pe pe, Op op) {
    setRd(pe, op, holds(pe, op) ? pe.x(op.rn()) : pe.x(op.rm()));
  }

  static void csinc(Pe pe, Op op) {
    setRd(pe, op, holds(pe, op) ? pe.x(op.rn()) : pe.x(op.rm()) + 1);
  }

  static void csinv(Pe pe, Op op) {
    setRd(pe, op, holds(pe, op) ? pe.x(op.rn()) : ~pe.x(op.rm()));
  }

  static void csneg(Pe pe, Op op) {
    setRd(pe, op, holds(pe, op) ? pe.x(op.rn()) : -pe.x(op.rm()));
  }

  static void ccmpRegister(Pe pe, Op op) {
    compare(pe, op, ~pe.x(op.rm()), 1);
  }

  static void ccmnRegister(Pe pe, Op op) {
    compare(pe, op, pe.x(op.rm()), 0);
  }

  static void ccmpImmediate(Pe pe, Op op) {
    compare(pe, op, ~op.imm(), 1);
  }

  static void ccmnImmediate(Pe pe, Op op) {
    compare(pe, op, op.imm(), 0);
  }

  private static void compare(Pe pe, Op op, long operand, int carry) {
    if (!holds(pe, op)) {
      pe.setNzcv((int) op.imm2());
    } else if (op.is64()) {
      Arithmetic.addFlags(pe, pe.x(op.rn()), operand, carry);
    } else {
      Arithmetic.addFlags(pe, (int) pe.x(op.rn()), (int) operand, carry);
    }
  }

  static void rmif(Pe pe, Op op) {
    int flags = (int) Long.rotateRight(pe.x(op.rn()), op.amount()) & 0xf;
    int mask = (int) op.imm2();
    pe.setNzcv(pe.nzcv() & ~mask | flags & mask);
  }

  static void setf8(Pe pe, Op op) {
    setFlagsOfNarrow(pe, (int) pe.x(op.rn()), 8);
  }

  static void setf16(Pe pe, Op op) {
    setFlagsOfNarrow(pe, (int) pe.x(op.rn()), 16);
  }

  /** N, Z and V as if the value had this many bits; C stays. */
  private static void setFlagsOfNarrow(Pe pe, int value, int bits) {
    int sign = value >>> (bits - 1) & 1;
    int above = value >>> bits & 1;
    boolean zero = value << (32 - bits) == 0;
    pe.setNzcv(pe.nzcv() & 2 | sign << 3 | (zero ? 4 : 0) | sign ^ above);
  }

  static void cfinv(Pe pe, Op op) {
    pe.setNzcv(pe.nzcv() ^ 2);
  }

  /** From the Arm form of a floating-point comparison to the external one. */
  static void axflag(Pe pe, Op op) {
    int flags = pe.nzcv();
    int v = flags & 1;
    int z = flags >> 2 & 1 | v;
    int c = flags >> 1 & 1 & ~v;
    pe.setNzcv(z << 2 | c << 1);
  }

  /** From the external form of a floating-point comparison to the Arm one. */
  static void xaflag(Pe pe, Op op) {
    int flags = pe.nzcv();
    int z = flags >> 2 & 1;
    int c = flags >> 1 & 1;
    int n = ~c & ~z & 1;
    int v = ~c & z;
    pe.setNzcv(n << 3 | (z & c) << 2 | (c | z) << 1 | v);
  }
}
