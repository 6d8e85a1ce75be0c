package dev.stagewalk.isa.asm;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A section while it is filled, with the literal pools that stand in it. */
final class SectionBuffer {
  private static final int NOP = 0xd503201f;

  private final String name;
  private final SectionFlags flags;
  private final long address;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Map<String, Literal>> pools = new ArrayList<>();
  private final TreeMap<Integer, Boolean> kinds = new TreeMap<>();
  private int pool;
  private int alignment = 1;

  /** A datum of a pool: its size in bytes, its value, its offset once the pool is laid. */
  static final class Literal {
    final int size;
    final long value;
    final int line;
    int offset = -1;

    Literal(int size, long value, int line) {
      this.size = size;
      this.value = value;
      this.line = line;
    }
  }

  SectionBuffer(String name, SectionFlags flags, long address) {
    this.name = name;
    this.flags = flags;
    this.address = address;
    pools.add(new LinkedHashMap<>());
  }

  String name() {
    return name;
  }

  SectionFlags flags() {
    return flags;
  }

  long address() {
    return address;
  }

  /** The address of the next byte. */
  long here() {
    return address + bytes.size();
  }

  int size() {
    return bytes.size();
  }

  int alignment() {
    return alignment;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  /** By offset, where instructions (true) and data (false) begin. */
  NavigableMap<Integer, Boolean> kinds() {
    return kinds;
  }

  /** Says that what comes next is an instruction, or data. */
  void kind(boolean instruction) {
    Map.Entry<Integer, Boolean> last = kinds.lastEntry();
    if (last == null ? instruction || flags.exec() : last.getValue() != instruction) {
      kinds.put(bytes.size(), instruction);
    }
  }

  /** Appends the low {@code size} bytes of a value, lowest first. */
  void append(long value, int size) {
    for (int i = 0; i < size; i++) {
      bytes.write(i < 8 ? (int) (value >>> (8 * i)) : 0);
    }
  }

  /** Appends bytes of one value. */
  void repeat(int value, int count) {
    for (int i = 0; i < count; i++) {
      bytes.write(value);
    }
  }

  /** Aligns the next byte, with NOPs in code, unless that would take more than so many bytes. */
  void align(int to, int most) {
    alignment = Math.max(alignment, to);
    if (missing(to) > most) {
      return;
    }
    while (flags.exec() && bytes.size() % 4 != 0 && bytes.size() % to != 0) {
      kind(false);
      bytes.write(0);
    }
    while (bytes.size() % to != 0) {
      if (flags.exec()) {
        kind(true);
        append(NOP, 4);
      } else {
        bytes.write(0);
      }
    }
  }

  /** Aligns the next byte, filling with a byte, unless that would take more than so many. */
  void align(int to, int fill, int most) {
    alignment = Math.max(alignment, to);
    int missing = missing(to);
    if (missing > 0 && missing <= most) {
      kind(false);
      repeat(fill, missing);
    }
  }

  /** Aligns an instruction that follows data in code: GNU as does, and no PE executes it else. */
  void alignInstruction() {
    Map.Entry<Integer, Boolean> last = kinds.lastEntry();
    if (flags.exec() && last != null && !last.getValue()) {
      repeat(0, missing(4));
    }
  }

  private int missing(int to) {
    return Math.floorMod(-bytes.size(), to);
  }

  /** Notes a literal for the pool that comes next. Equal ones share a place. */
  void literal(String key, int size, long value, int line) {
    pools.get(pool).putIfAbsent(key, new Literal(size, value, line));
  }

  int pool() {
    return pool;
  }

  /** The address of a literal, or -1 before its pool is laid. */
  long literalAddress(int ofPool, String key) {
    Literal literal = ofPool < pools.size() ? pools.get(ofPool).get(key) : null;
    return literal == null || literal.offset < 0 ? -1 : address + literal.offset;
  }

  /** Lays the pool here: 4-byte literals, then 8-byte ones, each kind aligned, as GNU as does. */
  List<Literal> layPool() {
    List<Literal> laid = new ArrayList<>();
    for (int size = 4; size <= 8; size *= 2) {
      for (Literal literal : pools.get(pool).values()) {
        if (literal.size == size) {
          align(size, 0, size);
          kind(false);
          literal.offset = bytes.size();
          append(literal.value, size);
          laid.add(literal);
        }
      }
    }
    pools.add(new LinkedHashMap<>());
    pool++;
    return laid;
  }
}
