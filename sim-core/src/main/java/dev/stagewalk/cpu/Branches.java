package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/** Branches and exception generation: one method a row's semantics. */
final class Branches {
  private static final int LINK = 30;

  private Branches() {}

  static void b(Pe pe, Op op) {
    branch(pe, op);
  }

  static void bl(Pe pe, Op op) {
    pe.setX(LINK, pe.instructionAddress() + 4);
    branch(pe, op);
  }

  static void bCond(Pe pe, Op op) {
    if (Arithmetic.holds(pe, op)) {
      branch(pe, op);
    }
  }

  static void cbz(Pe pe, Op op) {
    if (isZero(pe, op)) {
      branch(pe, op);
    }
  }

  static void cbnz(Pe pe, Op op) {
    if (isNotZero(pe, op)) {
      branch(pe, op);
    }
  }

  static void tbz(Pe pe, Op op) {
    if (isBitClear(pe, op)) {
      branch(pe, op);
    }
  }

  static void tbnz(Pe pe, Op op) {
    if (isBitSet(pe, op)) {
      branch(pe, op);
    }
  }

  static boolean isZero(Pe pe, Op op) {
    return (op.is64() ? pe.x(op.rd()) : pe.w(op.rd())) == 0;
  }

  static boolean isNotZero(Pe pe, Op op) {
    return !isZero(pe, op);
  }

  static boolean isBitClear(Pe pe, Op op) {
    return !isBitSet(pe, op);
  }

  static boolean isBitSet(Pe pe, Op op) {
    return (pe.x(op.rd()) >>> op.imm2() & 1) != 0;
  }

  static void br(Pe pe, Op op) {
    pe.branchIndirectly(pe.x(op.rn()), 1);
  }

  static void blr(Pe pe, Op op) {
    long target = pe.x(op.rn());
    pe.setX(LINK, pe.instructionAddress() + 4);
    pe.branchIndirectly(target, 2);
  }

  static void ret(Pe pe, Op op) {
    pe.branchWithoutTag(pe.x(op.rn()));
  }

  static void eret(Pe pe, Op op) {
    pe.exceptionReturn();
  }

  static void svc(Pe pe, Op op) {
    throw Calls.supervisor(pe, (int) op.imm());
  }

  static void hvc(Pe pe, Op op) {
    throw Calls.hypervisor(pe, (int) op.imm());
  }

  static void smc(Pe pe, Op op) {
    Calls.secureMonitor(pe, (int) op.imm());
  }

  static void brk(Pe pe, Op op) {
    throw Calls.breakpoint(pe, (int) op.imm());
  }

  static void undefined(Pe pe, Op op) {
    throw pe.undefined();
  }

  private static void branch(Pe pe, Op op) {
    pe.branch(pe.instructionAddress() + op.imm());
  }
}
