package dev.stagewalk.image.boot;

import dev.stagewalk.image.boot.BootImage.Piece;
import dev.stagewalk.image.boot.SymbolTable.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The sections of an ELF program that say what its addresses are called and which source lines they
 * came from.
 *
 * <p>Source: System V Application Binary Interface, "Sections", "Symbol Table".
 */
final class ElfSections {
  private static final int SECTION_HEADER = 64;
  private static final int SHT_SYMTAB = 2;
  private static final int SHT_NOBITS = 8;
  private static final int SHT_DYNSYM = 11;
  private static final int SHF_COMPRESSED = 0x800;
  private static final int SYMBOL = 24;
  private static final int STT_FUNC = 2;
  private static final int SHN_ABS = 0xfff1;
  private static final int SHN_LORESERVE = 0xff00;
  private static final int LARGEST_UNPACKED = 1 << 28;
  private static final String DAMAGED = "the file was damaged: link it again";

  private final String name;
  private final FileBytes file;
  private final long bias;
  private final List<Section> sections = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final NavigableMap<Long, Boolean> codeFrom = new TreeMap<>();
  private SourceLines lines = SourceLines.EMPTY;

  private record Section(
      String name, int type, long flags, long offset, long size, int link, long header) {}

  private ElfSections(String name, FileBytes file, long bias) {
    this.name = name;
    this.file = file;
    this.bias = bias;
  }

  /**
   * @param bias what is added to every address
   */
  static ElfSections read(String name, FileBytes file, long bias) throws ImageException {
    ElfSections all = new ElfSections(name, file, bias);
    all.headers();
    all.readLines();
    return all;
  }

  List<String> notes() {
    return notes;
  }

  SourceLines lines() {
    return lines;
  }

  private void headers() throws ImageException {
    long table = file.u64(40);
    int entry = file.u16(58);
    int count = file.u16(60);
    if (table == 0 || count == 0) {
      return;
    }
    if (entry < SECTION_HEADER || !file.holds(table, (long) count * entry)) {
      throw new ImageException(
          name,
          40,
          "the file ends before its " + count + " section headers do",
          "it was cut: copy it again");
    }
    int names = file.u16(62);
    long strings = names < count ? file.u64(table + (long) names * entry + 24) : 0;
    for (int i = 0; i < count; i++) {
      long at = table + (long) i * entry;
      Section section =
          new Section(
              textAt(strings, file.u32(at)),
              (int) file.u32(at + 4),
              file.u64(at + 8),
              file.u64(at + 24),
              file.u64(at + 32),
              (int) file.u32(at + 40),
              at);
      if (section.type != SHT_NOBITS
          && section.type != 0
          && !file.holds(section.offset, section.size)) {
        throw new ImageException(
            name, at, "the file ends before section " + i + " does", "it was cut: copy it again");
      }
      sections.add(section);
    }
  }

  private String textAt(long strings, long offset) {
    return strings >= 0 && file.holds(strings, offset) ? file.text(strings + offset) : "";
  }

  /** Where mapping symbols say that code or data begins; after {@link #symbols}. */
  NavigableMap<Long, Boolean> codeFrom() {
    return codeFrom;
  }

  /** The symbols that name something in the pieces of the program. */
  SymbolTable symbols(List<Piece> pieces) throws ImageException {
    List<Symbol> symbols = new ArrayList<>();
    for (int type : new int[] {SHT_SYMTAB, SHT_DYNSYM}) {
      for (Section section : sections) {
        if (section.type == type && symbols.isEmpty()) {
          read(section, symbols);
        }
      }
    }
    long first = pieces.stream().mapToLong(Piece::address).min().orElse(0);
    long end = pieces.stream().mapToLong(Piece::end).max().orElse(0);
    symbols.removeIf(s -> s.address() < first || s.address() > end);
    return new SymbolTable(symbols, first, end);
  }

  private void read(Section table, List<Symbol> symbols) throws ImageException {
    if (table.link < 0 || table.link >= sections.size()) {
      throw new ImageException(
          name, table.header, "its symbol table names no table of strings", DAMAGED);
    }
    Section strings = sections.get(table.link);
    for (long at = table.offset; at + SYMBOL <= table.offset + table.size; at += SYMBOL) {
      int type = file.u8(at + 4) & 0xf;
      int section = file.u16(at + 6);
      boolean defined = section != 0 && (section < SHN_LORESERVE || section == SHN_ABS);
      String text = textAt(strings.offset, file.u32(at));
      if (defined && text.matches("\\$[xd](\\..*)?")) {
        codeFrom.put(file.u64(at + 8) + bias, text.startsWith("$x"));
      }
      if (type <= STT_FUNC && defined && section != SHN_ABS && isName(text)) {
        symbols.add(new Symbol(text, file.u64(at + 8) + bias, Math.max(0, file.u64(at + 16))));
      }
    }
  }

  /** Mapping symbols say where code and data begin and name nothing. */
  private static boolean isName(String text) {
    return !text.isEmpty() && !text.startsWith("$") && !text.startsWith(".L");
  }

  private void readLines() {
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

  private FileBytes content(String section) throws DebugException {
    for (Section candidate : sections) {
      if (candidate.name.equals(section) && candidate.type != SHT_NOBITS) {
        byte[] bytes = file.range(candidate.offset, candidate.size);
        return new FileBytes(
            (candidate.flags & SHF_COMPRESSED) != 0 ? unpacked(section, bytes) : bytes);
      }
    }
    return new FileBytes(new byte[0]);
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
