package dev.stagewalk.image.boot;

/**
 * A program header of an ELF file.
 *
 * @param offset of its content in the file; 0 where it has none, which linkers place anywhere
 * @param virtual address it is linked for
 * @param physical address it is to be loaded at
 * @param fileBytes bytes of the content
 * @param bytes bytes in memory
 * @param alignment of the address, in bytes
 * @param executable whether it holds code
 */
record ElfSegment(
    long offset,
    long virtual,
    long physical,
    long fileBytes,
    long bytes,
    long alignment,
    boolean executable) {
  private static final int PF_X = 1;

  static ElfSegment at(FileBytes file, long at) {
    long fileBytes = file.u64(at + 32);
    return new ElfSegment(
        fileBytes == 0 ? 0 : file.u64(at + 8),
        file.u64(at + 16),
        file.u64(at + 24),
        fileBytes,
        file.u64(at + 40),
        file.u64(at + 48),
        (file.u32(at + 4) & PF_X) != 0);
  }
}
