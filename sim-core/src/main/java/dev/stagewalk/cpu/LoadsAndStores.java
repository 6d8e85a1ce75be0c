package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/**
 * Loads and stores of one register and of pairs: one method a row's semantics. Memory is accessed
 * before any register is written, so that an instruction that faults has changed none.
 */
final class LoadsAndStores {
  private static final long SCTLR_SA = 1L << 3;
  private static final long SCTLR_SA0 = 1L << 4;

  private LoadsAndStores() {}

  static void loadOffset(Pe pe, Op op) {
    load(pe, op, base(pe, op) + op.imm());
  }

  static void storeOffset(Pe pe, Op op) {
    pe.store(base(pe, op) + op.imm(), op.size(), pe.x(op.rd()));
  }

  static void loadPre(Pe pe, Op op) {
    long va = base(pe, op) + op.imm();
    load(pe, op, va);
    pe.setXOrSp(op.rn(), va);
  }

  static void storePre(Pe pe, Op op) {
    long va = base(pe, op) + op.imm();
    pe.store(va, op.size(), pe.x(op.rd()));
    pe.setXOrSp(op.rn(), va);
  }

  static void loadPost(Pe pe, Op op) {
    long va = base(pe, op);
    load(pe, op, va);
    pe.setXOrSp(op.rn(), va + op.imm());
  }

  static void storePost(Pe pe, Op op) {
    long va = base(pe, op);
    pe.store(va, op.size(), pe.x(op.rd()));
    pe.setXOrSp(op.rn(), va + op.imm());
  }

  static void loadRegister(Pe pe, Op op) {
    load(pe, op, base(pe, op) + Arithmetic.extended(pe, op));
  }

  static void storeRegister(Pe pe, Op op) {
    pe.store(base(pe, op) + Arithmetic.extended(pe, op), op.size(), pe.x(op.rd()));
  }

  static void loadLiteral(Pe pe, Op op) {
    load(pe, op, pe.instructionAddress() + op.imm());
  }

  static void loadUnprivileged(Pe pe, Op op) {
    long va = base(pe, op) + op.imm();
    pe.setX(op.rd(), widen(op, pe.load(va, op.size(), Manner.UNPRIVILEGED)));
  }

  static void storeUnprivileged(Pe pe, Op op) {
    pe.store(base(pe, op) + op.imm(), op.size(), pe.x(op.rd()), Manner.UNPRIVILEGED);
  }

  static void loadPairOffset(Pe pe, Op op) {
    loadPair(pe, op, base(pe, op) + op.imm());
  }

  static void storePairOffset(Pe pe, Op op) {
    storePair(pe, op, base(pe, op) + op.imm());
  }

  static void loadPairPre(Pe pe, Op op) {
    long va = base(pe, op) + op.imm();
    loadPair(pe, op, va);
    pe.setXOrSp(op.rn(), va);
  }

  static void storePairPre(Pe pe, Op op) {
    long va = base(pe, op) + op.imm();
    storePair(pe, op, va);
    pe.setXOrSp(op.rn(), va);
  }

  static void loadPairPost(Pe pe, Op op) {
    long va = base(pe, op);
    loadPair(pe, op, va);
    pe.setXOrSp(op.rn(), va + op.imm());
  }

  static void storePairPost(Pe pe, Op op) {
    long va = base(pe, op);
    storePair(pe, op, va);
    pe.setXOrSp(op.rn(), va + op.imm());
  }

  private static void load(Pe pe, Op op, long va) {
    pe.setX(op.rd(), widen(op, pe.load(va, op.size())));
  }

  private static void loadPair(Pe pe, Op op, long va) {
    long first = pe.load(va, op.size());
    long second = pe.load(va + op.size(), op.size());
    pe.setX(op.rd(), widen(op, first));
    pe.setX(op.rt2(), widen(op, second));
  }

  private static void storePair(Pe pe, Op op, long va) {
    pe.storePair(va, op.size(), pe.x(op.rd()), pe.x(op.rt2()));
  }

  /** What was loaded, extended to the register. */
  static long widen(Op op, long value) {
    if (!op.signed()) {
      return value;
    }
    int unused = 64 - 8 * op.size();
    long wide = value << unused >> unused;
    return op.is64() ? wide : wide & 0xffff_ffffL;
  }

  /** The base register; SP must be aligned to 16 where SCTLR_ELx asks for it. */
  static long base(Pe pe, Op op) {
    if (op.rn() != 31) {
      return pe.x(op.rn());
    }
    long sp = pe.sp();
    if ((sp & 15) != 0 && checksStackPointer(pe)) {
      throw pe.pending.other(
          pe.exceptions().targetOfOwnExceptions(), ExceptionModel.EC_SP_ALIGN, 0);
    }
    return sp;
  }

  /** Source: Arm ARM, "SP alignment checking". */
  private static boolean checksStackPointer(Pe pe) {
    TranslationControls controls = pe.memory().translator().controls();
    return (controls.sctlr(controls.regime()) & (pe.el() == 0 ? SCTLR_SA0 : SCTLR_SA)) != 0;
  }
}
