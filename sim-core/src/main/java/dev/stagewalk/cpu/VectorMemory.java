package dev.stagewalk.cpu;

import static dev.stagewalk.cpu.LoadsAndStores.base;

import dev.stagewalk.isa.Op;

/**
 * Loads and stores of SIMD and floating-point registers: one method a row's semantics. All that is
 * accessed is accessed before any register is written, so that an instruction that faults has
 * changed none.
 *
 * <p>An access of 16 bytes is made as two of 8, but must be aligned as one where alignment is asked
 * for. Lists are accessed element by element.
 */
final class VectorMemory {
  private static final int QUAD = 16;

  private VectorMemory() {}

  static void loadOffset(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    load(pe, op, base(pe, op) + op.imm());
  }

  static void storeOffset(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    store(pe, op, base(pe, op) + op.imm());
  }

  static void loadPre(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op) + op.imm();
    load(pe, op, va);
    pe.setXOrSp(op.rn(), va);
  }

  static void storePre(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op) + op.imm();
    store(pe, op, va);
    pe.setXOrSp(op.rn(), va);
  }

  static void loadPost(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op);
    load(pe, op, va);
    pe.setXOrSp(op.rn(), va + op.imm());
  }

  static void storePost(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op);
    store(pe, op, va);
    pe.setXOrSp(op.rn(), va + op.imm());
  }

  static void loadRegister(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    load(pe, op, base(pe, op) + Arithmetic.extended(pe, op));
  }

  static void storeRegister(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    store(pe, op, base(pe, op) + Arithmetic.extended(pe, op));
  }

  static void loadLiteral(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    load(pe, op, pe.instructionAddress() + op.imm());
  }

  static void loadPairOffset(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    loadPair(pe, op, base(pe, op) + op.imm());
  }

  static void storePairOffset(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    storePair(pe, op, base(pe, op) + op.imm());
  }

  static void loadPairPre(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op) + op.imm();
    loadPair(pe, op, va);
    pe.setXOrSp(op.rn(), va);
  }

  static void storePairPre(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op) + op.imm();
    storePair(pe, op, va);
    pe.setXOrSp(op.rn(), va);
  }

  static void loadPairPost(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op);
    loadPair(pe, op, va);
    pe.setXOrSp(op.rn(), va + op.imm());
  }

  static void storePairPost(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op);
    storePair(pe, op, va);
    pe.setXOrSp(op.rn(), va + op.imm());
  }

  private static void load(Pe pe, Op op, long va) {
    if (op.size() != QUAD) {
      pe.vectors.set(op.rd(), pe.load(va, op.size()), 0);
      return;
    }
    int how = halves(va);
    long first = pe.load(va, 8, how);
    long second = pe.load(va + 8, 8, how);
    set(pe, op.rd(), first, second);
  }

  private static void store(Pe pe, Op op, long va) {
    if (op.size() != QUAD) {
      pe.store(va, op.size(), pe.vectors.low(op.rd()));
      return;
    }
    pe.probeWrite(va, QUAD);
    storeQuad(pe, va, op.rd(), halves(va));
  }

  /** Where the first byte is the most significant one, so is the first half. */
  private static void set(Pe pe, int register, long first, long second) {
    boolean swapped = DataAccess.isBigEndian(pe);
    pe.vectors.set(register, swapped ? second : first, swapped ? first : second);
  }

  private static void storeQuad(Pe pe, long va, int register, int how) {
    boolean swapped = DataAccess.isBigEndian(pe);
    long low = pe.vectors.low(register);
    long high = pe.vectors.high(register);
    pe.store(va, 8, swapped ? high : low, how);
    pe.store(va + 8, 8, swapped ? low : high, how);
  }

  private static int halves(long va) {
    return (va & (QUAD - 1)) == 0 ? 0 : Manner.OF_UNALIGNED;
  }

  private static void loadPair(Pe pe, Op op, long va) {
    int size = op.size();
    VectorRegisters v = pe.vectors;
    if (size != QUAD) {
      long first = pe.load(va, size);
      long second = pe.load(va + size, size);
      v.set(op.rd(), first, 0);
      v.set(op.rt2(), second, 0);
      return;
    }
    int how = halves(va);
    long a = pe.load(va, 8, how);
    long b = pe.load(va + 8, 8, how);
    long c = pe.load(va + 16, 8, how);
    long d = pe.load(va + 24, 8, how);
    set(pe, op.rd(), a, b);
    set(pe, op.rt2(), c, d);
  }

  private static void storePair(Pe pe, Op op, long va) {
    int size = op.size();
    VectorRegisters v = pe.vectors;
    if (size != QUAD) {
      pe.storePair(va, size, v.low(op.rd()), v.low(op.rt2()));
      return;
    }
    pe.probeWrite(va, QUAD);
    pe.probeWrite(va + QUAD, QUAD);
    int how = halves(va);
    storeQuad(pe, va, op.rd(), how);
    storeQuad(pe, va + QUAD, op.rt2(), how);
  }

  static void loadStructures(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    loadList(pe, op, base(pe, op));
  }

  static void storeStructures(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    storeList(pe, op, base(pe, op));
  }

  static void loadStructuresPost(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op);
    loadList(pe, op, va);
    advance(pe, op, va);
  }

  static void storeStructuresPost(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op);
    storeList(pe, op, va);
    advance(pe, op, va);
  }

  /** The list's registers are wide by Q; imm2 is how many there are. */
  private static void loadList(Pe pe, Op op, long va) {
    int words = (int) op.imm2() * (op.is64() ? 2 : 1);
    long[] loaded = new long[words];
    int size = op.size();
    for (int i = 0; i < words; i++) {
      for (int offset = 0; offset < 8; offset += size) {
        loaded[i] |= pe.load(va + 8L * i + offset, size) << (8 * offset);
      }
    }
    for (int i = 0; i < op.imm2(); i++) {
      if (op.is64()) {
        pe.vectors.set(register(op, i), loaded[2 * i], loaded[2 * i + 1]);
      } else {
        pe.vectors.set(register(op, i), loaded[i], 0);
      }
    }
  }

  private static void storeList(Pe pe, Op op, long va) {
    int halves = op.is64() ? 2 : 1;
    int size = op.size();
    int bytes = (int) op.imm2() * 8 * halves;
    probe(pe, va, bytes, size);
    for (int offset = 0; offset < bytes; offset += size) {
      int register = register(op, offset / (8 * halves));
      int index = offset % (8 * halves) / size;
      pe.store(va + offset, size, pe.vectors.element(register, size, index));
    }
  }

  static void loadInterleaved(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    loadInTurn(pe, op, base(pe, op));
  }

  static void storeInterleaved(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    storeInTurn(pe, op, base(pe, op));
  }

  static void loadInterleavedPost(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op);
    loadInTurn(pe, op, va);
    advance(pe, op, va);
  }

  static void storeInterleavedPost(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op);
    storeInTurn(pe, op, va);
    advance(pe, op, va);
  }

  /** The elements go to the list's registers in turn; imm2 is how many there are. */
  private static void loadInTurn(Pe pe, Op op, long va) {
    int size = op.size();
    int registers = (int) op.imm2();
    int count = (op.is64() ? 16 : 8) / size;
    long[] loaded = new long[2 * registers];
    for (int i = 0; i < count * registers; i++) {
      int bit = 8 * size * (i / registers);
      int half = 2 * (i % registers) + (bit >>> 6);
      loaded[half] |= pe.load(va + (long) size * i, size) << (bit & 63);
    }
    for (int i = 0; i < registers; i++) {
      pe.vectors.set(register(op, i), loaded[2 * i], loaded[2 * i + 1]);
    }
  }

  private static void storeInTurn(Pe pe, Op op, long va) {
    int size = op.size();
    int registers = (int) op.imm2();
    int elements = (op.is64() ? 16 : 8) / size * registers;
    probe(pe, va, elements * size, size);
    for (int i = 0; i < elements; i++) {
      long element = pe.vectors.element(register(op, i % registers), size, i / registers);
      pe.store(va + (long) size * i, size, element);
    }
  }

  static void loadElement(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    loadOne(pe, op, base(pe, op));
  }

  static void storeElement(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    storeOne(pe, op, base(pe, op));
  }

  static void loadElementPost(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op);
    loadOne(pe, op, va);
    advance(pe, op, va);
  }

  static void storeElementPost(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op);
    storeOne(pe, op, va);
    advance(pe, op, va);
  }

  /** Of each of the list's registers one element; amount is how many there are. */
  private static void loadOne(Pe pe, Op op, long va) {
    long[] loaded = consecutive(pe, op, va);
    for (int i = 0; i < loaded.length; i++) {
      pe.vectors.setElement(register(op, i), op.size(), (int) op.imm2(), loaded[i]);
    }
  }

  private static void storeOne(Pe pe, Op op, long va) {
    int size = op.size();
    if (op.amount() > 1) {
      probe(pe, va, op.amount() * size, size);
    }
    for (int i = 0; i < op.amount(); i++) {
      pe.store(
          va + (long) size * i, size, pe.vectors.element(register(op, i), size, (int) op.imm2()));
    }
  }

  private static long[] consecutive(Pe pe, Op op, long va) {
    long[] loaded = new long[op.amount()];
    for (int i = 0; i < loaded.length; i++) {
      loaded[i] = pe.load(va + (long) op.size() * i, op.size());
    }
    return loaded;
  }

  private static int register(Op op, int index) {
    return (op.rd() + index) % VectorRegisters.COUNT;
  }

  /** Meets what would refuse a store of elements before any is stored. */
  private static void probe(Pe pe, long va, int bytes, int size) {
    for (int offset = 0; offset < bytes; offset += size) {
      long last = va + offset + size - 1;
      if (offset == 0 || (last ^ (last - size)) >>> 12 != 0) {
        pe.probeWrite(va + offset, size);
      }
    }
  }

  static void loadReplicate(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    replicate(pe, op, base(pe, op));
  }

  static void loadReplicatePost(Pe pe, Op op) {
    FloatingPointTraps.check(pe);
    long va = base(pe, op);
    replicate(pe, op, va);
    advance(pe, op, va);
  }

  private static void replicate(Pe pe, Op op, long va) {
    long[] loaded = consecutive(pe, op, va);
    for (int i = 0; i < loaded.length; i++) {
      long value = VectorMoves.repeat(loaded[i], op.size());
      pe.vectors.set(register(op, i), value, op.is64() ? value : 0);
    }
  }

  /** Rm says by how much; 31 stands for the bytes accessed. */
  private static void advance(Pe pe, Op op, long va) {
    pe.setXOrSp(op.rn(), va + (op.rm() == 31 ? op.imm() : pe.x(op.rm())));
  }
}
