package dev.stagewalk.image;

import java.util.ArrayList;
import java.util.List;

/**
 * A program header of an ELF64 file.
 *
 * <p>Source: System V Application Binary Interface, "Program Header".
 *
 * @param header where in the file it stands
 * @param type such as {@link #PT_LOAD}
 * @param offset of its content in the file; 0 where it has none, which linkers place anywhere
 * @param virtual address it is linked for
 * @param physical address it is to be loaded at
 * @param fileBytes bytes of the content
 * @param bytes bytes in memory
 * @param alignment of the address, in bytes
 * @param executable whether it holds code
 */
public record ElfSegment(
    long header,
    int type,
    long offset,
    long virtual,
    long physical,
    long fileBytes,
    long bytes,
    long alignment,
    boolean executable) {
  /** To be put into memory. */
  public static final int PT_LOAD = 1;

  /** For whoever links or relocates it as it is loaded. */
  public static final int PT_DYNAMIC = 2;

  /** Names a program that must load it. */
  public static final int PT_INTERP = 3;

  /** Bytes of a program header. */
  public static final int HEADER = 56;

  private static final int PF_X = 1;

  private static ElfSegment at(FileBytes file, long at) {
    long fileBytes = file.u64(at + 32);
    return new ElfSegment(
        at,
        (int) file.u32(at),
        fileBytes == 0 ? 0 : file.u64(at + 8),
        file.u64(at + 16),
        file.u64(at + 24),
        fileBytes,
        file.u64(at + 40),
        file.u64(at + 48),
        (file.u32(at + 4) & PF_X) != 0);
  }

  /**
   * All program headers of a file that holds an ELF header. What they say of its content is not
   * compared with the file's end: see {@link #requireIn}.
   *
   * @param name of the file
   * @throws ElfException where the file ends before they do
   */
  public static List<ElfSegment> all(String name, FileBytes file) throws ElfException {
    long table = file.u64(32);
    int entry = file.u16(54);
    int count = file.u16(56);
    if (count == 0) {
      return List.of();
    }
    if (entry < HEADER) {
      throw new ElfException(
          name,
          54,
          "program headers of " + entry + " bytes, where ELF64 has " + HEADER,
          "the file was damaged: link it again");
    }
    if (!file.holds(table, (long) count * entry)) {
      throw new ElfException(
          name,
          32,
          "the file ends before its " + count + " program headers do",
          "it was cut: copy it again");
    }
    List<ElfSegment> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(at(file, table + (long) i * entry));
    }
    return all;
  }

  /**
   * Refuses a file that ends before its content does.
   *
   * @param name of the file
   * @param what it is, for the message: {@code segment 2}
   */
  public void requireIn(String name, FileBytes file, String what) throws ElfException {
    if (!file.holds(offset, fileBytes)) {
      throw new ElfException(
          name, header, "the file ends before " + what + " does", "it was cut: copy it again");
    }
  }
}
