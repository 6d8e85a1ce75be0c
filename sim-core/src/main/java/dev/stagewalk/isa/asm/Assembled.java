package dev.stagewalk.isa.asm;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * What a source became. With errors the rest is still there as far as it was understood, for a
 * source pane to show.
 *
 * @param base the address of the first section
 * @param sections in the order of their addresses
 * @param symbols labels and the names set by .equ
 * @param lines the line (from 1) of each instruction and datum, by address
 * @param errors all of them, in the order of the text; empty if the source is good
 */
public record Assembled(
    String source,
    long base,
    List<Section> sections,
    Map<String, Long> symbols,
    NavigableMap<Long, Integer> lines,
    List<AsmError> errors) {

  /** A section's bytes at their address. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Section(String name, long address, byte[] bytes) {}

  /** Whether it may be run. */
  public boolean isGood() {
    return errors.isEmpty();
  }

  /** All sections as one image from {@link #base}, gaps zero. */
  public byte[] image() {
    long end = base;
    for (Section section : sections) {
      end = Math.max(end, section.address() + section.bytes().length);
    }
    byte[] image = new byte[Math.toIntExact(end - base)];
    for (Section section : sections) {
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
