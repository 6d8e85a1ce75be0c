package dev.stagewalk.cpu;

import static dev.stagewalk.cpu.Arithmetic.setRd;

import dev.stagewalk.isa.Op;

/**
 * Bitfields, extraction, variable shifts, reversals and counts, multiplication, division and CRC32:
 * one method a row's semantics.
 */
final class Bitwork {
  /** The polynomials of CRC32 and CRC32C, bits reversed. */
  private static final int CRC32 = 0xedb8_8320;

  private static final int CRC32C = 0x82f6_3b78;

  private Bitwork() {}

  static void ubfm(Pe pe, Op op) {
    setRd(pe, op, rotated(pe, op) & op.imm() & op.imm2());
  }

  static void sbfm(Pe pe, Op op) {
    long source = rotated(pe, op);
    long within = op.imm2();
    // tmask is a run of ones from bit 0; its highest one is where the sign has been rotated to.
    boolean negative = (source & (within ^ within >>> 1)) != 0;
    long field = source & op.imm() & within;
    setRd(pe, op, negative ? field | ~within : field);
  }

  static void bfm(Pe pe, Op op) {
    long kept = pe.x(op.rd());
    long bottom = kept & ~op.imm() | rotated(pe, op) & op.imm();
    setRd(pe, op, kept & ~op.imm2() | bottom & op.imm2());
  }

  private static long rotated(Pe pe, Op op) {
    long source = pe.x(op.rn());
    return op.is64()
        ? Long.rotateRight(source, op.amount())
        : Integer.rotateRight((int) source, op.amount()) & 0xffff_ffffL;
  }

  static void extr(Pe pe, Op op) {
    int lsb = op.amount();
    long high = pe.x(op.rn());
    long low = pe.x(op.rm());
    if (op.is64()) {
      pe.setX(op.rd(), lsb == 0 ? low : low >>> lsb | high << (64 - lsb));
    } else {
      pe.setW(op.rd(), ((high & 0xffff_ffffL) << 32 | low & 0xffff_ffffL) >>> lsb);
    }
  }

  static void lslv(Pe pe, Op op) {
    variableShift(pe, op, 0);
  }

  static void lsrv(Pe pe, Op op) {
    variableShift(pe, op, 1);
  }

  static void asrv(Pe pe, Op op) {
    variableShift(pe, op, 2);
  }

  static void rorv(Pe pe, Op op) {
    variableShift(pe, op, 3);
  }

  private static void variableShift(Pe pe, Op op, int kind) {
    int amount = (int) pe.x(op.rm());
    if (op.is64()) {
      pe.setX(op.rd(), Arithmetic.shift(pe.x(op.rn()), kind, amount & 63));
    } else {
      pe.setW(op.rd(), Arithmetic.shift((int) pe.x(op.rn()), kind, amount & 31));
    }
  }

  static void rbit(Pe pe, Op op) {
    long source = pe.x(op.rn());
    setRd(pe, op, op.is64() ? Long.reverse(source) : Integer.reverse((int) source));
  }

  static void rev16(Pe pe, Op op) {
    long source = pe.x(op.rn());
    setRd(pe, op, source << 8 & 0xff00_ff00_ff00_ff00L | source >>> 8 & 0x00ff_00ff_00ff_00ffL);
  }

  static void rev32(Pe pe, Op op) {
    setRd(pe, op, Long.rotateLeft(Long.reverseBytes(pe.x(op.rn())), 32));
  }

  static void rev64(Pe pe, Op op) {
    pe.setX(op.rd(), Long.reverseBytes(pe.x(op.rn())));
  }

  static void clz(Pe pe, Op op) {
    pe.setX(op.rd(), leadingZeros(op, pe.x(op.rn())));
  }

  static void cls(Pe pe, Op op) {
    long source = pe.x(op.rn());
    long signed = op.is64() ? source : (int) source;
    pe.setX(op.rd(), leadingZeros(op, signed ^ signed >> 63) - 1L);
  }

  private static int leadingZeros(Op op, long value) {
    return op.is64() ? Long.numberOfLeadingZeros(value) : Integer.numberOfLeadingZeros((int) value);
  }

  static void madd(Pe pe, Op op) {
    setRd(pe, op, pe.x(op.ra()) + pe.x(op.rn()) * pe.x(op.rm()));
  }

  static void msub(Pe pe, Op op) {
    setRd(pe, op, pe.x(op.ra()) - pe.x(op.rn()) * pe.x(op.rm()));
  }

  static void smaddl(Pe pe, Op op) {
    pe.setX(op.rd(), pe.x(op.ra()) + (long) (int) pe.x(op.rn()) * (int) pe.x(op.rm()));
  }

  static void smsubl(Pe pe, Op op) {
    pe.setX(op.rd(), pe.x(op.ra()) - (long) (int) pe.x(op.rn()) * (int) pe.x(op.rm()));
  }

  static void umaddl(Pe pe, Op op) {
    pe.setX(op.rd(), pe.x(op.ra()) + pe.w(op.rn()) * pe.w(op.rm()));
  }

  static void umsubl(Pe pe, Op op) {
    pe.setX(op.rd(), pe.x(op.ra()) - pe.w(op.rn()) * pe.w(op.rm()));
  }

  static void smulh(Pe pe, Op op) {
    pe.setX(op.rd(), Math.multiplyHigh(pe.x(op.rn()), pe.x(op.rm())));
  }

  static void umulh(Pe pe, Op op) {
    pe.setX(op.rd(), Math.unsignedMultiplyHigh(pe.x(op.rn()), pe.x(op.rm())));
  }

  /** Division by zero gives zero: Arm ARM, "Divide instructions". */
  static void udiv(Pe pe, Op op) {
    long divisor = op.is64() ? pe.x(op.rm()) : pe.w(op.rm());
    long dividend = op.is64() ? pe.x(op.rn()) : pe.w(op.rn());
    pe.setX(op.rd(), divisor == 0 ? 0 : Long.divideUnsigned(dividend, divisor));
  }

  static void sdiv(Pe pe, Op op) {
    long divisor = op.is64() ? pe.x(op.rm()) : (int) pe.x(op.rm());
    long dividend = op.is64() ? pe.x(op.rn()) : (int) pe.x(op.rn());
    setRd(pe, op, divisor == 0 ? 0 : dividend / divisor);
  }

  static void crc32(Pe pe, Op op) {
    crc(pe, op, CRC32);
  }

  static void crc32c(Pe pe, Op op) {
    crc(pe, op, CRC32C);
  }

  private static void crc(Pe pe, Op op, int polynomial) {
    int crc = (int) pe.x(op.rn());
    long data = pe.x(op.rm());
    for (int i = 0; i < op.size(); i++) {
      crc ^= (int) data & 0xff;
      data >>>= 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ (-(crc & 1) & polynomial);
      }
    }
    pe.setW(op.rd(), crc);
  }
}
