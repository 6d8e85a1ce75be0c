package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/**
 * Bitwise operations on vectors: one method a row's semantics. {@code is64} is Q, and without it
 * bits 127 to 64 become 0.
 */
final class VectorBitwise {
  private VectorBitwise() {}

  private interface OfTwo {
    long apply(long a, long b);
  }

  static void and(Pe pe, Op op) {
    bitwise(pe, op, (n, m) -> n & m);
  }

  static void bic(Pe pe, Op op) {
    bitwise(pe, op, (n, m) -> n & ~m);
  }

  static void orr(Pe pe, Op op) {
    bitwise(pe, op, (n, m) -> n | m);
  }

  static void orn(Pe pe, Op op) {
    bitwise(pe, op, (n, m) -> n | ~m);
  }

  static void eor(Pe pe, Op op) {
    bitwise(pe, op, (n, m) -> n ^ m);
  }

  static void not(Pe pe, Op op) {
    bitwise(pe, op, (n, m) -> ~n);
  }

  private static void bitwise(Pe pe, Op op, OfTwo f) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    long low = f.apply(v.low(op.rn()), v.low(op.rm()));
    long high = op.is64() ? f.apply(v.high(op.rn()), v.high(op.rm())) : 0;
    v.set(op.rd(), low, high);
  }

  /** Bits of Rn where Rd is 1, of Rm where it is 0. */
  static void bsl(Pe pe, Op op) {
    select(pe, op, op.rd(), op.rn(), op.rm());
  }

  /** Bits of Rn where Rm is 1, else Rd stays. */
  static void bit(Pe pe, Op op) {
    select(pe, op, op.rm(), op.rn(), op.rd());
  }

  /** Bits of Rn where Rm is 0, else Rd stays. */
  static void bif(Pe pe, Op op) {
    select(pe, op, op.rm(), op.rd(), op.rn());
  }

  private static void select(Pe pe, Op op, int by, int ifOne, int ifZero) {
    FloatingPointTraps.check(pe);
    VectorRegisters v = pe.vectors;
    long low = (v.low(by) & v.low(ifOne)) | (~v.low(by) & v.low(ifZero));
    long high = (v.high(by) & v.high(ifOne)) | (~v.high(by) & v.high(ifZero));
    v.set(op.rd(), low, op.is64() ? high : 0);
  }
}
