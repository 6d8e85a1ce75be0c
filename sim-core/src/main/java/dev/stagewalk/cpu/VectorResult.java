package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/** A register under construction, element by element; 0 where none is put. */
final class VectorResult {
  private final int size;
  private long low;
  private long high;

  /**
   * @param size bytes of an element
   */
  VectorResult(int size) {
    this.size = size;
  }

  /** Puts an element, zero-extended, in a place where none is yet. */
  void put(int index, long element) {
    int bit = 8 * size * index;
    if (bit < 64) {
      low |= element << bit;
    } else {
      high |= element << (bit - 64);
    }
  }

  /** Writes Rd. */
  void into(Pe pe, Op op) {
    pe.vectors.set(op.rd(), low, high);
  }
}
