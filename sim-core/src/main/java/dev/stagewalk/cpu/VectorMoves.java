package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/**
 * Moves of elements and registers, and modified immediates: one method a row's semantics. The size
 * of an element is the row's access; {@code is64} is Q, and without it bits 127 to 64 become 0.
 */
final class VectorMoves {
  private VectorMoves() {}

  /** An element in every place of 64 bits. */
  static long repeat(long element, int size) {
    return switch (size) {
      case 1 -> (element & 0xff) * 0x0101_0101_0101_0101L;
      case 2 -> (element & 0xffff) * 0x0001_0001_0001_0001L;
      case 4 -> (element & 0xffff_ffffL) * 0x0000_0001_0000_0001L;
      default -> element;
    };
  }

  private static void fill(Pe pe, Op op, long half) {
    pe.vectors.set(op.rd(), half, op.is64() ? half : 0);
  }

  static void dupElement(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    fill(pe, op, repeat(pe.vectors.element(op.rn(), op.size(), (int) op.imm2()), op.size()));
  }

  static void dupScalar(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    pe.vectors.set(op.rd(), pe.vectors.element(op.rn(), op.size(), (int) op.imm2()), 0);
  }

  static void dupGeneral(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    fill(pe, op, repeat(pe.x(op.rn()), op.size()));
  }

  static void insGeneral(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    pe.vectors.setElement(op.rd(), op.size(), (int) op.imm(), pe.x(op.rn()));
  }

  static void insElement(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long element = pe.vectors.element(op.rn(), op.size(), (int) op.imm2());
    pe.vectors.setElement(op.rd(), op.size(), (int) op.imm(), element);
  }

  static void umov(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    pe.setX(op.rd(), pe.vectors.element(op.rn(), op.size(), (int) op.imm2()));
  }

  static void smov(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long element = pe.vectors.element(op.rn(), op.size(), (int) op.imm2());
    pe.setX(op.rd(), LoadsAndStores.widen(op, element));
  }

  static void fmovToGeneral(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    pe.setX(op.rd(), pe.vectors.element(op.rn(), op.size(), 0));
  }

  static void fmovFromGeneral(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    pe.vectors.set(op.rd(), pe.x(op.rn()) & -1L >>> (64 - 8 * op.size()), 0);
  }

  static void fmovFromTop(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    pe.setX(op.rd(), pe.vectors.high(op.rn()));
  }

  static void fmovToTop(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    pe.vectors.setElement(op.rd(), 8, 1, pe.x(op.rn()));
  }

  static void fmovRegister(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    pe.vectors.set(op.rd(), pe.vectors.element(op.rn(), op.size(), 0), 0);
  }

  static void movi(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    fill(pe, op, op.imm());
  }

  static void mvni(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    fill(pe, op, ~op.imm());
  }

  static void orrImmediate(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    v.set(op.rd(), v.low(op.rd()) | op.imm(), op.is64() ? v.high(op.rd()) | op.imm() : 0);
  }

  static void bicImmediate(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    v.set(op.rd(), v.low(op.rd()) & ~op.imm(), op.is64() ? v.high(op.rd()) & ~op.imm() : 0);
  }
}
