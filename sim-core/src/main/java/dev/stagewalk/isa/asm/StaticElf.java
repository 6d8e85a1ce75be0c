package dev.stagewalk.isa.asm;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An assembled source as an ELF64 file: a static executable, because the assembler has placed all
 * sections and resolved all symbols. One segment holds what lies in memory; the symbol table has
 * every name but the local ones that start with {@code .L}, and {@code $x} and {@code $d} where
 * instructions and data begin. It is entered at {@code _start}, or where .text begins.
 *
 * <p>Source: System V Application Binary Interface, "Object Files"; ELF for the Arm 64-bit
 * Architecture, "Mapping symbols".
 */
public final class StaticElf {
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int SECTION_HEADER = 64;
  private static final int SYMBOL = 24;
  private static final int PAGE = 0x1000;
  private static final int ET_EXEC = 2;
  private static final int EM_AARCH64 = 183;
  private static final int PT_LOAD = 1;
  private static final int SHT_PROGBITS = 1;
  private static final int SHT_SYMTAB = 2;
  private static final int SHT_STRTAB = 3;
  private static final int SHT_NOTE = 7;
  private static final int SHT_NOBITS = 8;
  private static final int SHN_ABS = 0xfff1;

  private final Assembled program;
  private final List<Header> headers = new ArrayList<>();
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();

  private record Header(
      String name,
      int type,
      long flags,
      long address,
      long offset,
      long size,
      int link,
      int info,
      long alignment,
      long entrySize) {}

  private record Symbol(String name, int info, int section, long value, long size) {
    boolean isLocal() {
      return info >> 4 == 0;
    }
  }

  /** A growing table of names that end in a zero. */
  private static final class Strings {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Map<String, Integer> known = new LinkedHashMap<>();

    Strings() {
      at("");
    }

    int at(String text) {
      return known.computeIfAbsent(
          text,
          key -> {
            int at = bytes.size();
            bytes.writeBytes(key.getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
            return at;
          });
    }
  }

  private StaticElf(Assembled program) {
    this.program = program;
  }

  /** The bytes of the file. */
  public static byte[] of(Assembled program) {
    return new StaticElf(program).write();
  }

  private byte[] write() {
    file.writeBytes(new byte[HEADER + PROGRAM_HEADER]);
    headers.add(new Header("", 0, 0, 0, 0, 0, 0, 0, 0, 0));
    long base = program.base();
    // The segment's place in the file and in memory must agree within a page.
    pad(PAGE + (int) (base & (PAGE - 1)));
    int start = file.size();
    long fileEnd = base;
    long memoryEnd = base;
    int flags = 0;
    for (Assembled.Section section : program.sections()) {
      long end = section.address() + section.bytes().length;
      if (section.inMemory()) {
        flags |= 4 | (section.writable() ? 2 : 0) | (section.executable() ? 1 : 0);
        memoryEnd = Math.max(memoryEnd, end);
        if (!section.noBits()) {
          pad(start + Math.toIntExact(section.address() - base));
          fileEnd = end;
        }
      }
      headers.add(header(section, file.size()));
      if (!section.noBits()) {
        file.writeBytes(section.bytes());
      }
    }
    symbols();
    Strings names = new Strings();
    headers.forEach(header -> names.at(header.name()));
    names.at(".shstrtab");
    headers.add(
        new Header(".shstrtab", SHT_STRTAB, 0, 0, file.size(), names.bytes.size(), 0, 0, 1, 0));
    file.writeBytes(names.bytes.toByteArray());
    pad((file.size() + 7) & ~7);
    int table = file.size();
    headers.forEach(header -> file.writeBytes(bytes(header, names)));
    ByteBuffer all = ByteBuffer.wrap(file.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    all.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    all.position(16);
    all.putShort((short) ET_EXEC).putShort((short) EM_AARCH64).putInt(1);
    all.putLong(program.symbols().getOrDefault("_start", base));
    all.putLong(HEADER).putLong(table).putInt(0);
    all.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 1);
    all.putShort((short) SECTION_HEADER).putShort((short) headers.size());
    all.putShort((short) (headers.size() - 1));
    all.putInt(PT_LOAD).putInt(flags).putLong(start).putLong(base).putLong(base);
    all.putLong(fileEnd - base).putLong(memoryEnd - base).putLong(PAGE);
    return all.array();
  }

  private void pad(int to) {
    file.writeBytes(new byte[Math.max(0, to - file.size())]);
  }

  private static Header header(Assembled.Section section, int offset) {
    long flags =
        (section.writable() ? 1 : 0)
            | (section.inMemory() ? 2 : 0)
            | (section.executable() ? 4 : 0);
    int type = section.noBits() ? SHT_NOBITS : section.note() ? SHT_NOTE : SHT_PROGBITS;
    return new Header(
        section.name(),
        type,
        flags,
        section.address(),
        offset,
        section.bytes().length,
        0,
        0,
        section.alignment(),
        0);
  }

  private void symbols() {
    Strings names = new Strings();
    List<Symbol> all = new ArrayList<>();
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (int i = 0; i < program.sections().size(); i++) {
      Assembled.Section section = program.sections().get(i);
      int number = i + 1;
      numbers.put(section.name(), number);
      section
          .kinds()
          .forEach((offset, instructions) ->
              all.add(
                  new Symbol(
                      instructions ? "$x" : "$d", 0, number, section.address() + offset, 0)));
    }
    for (Assembled.Name name : program.names()) {
      if (name.name().startsWith(".L")) {
        continue;
      }
      // A label in a section that stayed empty still is an address.
      int section = numbers.getOrDefault(name.section(), SHN_ABS);
      int info = name.binding().ordinal() << 4 | name.type().ordinal();
      all.add(new Symbol(name.name(), info, section, name.value(), name.size()));
    }
    all.sort(Comparator.comparing(symbol -> !symbol.isLocal()));
    int locals = 1 + (int) all.stream().filter(Symbol::isLocal).count();
    ByteBuffer table =
        ByteBuffer.allocate(SYMBOL * (all.size() + 1)).order(ByteOrder.LITTLE_ENDIAN);
    table.position(SYMBOL);
    for (Symbol symbol : all) {
      table.putInt(names.at(symbol.name())).put((byte) symbol.info()).put((byte) 0);
      table.putShort((short) symbol.section()).putLong(symbol.value()).putLong(symbol.size());
    }
    pad((file.size() + 7) & ~7);
    int number = headers.size();
    headers.add(
        new Header(
            ".symtab",
            SHT_SYMTAB,
            0,
            0,
            file.size(),
            table.capacity(),
            number + 1,
            locals,
            8,
            SYMBOL));
    file.writeBytes(table.array());
    headers.add(
        new Header(".strtab", SHT_STRTAB, 0, 0, file.size(), names.bytes.size(), 0, 0, 1, 0));
    file.writeBytes(names.bytes.toByteArray());
  }

  private static byte[] bytes(Header header, Strings names) {
    ByteBuffer bytes = ByteBuffer.allocate(SECTION_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(names.at(header.name())).putInt(header.type()).putLong(header.flags());
    bytes.putLong(header.address()).putLong(header.offset()).putLong(header.size());
    bytes.putInt(header.link()).putInt(header.info());
    bytes.putLong(header.alignment()).putLong(header.entrySize());
    return bytes.array();
  }
}
