package dev.stagewalk.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The section headers of an ELF64 file and the symbols they lead to, for all that want to know what
 * is where in it and what it is called. Immutable.
 *
 * <p>Source: System V Application Binary Interface, "Sections", "Symbol Table"; ELF for the Arm
 * 64-bit Architecture, "Mapping symbols".
 */
public final class ElfSections {
  private static final int HEADER = 64;
  private static final int SHT_NULL = 0;
  private static final int SHT_PROGBITS = 1;
  private static final int SHT_SYMTAB = 2;
  private static final int SHT_NOBITS = 8;
  private static final int SHT_DYNSYM = 11;
  private static final int SHF_ALLOC = 2;
  private static final int SHF_EXECINSTR = 4;
  private static final int SHF_COMPRESSED = 0x800;
  private static final int SYMBOL = 24;
  private static final int STT_SECTION = 3;
  private static final int STT_FILE = 4;
  private static final int SHN_LORESERVE = 0xff00;

  private final List<Section> all;
  private final List<Symbol> symbols;

  private ElfSections(List<Section> all, List<Symbol> symbols) {
    this.all = List.copyOf(all);
    this.symbols = List.copyOf(symbols);
  }

  /**
   * A section. Its content, where it has any, lies in the file.
   *
   * @param header where in the file its header stands
   * @param link number of the section it refers to
   */
  public record Section(
      String name,
      int type,
      long flags,
      long address,
      long offset,
      long size,
      int link,
      long header) {
    /** Whether it has bytes in the file. */
    public boolean hasContent() {
      return type != SHT_NULL && type != SHT_NOBITS;
    }

    /** Whether it holds what the program itself defines, such as code or data. */
    public boolean isProgramBits() {
      return type == SHT_PROGBITS;
    }

    /** Whether it lies in memory while the program runs. */
    public boolean isInMemory() {
      return (flags & SHF_ALLOC) != 0;
    }

    public boolean isExecutable() {
      return (flags & SHF_EXECINSTR) != 0;
    }

    public boolean isCompressed() {
      return (flags & SHF_COMPRESSED) != 0;
    }
  }

  /**
   * A name for a place in a section.
   *
   * @param type of what it names: 0 for unknown, 1 for data, 2 for a function, and so on
   * @param binding 0 for local, 1 for global, 2 for weak
   * @param section number of its section
   * @param value its address, or in an object file its distance from the section's beginning
   * @param size bytes of what it names; 0 where it is not known
   */
  public record Symbol(String name, int type, int binding, int section, long value, long size) {
    private static final Pattern MAPPING = Pattern.compile("\\$[xd](\\..*)?");

    /** Whether it names nothing and says that code or data begins there. */
    public boolean isMapping() {
      return MAPPING.matcher(name).matches();
    }

    /** Of a mapping symbol: whether it is code that begins. */
    public boolean beginsCode() {
      return name.startsWith("$x");
    }

    /** Whether it names a place of the program, and not a section or a source file. */
    public boolean isName() {
      return !name.isEmpty() && type != STT_SECTION && type != STT_FILE && !isMapping();
    }
  }

  /**
   * Reads them from a file that holds an ELF header; one without section headers has none.
   *
   * @param name of the file, for messages
   * @throws ElfException where the file is not whole
   */
  public static ElfSections read(String name, FileBytes file) throws ElfException {
    List<Section> all = headers(name, file);
    for (int type : new int[] {SHT_SYMTAB, SHT_DYNSYM}) {
      List<Symbol> symbols = new ArrayList<>();
      for (Section section : all) {
        if (section.type == type) {
          symbols(name, file, all, section, symbols);
        }
      }
      if (!symbols.isEmpty()) {
        return new ElfSections(all, symbols);
      }
    }
    return new ElfSections(all, List.of());
  }

  /** All, by number. */
  public List<Section> all() {
    return all;
  }

  /** The first of a name that has content. */
  public Optional<Section> named(String name) {
    return all.stream().filter(s -> s.hasContent() && s.name.equals(name)).findFirst();
  }

  /**
   * The symbols that are defined in a section, in the order of the file: those of the symbol table,
   * or where that was stripped those for the dynamic linker.
   */
  public List<Symbol> symbols() {
    return symbols;
  }

  private static List<Section> headers(String name, FileBytes file) throws ElfException {
    long table = file.u64(40);
    int entry = file.u16(58);
    int count = file.u16(60);
    if (table == 0 || count == 0) {
      return List.of();
    }
    if (entry < HEADER || !file.holds(table, (long) count * entry)) {
      throw new ElfException(
          name,
          40,
          "the file ends before its " + count + " section headers do",
          "it was cut: copy it again");
    }
    int names = file.u16(62);
    long strings = names < count ? file.u64(table + (long) names * entry + 24) : -1;
    List<Section> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = table + (long) i * entry;
      Section section =
          new Section(
              text(file, strings, file.u32(at)),
              (int) file.u32(at + 4),
              file.u64(at + 8),
              file.u64(at + 16),
              file.u64(at + 24),
              file.u64(at + 32),
              (int) file.u32(at + 40),
              at);
      if (section.hasContent() && !file.holds(section.offset, section.size)) {
        throw new ElfException(
            name, at, "the file ends before section " + i + " does", "it was cut: copy it again");
      }
      all.add(section);
    }
    return all;
  }

  private static void symbols(
      String name, FileBytes file, List<Section> all, Section table, List<Symbol> symbols)
      throws ElfException {
    if (table.link < 0 || table.link >= all.size()) {
      throw new ElfException(
          name,
          table.header,
          "its symbol table names no table of strings",
          "the file was damaged: link it again");
    }
    long strings = all.get(table.link).offset;
    for (long at = table.offset; at + SYMBOL <= table.offset + table.size; at += SYMBOL) {
      int section = file.u16(at + 6);
      if (section == 0 || section >= SHN_LORESERVE) {
        continue;
      }
      int info = file.u8(at + 4);
      symbols.add(
          new Symbol(
              text(file, strings, file.u32(at)),
              info & 15,
              info >> 4,
              section,
              file.u64(at + 8),
              file.u64(at + 16)));
    }
  }

  private static String text(FileBytes file, long strings, long offset) {
    return strings >= 0 && file.holds(strings, offset) ? file.text(strings + offset) : "";
  }
}
