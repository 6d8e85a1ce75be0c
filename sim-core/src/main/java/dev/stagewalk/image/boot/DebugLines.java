package dev.stagewalk.image.boot;

import dev.stagewalk.image.FileBytes;
import dev.stagewalk.image.boot.SourceLines.Place;
import dev.stagewalk.image.boot.SourceLines.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The line number programs of {@code .debug_line}, versions 2 to 5.
 *
 * <p>Source: DWARF Debugging Information Format, version 5, "Line Number Information".
 */
final class DebugLines {
  private static final int DW_LNCT_PATH = 1;
  private static final int DW_LNCT_DIRECTORY_INDEX = 2;

  private final FileBytes program;
  private final FileBytes lineStrings;
  private final FileBytes strings;
  private final long bias;
  private final List<Row> rows = new ArrayList<>();

  /**
   * @param bias what is added to every address
   */
  DebugLines(FileBytes program, FileBytes lineStrings, FileBytes strings, long bias) {
    this.program = program;
    this.lineStrings = lineStrings;
    this.strings = strings;
    this.bias = bias;
  }

  SourceLines read() throws DebugException {
    long at = 0;
    while (at < program.size()) {
      DebugCursor length = new DebugCursor(program, at, program.size());
      long bytes = length.u32();
      boolean wide = bytes == 0xffff_ffffL;
      if (wide) {
        bytes = length.u64();
      }
      long end = length.at() + bytes;
      if (bytes < 0 || end > program.size() || end < length.at()) {
        throw new DebugException("it ends early, in the unit at 0x" + Long.toHexString(at));
      }
      new Unit(new DebugCursor(program, length.at(), end), wide).read();
      at = end;
    }
    return new SourceLines(rows);
  }

  /** One unit: its header, then its program. */
  private final class Unit {
    private final DebugCursor in;
    private final boolean wide;
    private int version;
    private int addressSize = 8;
    private int minimum;
    private int lineBase;
    private int lineRange;
    private int opcodeBase;
    private int[] operands = {};
    private final List<String> directories = new ArrayList<>();
    private final List<String> files = new ArrayList<>();

    private long address;
    private long file;
    private long line;

    Unit(DebugCursor in, boolean wide) {
      this.in = in;
      this.wide = wide;
    }

    void read() throws DebugException {
      version = in.u16();
      if (version < 2 || version > 5) {
        throw new DebugException("version " + version + " is not known");
      }
      if (version == 5) {
        addressSize = in.u8();
        in.skip(1);
      }
      long headerBytes = in.offset(wide);
      long start = in.at() + headerBytes;
      minimum = in.u8();
      if (version >= 4) {
        in.skip(1);
      }
      in.skip(1);
      lineBase = in.s8();
      lineRange = in.u8();
      opcodeBase = in.u8();
      if (lineRange == 0) {
        throw new DebugException("a line range is 0");
      }
      operands = new int[Math.max(1, opcodeBase)];
      for (int i = 1; i < opcodeBase; i++) {
        operands[i] = in.u8();
      }
      if (version == 5) {
        entries(directories, false);
        entries(files, true);
      } else {
        tables();
      }
      in.goTo(start);
      reset();
      while (in.hasMore()) {
        step(in.u8());
      }
    }

    /** Directories and files before version 5: number 0 is the unit's own. */
    private void tables() throws DebugException {
      directories.add("");
      for (String text = in.text(); !text.isEmpty(); text = in.text()) {
        directories.add(text);
      }
      files.add("");
      for (String text = in.text(); !text.isEmpty(); text = in.text()) {
        files.add(path(in.unsigned(), text));
        in.unsigned();
        in.unsigned();
      }
    }

    private String path(long directory, String name) {
      String place =
          directory >= 0 && directory < directories.size() ? directories.get((int) directory) : "";
      return name.startsWith("/") || place.isEmpty() ? name : place + "/" + name;
    }

    private void entries(List<String> into, boolean inDirectories) throws DebugException {
      int kinds = in.u8();
      long[] contents = new long[kinds];
      long[] forms = new long[kinds];
      for (int i = 0; i < kinds; i++) {
        contents[i] = in.unsigned();
        forms[i] = in.unsigned();
      }
      long count = in.unsigned();
      for (long n = 0; n < count; n++) {
        String name = "";
        long directory = -1;
        long before = in.at();
        for (int i = 0; i < kinds; i++) {
          if (contents[i] == DW_LNCT_PATH) {
            name = string(forms[i]);
          } else {
            long value = number(forms[i]);
            directory = contents[i] == DW_LNCT_DIRECTORY_INDEX ? value : directory;
          }
        }
        if (in.at() == before) {
          throw new DebugException("a list of " + count + " empty names makes no sense");
        }
        into.add(inDirectories ? path(directory, name) : name);
      }
    }

    private String string(long form) throws DebugException {
      return switch ((int) form) {
        case 0x08 -> in.text();
        case 0x1f -> from(lineStrings, in.offset(wide));
        case 0x0e -> from(strings, in.offset(wide));
        default -> throw unknownForm(form);
      };
    }

    private static String from(FileBytes table, long offset) {
      return table.holds(offset, 1) ? table.text(offset) : "";
    }

    private long number(long form) throws DebugException {
      return switch ((int) form) {
        case 0x0b -> in.u8();
        case 0x05 -> in.u16();
        case 0x06, 0x17 -> in.u32();
        case 0x07 -> in.u64();
        case 0x0f -> in.unsigned();
        case 0x1e -> {
          in.skip(16);
          yield 0;
        }
        case 0x09 -> {
          in.skip(in.unsigned());
          yield 0;
        }
        default -> {
          string(form);
          yield 0;
        }
      };
    }

    private static DebugException unknownForm(long form) {
      return new DebugException("the form 0x" + Long.toHexString(form) + " is not known");
    }

    private void reset() {
      address = 0;
      file = 1;
      line = 1;
    }

    private void step(int opcode) throws DebugException {
      if (opcode >= opcodeBase) {
        int adjusted = opcode - opcodeBase;
        address += (long) (adjusted / lineRange) * minimum;
        line += lineBase + adjusted % lineRange;
        row();
        return;
      }
      switch (opcode) {
        case 0 -> extended();
        case 1 -> row();
        case 2 -> address += in.unsigned() * minimum;
        case 3 -> line += in.signed();
        case 4 -> file = in.unsigned();
        case 5, 12 -> in.unsigned();
        case 6, 7, 10, 11 -> {
          // Columns and marks that are not shown.
        }
        case 8 -> address += (long) ((255 - opcodeBase) / lineRange) * minimum;
        case 9 -> address += in.u16();
        default -> {
          for (int i = 0; i < operands[opcode]; i++) {
            in.unsigned();
          }
        }
      }
    }

    private void extended() throws DebugException {
      long bytes = in.unsigned();
      long next = in.at() + bytes;
      if (bytes == 0) {
        return;
      }
      switch (in.u8()) {
        case 1 -> {
          rows.add(new Row(address + bias, Optional.empty()));
          reset();
        }
        case 2 -> address = addressSize == 4 || bytes == 5 ? in.u32() : in.u64();
        default -> {
          // Discriminators and extensions.
        }
      }
      in.goTo(next);
    }

    private void row() {
      boolean known = file >= 0 && file < files.size() && line > 0 && line < Integer.MAX_VALUE;
      rows.add(
          new Row(
              address + bias,
              known
                  ? Optional.of(new Place(files.get((int) file), (int) line))
                  : Optional.empty()));
    }
  }
}
