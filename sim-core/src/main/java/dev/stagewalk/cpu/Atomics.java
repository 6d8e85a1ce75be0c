package dev.stagewalk.cpu;

import static dev.stagewalk.cpu.LoadsAndStores.base;
import static dev.stagewalk.cpu.LoadsAndStores.widen;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Access;
import dev.stagewalk.isa.Op;

/**
 * Acquire and release, exclusives, compare and swap, and the atomics that load, compute and store.
 * One PE executes at a time, so that an instruction is atomic and its order is the program's.
 */
final class Atomics {
  private Atomics() {}

  static void loadAcquire(Pe pe, Op op) {
    long va = base(pe, op) + op.imm();
    pe.setX(op.rd(), widen(op, pe.load(va, op.size(), ordered(va, op.size()))));
  }

  static void storeRelease(Pe pe, Op op) {
    long va = base(pe, op) + op.imm();
    pe.store(va, op.size(), pe.x(op.rd()), ordered(va, op.size()));
  }

  /** An aligned access needs nothing special, and is then as cheap as any other. */
  private static int ordered(long va, int size) {
    return (va & (size - 1)) == 0 ? 0 : Manner.WITHIN_16 | Manner.ANYWHERE_UNDER_NAA;
  }

  static void loadExclusive(Pe pe, Op op) {
    long va = base(pe, op);
    long value = pe.load(va, op.size(), Manner.ALIGNED);
    pe.markExclusive(va, op.size());
    pe.setX(op.rd(), value);
  }

  static void loadExclusivePair(Pe pe, Op op) {
    long va = base(pe, op);
    align(pe, va, 2 * op.size(), Access.Kind.READ);
    long first = pe.load(va, op.size(), Manner.ALIGNED);
    long second = pe.load(va + op.size(), op.size(), Manner.ALIGNED);
    pe.markExclusive(va, 2 * op.size());
    pe.setX(op.rd(), first);
    pe.setX(op.rt2(), second);
  }

  static void storeExclusive(Pe pe, Op op) {
    long va = base(pe, op);
    align(pe, va, op.size(), Access.Kind.WRITE);
    boolean held = pe.takeExclusive(va, op.size());
    if (held) {
      pe.store(va, op.size(), pe.x(op.rd()), Manner.ALIGNED);
    }
    pe.setX(op.rs(), held ? 0 : 1);
  }

  static void storeExclusivePair(Pe pe, Op op) {
    long va = base(pe, op);
    align(pe, va, 2 * op.size(), Access.Kind.WRITE);
    boolean held = pe.takeExclusive(va, 2 * op.size());
    if (held) {
      pe.store(va, op.size(), pe.x(op.rd()));
      pe.store(va + op.size(), op.size(), pe.x(op.rt2()));
    }
    pe.setX(op.rs(), held ? 0 : 1);
  }

  static void compareAndSwap(Pe pe, Op op) {
    long va = base(pe, op);
    long old = pe.loadForAtomic(va, op.size());
    if (old == narrow(op, pe.x(op.rs()))) {
      pe.storeForAtomic(va, op.size(), pe.x(op.rd()));
    }
    pe.setX(op.rs(), old);
  }

  static void compareAndSwapPair(Pe pe, Op op) {
    long va = base(pe, op);
    int size = op.size();
    align(pe, va, 2 * size, Access.Kind.WRITE);
    long first = pe.loadForAtomic(va, size);
    long second = pe.loadForAtomic(va + size, size);
    if (first == narrow(op, pe.x(op.rs())) && second == narrow(op, pe.x(op.rs() + 1))) {
      pe.storeForAtomic(va, size, pe.x(op.rd()));
      pe.storeForAtomic(va + size, size, pe.x(op.rd() + 1));
    }
    pe.setX(op.rs(), first);
    pe.setX(op.rs() + 1, second);
  }

  static void swap(Pe pe, Op op) {
    long va = base(pe, op);
    long old = pe.loadForAtomic(va, op.size());
    pe.storeForAtomic(va, op.size(), pe.x(op.rs()));
    pe.setX(op.rd(), old);
  }

  static void add(Pe pe, Op op) {
    long va = base(pe, op);
    long old = pe.loadForAtomic(va, op.size());
    finish(pe, op, va, old, old + pe.x(op.rs()));
  }

  static void clear(Pe pe, Op op) {
    long va = base(pe, op);
    long old = pe.loadForAtomic(va, op.size());
    finish(pe, op, va, old, old & ~pe.x(op.rs()));
  }

  static void exclusiveOr(Pe pe, Op op) {
    long va = base(pe, op);
    long old = pe.loadForAtomic(va, op.size());
    finish(pe, op, va, old, old ^ pe.x(op.rs()));
  }

  static void set(Pe pe, Op op) {
    long va = base(pe, op);
    long old = pe.loadForAtomic(va, op.size());
    finish(pe, op, va, old, old | pe.x(op.rs()));
  }

  static void signedMaximum(Pe pe, Op op) {
    long va = base(pe, op);
    long old = pe.loadForAtomic(va, op.size());
    finish(pe, op, va, old, Math.max(signed(op, old), signed(op, pe.x(op.rs()))));
  }

  static void signedMinimum(Pe pe, Op op) {
    long va = base(pe, op);
    long old = pe.loadForAtomic(va, op.size());
    finish(pe, op, va, old, Math.min(signed(op, old), signed(op, pe.x(op.rs()))));
  }

  static void unsignedMaximum(Pe pe, Op op) {
    long va = base(pe, op);
    long old = pe.loadForAtomic(va, op.size());
    long operand = narrow(op, pe.x(op.rs()));
    finish(pe, op, va, old, Long.compareUnsigned(old, operand) >= 0 ? old : operand);
  }

  static void unsignedMinimum(Pe pe, Op op) {
    long va = base(pe, op);
    long old = pe.loadForAtomic(va, op.size());
    long operand = narrow(op, pe.x(op.rs()));
    finish(pe, op, va, old, Long.compareUnsigned(old, operand) <= 0 ? old : operand);
  }

  private static void finish(Pe pe, Op op, long va, long old, long result) {
    pe.storeForAtomic(va, op.size(), result);
    pe.setX(op.rd(), old);
  }

  private static long narrow(Op op, long value) {
    int unused = 64 - 8 * op.size();
    return value << unused >>> unused;
  }

  private static long signed(Op op, long value) {
    int unused = 64 - 8 * op.size();
    return value << unused >> unused;
  }

  private static void align(Pe pe, long va, int bytes, Access.Kind kind) {
    if ((va & (bytes - 1)) != 0) {
      throw pe.pending.abort(
          pe.exceptions().targetOfOwnExceptions(), FaultKind.ALIGNMENT.statusCode(0), va, kind);
    }
  }
}
