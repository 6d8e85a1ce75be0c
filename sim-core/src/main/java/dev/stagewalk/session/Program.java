package dev.stagewalk.session;

import dev.stagewalk.image.boot.SymbolTable;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The guest's code as people read it.
 *
 * @param sourceName file name
 * @param source its text; empty for an image without source
 * @param base guest address of the first byte
 * @param size bytes
 * @param lines source line (from 1) of each instruction address
 * @param symbols address of each label
 * @param names what names an address by them
 */
public record Program(
    String sourceName,
    String source,
    long base,
    int size,
    Map<Long, Integer> lines,
    Map<String, Long> symbols,
    SymbolTable names) {

  public Program {
    lines = Map.copyOf(lines);
    symbols = Map.copyOf(symbols);
  }

  /** A program whose labels name addresses from its first byte to its last. */
  public Program(
      String sourceName,
      String source,
      long base,
      int size,
      Map<Long, Integer> lines,
      Map<String, Long> symbols) {
    this(
        sourceName, source, base, size, lines, symbols, SymbolTable.of(symbols, base, base + size));
  }

  /** Source line of an instruction address, from 1. */
  public OptionalInt line(long address) {
    Integer line = lines.get(address);
    return line == null ? OptionalInt.empty() : OptionalInt.of(line);
  }

  /** Instruction addresses in order. */
  public List<Long> addresses() {
    return List.copyOf(new TreeMap<>(lines).keySet());
  }
}
