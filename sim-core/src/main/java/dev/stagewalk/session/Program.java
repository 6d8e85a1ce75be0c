package dev.stagewalk.session;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.image.boot.SourceLines;
import dev.stagewalk.image.boot.SymbolTable;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
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
 * @param places source lines of an image, of which {@code source} is a listing; else empty
 */
public record Program(
    String sourceName,
    String source,
    long base,
    int size,
    Map<Long, Integer> lines,
    Map<String, Long> symbols,
    SymbolTable names,
    SourceLines places) {

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
        sourceName,
        source,
        base,
        size,
        lines,
        symbols,
        SymbolTable.of(symbols, base, base + size),
        SourceLines.EMPTY);
  }

  /** Source line of an instruction address, from 1. */
  public OptionalInt line(long address) {
    Integer line = lines.get(address);
    return line == null ? OptionalInt.empty() : OptionalInt.of(line);
  }

  /**
   * A line of a source and its first instruction.
   *
   * @param text {@code uart.s:12}
   */
  public record Line(String text, long address) {}

  /**
   * The line with instructions that stands at or next after a line of a source.
   *
   * @param file its name, with or without its folder
   * @throws IllegalArgumentException if there is no such source, or nothing after that line
   */
  Line lineAt(String file, int line) {
    NavigableMap<Integer, Long> code = new TreeMap<>();
    if (isNamed(sourceName, file) && places.isEmpty()) {
      lines.forEach((address, at) -> code.merge(at, address, Math::min));
    } else {
      places.firstAddresses(file).forEach(code::put);
    }
    if (code.isEmpty()) {
      throw new IllegalArgumentException(
          "no instruction is known to come from '" + file + "'" + Alike.choice(file, sources()));
    }
    Map.Entry<Integer, Long> found = code.ceilingEntry(line);
    if (found == null) {
      throw new IllegalArgumentException(
          file
              + " has no instruction at or after line "
              + line
              + "; the last is in line "
              + code.lastKey());
    }
    return new Line(file + ":" + found.getKey(), found.getValue());
  }

  private List<String> sources() {
    return places.isEmpty() ? List.of(sourceName) : List.copyOf(places.files());
  }

  private static boolean isNamed(String path, String file) {
    return path.equals(file) || path.endsWith("/" + file);
  }

  /** Instruction addresses in order. */
  public List<Long> addresses() {
    return List.copyOf(new TreeMap<>(lines).keySet());
  }
}
