package dev.stagewalk.image.boot;

import dev.stagewalk.image.ElfException;
import dev.stagewalk.image.ElfSections;
import dev.stagewalk.image.FileBytes;
import dev.stagewalk.image.boot.BootImage.Piece;
import dev.stagewalk.image.boot.SymbolTable.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What the sections of an ELF program say its addresses are called, and which source lines they
 * came from.
 */
final class ElfNames {
  private static final int STT_FUNC = 2;
  private static final int LARGEST_UNPACKED = 1 << 28;

  private final FileBytes file;
  private final long bias;
  private final ElfSections sections;
  private final List<String> notes = new ArrayList<>();
  private SourceLines lines = SourceLines.EMPTY;

  private ElfNames(FileBytes file, ElfSections sections, long bias) {
    this.file = file;
    this.sections = sections;
    this.bias = bias;
  }

  /**
   * @param name of the file, for messages
   * @param bias what is added to every address
   */
  static ElfNames read(String name, FileBytes file, long bias) throws ElfException {
    ElfNames all = new ElfNames(file, ElfSections.read(name, file), bias);
    all.readLines(name);
    return all;
  }

  List<String> notes() {
    return notes;
  }

  SourceLines lines() {
    return lines;
  }

  /** Where mapping symbols say that code or data begins. */
  NavigableMap<Long, Boolean> codeFrom() {
    NavigableMap<Long, Boolean> codeFrom = new TreeMap<>();
    for (ElfSections.Symbol symbol : sections.symbols()) {
      if (symbol.isMapping()) {
        codeFrom.put(symbol.value() + bias, symbol.beginsCode());
      }
    }
    return codeFrom;
  }

  /** The symbols that name something in the pieces of the program. */
  SymbolTable symbols(List<Piece> pieces) {
    long first = pieces.stream().mapToLong(Piece::address).min().orElse(0);
    long end = pieces.stream().mapToLong(Piece::end).max().orElse(0);
    List<Symbol> symbols = new ArrayList<>();
    for (ElfSections.Symbol symbol : sections.symbols()) {
      long address = symbol.value() + bias;
      if (symbol.type() <= STT_FUNC && names(symbol) && address >= first && address <= end) {
        symbols.add(new Symbol(symbol.name(), address, Math.max(0, symbol.size())));
      }
    }
    return new SymbolTable(symbols, first, end);
  }

  /** Assemblers and compilers leave marks of their own behind. */
  private static boolean names(ElfSections.Symbol symbol) {
    return symbol.isName() && !symbol.name().startsWith("$") && !symbol.name().startsWith(".L");
  }

  private void readLines(String name) {
    try {
      FileBytes program = content(".debug_line");
      if (program.size() > 0) {
        lines =
            new DebugLines(program, content(".debug_line_str"), content(".debug_str"), bias).read();
      }
    } catch (DebugException e) {
      notes.add("The source lines of '" + name + "' cannot be read: " + e.getMessage() + ".");
    }
  }

  private FileBytes content(String name) throws DebugException {
    Optional<ElfSections.Section> section = sections.named(name);
    if (section.isEmpty()) {
      return new FileBytes(new byte[0]);
    }
    byte[] bytes = file.range(section.get().offset(), section.get().size());
    return new FileBytes(section.get().isCompressed() ? unpacked(name, bytes) : bytes);
  }

  private static byte[] unpacked(String section, byte[] bytes) throws DebugException {
    FileBytes packed = new FileBytes(bytes);
    if (packed.size() < 24 || packed.u32(0) != 1) {
      throw new DebugException(section + " is compressed in a way that is not known");
    }
    long size = packed.u64(8);
    if (size < 0 || size > LARGEST_UNPACKED) {
      throw new DebugException(section + " would take " + size + " bytes");
    }
    byte[] content = new byte[(int) size];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(bytes, 24, bytes.length - 24);
      if (inflater.inflate(content) != content.length) {
        throw new DebugException(section + " ends early");
      }
    } catch (DataFormatException _) {
      throw new DebugException(section + " is damaged");
    }
    return content;
  }
}
