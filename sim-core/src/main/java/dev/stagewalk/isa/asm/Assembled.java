package dev.stagewalk.isa.asm;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * What a source became. With errors the rest is still there as far as it was understood, for a
 * source pane to show.
 *
 * @param base the address of the first section
 * @param sections in the order of their addresses, those that lie in no memory last
 * @param symbols labels and the names set by .equ
 * @param names the same, with all that is known of them
 * @param lines the line (from 1) of the source of each instruction and datum in memory, by address;
 *     what a macro or an included file brought in has the line where it is used
 * @param errors all of them, in the order of the text; empty if the source is good
 */
public record Assembled(
    String source,
    long base,
    List<Section> sections,
    Map<String, Long> symbols,
    List<Name> names,
    NavigableMap<Long, Integer> lines,
    List<AsmError> errors) {

  /**
   * A section's bytes at their address.
   *
   * @param inMemory whether it is part of the program; else its address is 0
   * @param noBits whether it is memory that starts as zero, which a file need not hold
   * @param note whether it holds notes for a linker
   * @param alignment of its address, a power of two
   * @param kinds by offset, where instructions (true) and data (false) begin
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Section(
      String name,
      long address,
      byte[] bytes,
      boolean inMemory,
      boolean writable,
      boolean executable,
      boolean noBits,
      boolean note,
      int alignment,
      NavigableMap<Integer, Boolean> kinds) {}

  /** Who sees a name: .global, .weak. */
  public enum Binding {
    LOCAL,
    GLOBAL,
    WEAK
  }

  /** What a name stands for: .type. */
  public enum Type {
    NONE,
    OBJECT,
    FUNCTION
  }

  /**
   * A label or constant.
   *
   * @param section where it lies, or empty of a constant
   * @param size in bytes, 0 where no .size says
   */
  public record Name(
      String name, long value, String section, Binding binding, Type type, long size) {}

  /** Whether it may be run. */
  public boolean isGood() {
    return errors.isEmpty();
  }

  /** All sections in memory as one image from {@link #base}, gaps zero. */
  public byte[] image() {
    List<Section> inMemory = sections.stream().filter(Section::inMemory).toList();
    long end = base;
    for (Section section : inMemory) {
      end = Math.max(end, section.address() + section.bytes().length);
    }
    byte[] image = new byte[Math.toIntExact(end - base)];
    for (Section section : inMemory) {
      int at = Math.toIntExact(section.address() - base);
      System.arraycopy(section.bytes(), 0, image, at, section.bytes().length);
    }
    return image;
  }

  /**
   * The address of a symbol.
   *
   * @throws IllegalArgumentException where the source defines no such symbol
   */
  public long symbol(String name) {
    Long address = symbols.get(name);
    if (address == null) {
      throw new IllegalArgumentException(source + " defines no symbol " + name);
    }
    return address;
  }
}
