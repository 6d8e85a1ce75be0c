package dev.stagewalk.image;

import dev.stagewalk.arch.Hex;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * ELF cores of physical memory, as a virtual machine monitor or kdump writes them: each PT_LOAD
 * segment holds memory from p_paddr on. Notes with registers are passed over, because they have
 * none of EL2.
 *
 * <p>Source: System V Application Binary Interface, "ELF Header" and "Program Header".
 */
final class ElfCore {
  private static final int ET_CORE = 4;
  private static final int EM_AARCH64 = 183;
  private static final int PT_LOAD = 1;
  private static final int PN_XNUM = 0xffff;
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final String TAKE = "take an ELF64 core of an AArch64 machine";

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment content;
  private final long size;
  private final List<Stretch> stretches = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long held;
  private long cut;
  private long cutSegments;
  private long withoutPhysical;

  private ElfCore(Path file, MemorySegment content) {
    this.file = file;
    this.content = content;
    this.size = content.byteSize();
  }

  /** Whether what begins like an ELF file says that it is a core. */
  static boolean isCore(MemorySegment content) {
    return content.byteSize() >= 18 && (content.get(SHORT, 16) & 0xffff) == ET_CORE;
  }

  static DumpFile read(Path file, MemorySegment content) throws DumpException {
    return new ElfCore(file, content).read();
  }

  private DumpFile read() throws DumpException {
    if (size < HEADER) {
      throw new DumpException(
          file, size, "the file ends inside its ELF header", "it was cut: copy it again");
    }
    checkKind();
    long table = content.get(LONG, 32);
    int entrySize = content.get(SHORT, 54) & 0xffff;
    long count = count();
    if (entrySize < PROGRAM_HEADER) {
      throw new DumpException(
          file,
          54,
          "program headers of " + entrySize + " bytes, where ELF64 has " + PROGRAM_HEADER,
          TAKE);
    }
    if (table < 0 || table > size || count > (size - table) / entrySize) {
      throw new DumpException(
          file,
          table,
          "the file ends before its " + count + " program headers do",
          "it was cut: copy it again");
    }
    if (count > DumpFile.MOST_STRETCHES) {
      throw new DumpException(
          file, table, "it has " + count + " program headers", "the file was damaged: dump again");
    }
    for (long i = 0; i < count; i++) {
      long at = table + i * entrySize;
      if (content.get(INT, at) == PT_LOAD) {
        segment(at, i);
      }
    }
    checkAddresses(table);
    if (cutSegments > 0) {
      notes.add(
          "'"
              + file
              + "' is cut: it ends at offset "
              + Hex.plain(size)
              + ", and "
              + DumpFile.bytes(cut)
              + " that its headers promise are missing ("
              + (cutSegments == 1 ? "1 segment" : cutSegments + " segments")
              + "). Those addresses are not in the dump.");
    }
    String format =
        "'"
            + file
            + "': ELF core, "
            + DumpFile.bytes(held)
            + " in "
            + (stretches.size() == 1 ? "1 segment" : stretches.size() + " segments");
    return new DumpFile(DumpKind.ELF_CORE, format, stretches, notes);
  }

  private void checkKind() throws DumpException {
    int kind = content.get(ValueLayout.JAVA_BYTE, 4);
    if (kind != 2) {
      throw new DumpException(
          file,
          4,
          kind == 1 ? "this is a 32-bit ELF file" : "the ELF class " + kind + " is unknown",
          TAKE);
    }
    if (content.get(ValueLayout.JAVA_BYTE, 5) != 1) {
      throw new DumpException(file, 5, "this is a big-endian ELF file", "little-endian is read");
    }
    int machine = content.get(SHORT, 18) & 0xffff;
    if (machine != EM_AARCH64) {
      throw new DumpException(
          file, 18, "this is an ELF file of " + machineWords(machine) + ", not of AArch64", TAKE);
    }
    int type = content.get(SHORT, 16) & 0xffff;
    if (type != ET_CORE) {
      throw new DumpException(
          file,
          16,
          "this ELF file is "
              + switch (type) {
                case 1 -> "an object file";
                case 2 -> "a program";
                case 3 -> "a shared object";
                default -> "of type " + type;
              }
              + ", not a core",
          "if it is raw memory that begins with an ELF file, say where it lies: FILE@BASE");
    }
  }

  private static String machineWords(int machine) {
    return switch (machine) {
      case 3 -> "x86";
      case 40 -> "32-bit Arm";
      case 62 -> "x86-64";
      case 243 -> "RISC-V";
      default -> "machine " + machine;
    };
  }

  /** More than 65 534 segments are counted in the first section header. */
  private long count() throws DumpException {
    int count = content.get(SHORT, 56) & 0xffff;
    if (count != PN_XNUM) {
      return count;
    }
    long sections = content.get(LONG, 40);
    if (sections <= 0 || sections > size - HEADER) {
      throw new DumpException(
          file,
          40,
          "the number of segments should stand in a section header, and there is none",
          "it was cut: copy it again");
    }
    return content.get(INT, sections + 44) & 0xffff_ffffL;
  }

  private void segment(long at, long index) throws DumpException {
    long offset = content.get(LONG, at + 8);
    long pa = content.get(LONG, at + 24);
    long bytes = content.get(LONG, at + 32);
    if (bytes == 0) {
      return;
    }
    if (pa == -1) {
      withoutPhysical++;
      return;
    }
    if (offset < 0 || bytes < 0 || (pa | pa + bytes - 1) >>> 52 != 0) {
      throw new DumpException(
          file,
          at,
          "segment " + index + " makes no sense: " + bytes + " bytes at PA " + Hex.address(pa),
          "the file was damaged: dump again");
    }
    long there = Math.clamp(size - offset, 0, bytes);
    if (there < bytes) {
      cut += bytes - there;
      cutSegments++;
    }
    if (there > 0) {
      stretches.add(new Stretch(pa, there, offset, file.toString(), content));
      held += there;
    }
  }

  private void checkAddresses(long table) throws DumpException {
    if (withoutPhysical > 0) {
      notes.add("'" + file + "' has " + withoutPhysical + " segments without a physical address.");
    }
    if (stretches.isEmpty() && cutSegments == 0) {
      throw new DumpException(
          file, table, "this core holds no memory with a physical address", "dump again");
    }
    boolean allZero = stretches.size() > 1;
    for (Stretch stretch : stretches) {
      allZero &= stretch.pa() == 0;
    }
    if (allZero) {
      throw new DumpException(
          file,
          table,
          "all segments have physical address 0, as in the core of a process",
          "dump the machine's physical memory instead, such as with dump-guest-memory");
    }
  }
}
