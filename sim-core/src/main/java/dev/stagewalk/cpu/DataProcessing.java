package dev.stagewalk.cpu;

import static dev.stagewalk.cpu.Arithmetic.addFlags;
import static dev.stagewalk.cpu.Arithmetic.extended;
import static dev.stagewalk.cpu.Arithmetic.logicalFlags;
import static dev.stagewalk.cpu.Arithmetic.setRd;
import static dev.stagewalk.cpu.Arithmetic.setRdOrSp;
import static dev.stagewalk.cpu.Arithmetic.shifted;

import dev.stagewalk.isa.Op;

/** Addition and subtraction, logic, moves and addresses: one method a row's semantics. */
final class DataProcessing {
  private DataProcessing() {}

  static void addImmediate(Pe pe, Op op) {
    setRdOrSp(pe, op, pe.xOrSp(op.rn()) + op.imm());
  }

  static void subImmediate(Pe pe, Op op) {
    setRdOrSp(pe, op, pe.xOrSp(op.rn()) - op.imm());
  }

  static void addsImmediate(Pe pe, Op op) {
    addAndSetFlags(pe, op, pe.xOrSp(op.rn()), op.imm(), 0);
  }

  static void subsImmediate(Pe pe, Op op) {
    addAndSetFlags(pe, op, pe.xOrSp(op.rn()), ~op.imm(), 1);
  }

  static void addShifted(Pe pe, Op op) {
    setRd(pe, op, pe.x(op.rn()) + shifted(pe, op));
  }

  static void subShifted(Pe pe, Op op) {
    setRd(pe, op, pe.x(op.rn()) - shifted(pe, op));
  }

  static void addsShifted(Pe pe, Op op) {
    addAndSetFlags(pe, op, pe.x(op.rn()), shifted(pe, op), 0);
  }

  static void subsShifted(Pe pe, Op op) {
    addAndSetFlags(pe, op, pe.x(op.rn()), ~shifted(pe, op), 1);
  }

  static void addExtended(Pe pe, Op op) {
    setRdOrSp(pe, op, pe.xOrSp(op.rn()) + extended(pe, op));
  }

  static void subExtended(Pe pe, Op op) {
    setRdOrSp(pe, op, pe.xOrSp(op.rn()) - extended(pe, op));
  }

  static void addsExtended(Pe pe, Op op) {
    addAndSetFlags(pe, op, pe.xOrSp(op.rn()), extended(pe, op), 0);
  }

  static void subsExtended(Pe pe, Op op) {
    addAndSetFlags(pe, op, pe.xOrSp(op.rn()), ~extended(pe, op), 1);
  }

  static void adc(Pe pe, Op op) {
    setRd(pe, op, pe.x(op.rn()) + pe.x(op.rm()) + carry(pe));
  }

  static void sbc(Pe pe, Op op) {
    setRd(pe, op, pe.x(op.rn()) + ~pe.x(op.rm()) + carry(pe));
  }

  static void adcs(Pe pe, Op op) {
    addAndSetFlags(pe, op, pe.x(op.rn()), pe.x(op.rm()), carry(pe));
  }

  static void sbcs(Pe pe, Op op) {
    addAndSetFlags(pe, op, pe.x(op.rn()), ~pe.x(op.rm()), carry(pe));
  }

  static void andImmediate(Pe pe, Op op) {
    setRdOrSp(pe, op, pe.x(op.rn()) & op.imm());
  }

  static void orrImmediate(Pe pe, Op op) {
    setRdOrSp(pe, op, pe.x(op.rn()) | op.imm());
  }

  static void eorImmediate(Pe pe, Op op) {
    setRdOrSp(pe, op, pe.x(op.rn()) ^ op.imm());
  }

  static void andsImmediate(Pe pe, Op op) {
    setRd(pe, op, logicalFlags(pe, op, pe.x(op.rn()) & op.imm()));
  }

  static void andShifted(Pe pe, Op op) {
    setRd(pe, op, pe.x(op.rn()) & shifted(pe, op));
  }

  static void bicShifted(Pe pe, Op op) {
    setRd(pe, op, pe.x(op.rn()) & ~shifted(pe, op));
  }

  static void orrShifted(Pe pe, Op op) {
    setRd(pe, op, pe.x(op.rn()) | shifted(pe, op));
  }

  static void ornShifted(Pe pe, Op op) {
    setRd(pe, op, pe.x(op.rn()) | ~shifted(pe, op));
  }

  static void eorShifted(Pe pe, Op op) {
    setRd(pe, op, pe.x(op.rn()) ^ shifted(pe, op));
  }

  static void eonShifted(Pe pe, Op op) {
    setRd(pe, op, pe.x(op.rn()) ^ ~shifted(pe, op));
  }

  static void andsShifted(Pe pe, Op op) {
    setRd(pe, op, logicalFlags(pe, op, pe.x(op.rn()) & shifted(pe, op)));
  }

  static void bicsShifted(Pe pe, Op op) {
    setRd(pe, op, logicalFlags(pe, op, pe.x(op.rn()) & ~shifted(pe, op)));
  }

  /** MOVZ and MOVN: the value was computed at decode. */
  static void moveImmediate(Pe pe, Op op) {
    pe.setX(op.rd(), op.imm());
  }

  static void movk(Pe pe, Op op) {
    long others = ~(0xffffL << op.amount());
    setRd(pe, op, pe.x(op.rd()) & others | op.imm() << op.amount());
  }

  static void adr(Pe pe, Op op) {
    pe.setX(op.rd(), pe.instructionAddress() + op.imm());
  }

  static void adrp(Pe pe, Op op) {
    pe.setX(op.rd(), (pe.instructionAddress() & -4096) + op.imm());
  }

  private static void addAndSetFlags(Pe pe, Op op, long a, long b, int carry) {
    if (op.is64()) {
      pe.setX(op.rd(), addFlags(pe, a, b, carry));
    } else {
      pe.setW(op.rd(), addFlags(pe, (int) a, (int) b, carry));
    }
  }

  private static int carry(Pe pe) {
    return pe.nzcv() >> 1 & 1;
  }
}
