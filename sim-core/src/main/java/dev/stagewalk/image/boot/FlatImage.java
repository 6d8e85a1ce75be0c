package dev.stagewalk.image.boot;

import dev.stagewalk.board.Machine;
import dev.stagewalk.image.FileBytes;
import dev.stagewalk.image.boot.BootImage.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Images without sections: plain code, entered at its first byte, and the arm64 Image format, whose
 * header says where it wants to lie.
 *
 * <p>Source: Linux documentation, "Booting AArch64 Linux", section 4.
 */
final class FlatImage {
  /** "ARM\x64" at offset 56. */
  private static final long MAGIC = 0x644d_5241;

  private static final int HEADER = 64;
  private static final long ALIGNMENT = 2L << 20;

  /** Where the header gives no size, it is of the time when the text offset was always this. */
  private static final long OLD_TEXT_OFFSET = 0x8_0000;

  private FlatImage() {}

  static BootImage read(String name, FileBytes file) throws ImageException {
    refuseOthers(name, file);
    if (file.size() >= HEADER && file.u32(56) == MAGIC) {
      return withHeader(name, file);
    }
    long base = Machine.RAM_BASE + BootImage.LOAD_OFFSET;
    return image(name, "flat image", base, file, file.size(), List.of());
  }

  private static BootImage withHeader(String name, FileBytes file) throws ImageException {
    long textOffset = file.u64(8);
    long size = file.u64(16);
    long flags = file.u64(24);
    if ((flags & 1) != 0) {
      throw new ImageException(
          name, 24, "its header says that it is big-endian", "little-endian is simulated");
    }
    if (size == 0) {
      textOffset = OLD_TEXT_OFFSET;
      size = file.size();
    }
    if (textOffset < 0 || (textOffset & 7) != 0 || textOffset >= 1L << 40 || size < 0) {
      throw new ImageException(
          name, 8, "the text offset and size of its header make no sense", "build it again");
    }
    List<String> notes = new ArrayList<>();
    if (size < file.size()) {
      notes.add("The header of '" + name + "' gives fewer bytes than the file has.");
    }
    long base = Machine.RAM_BASE + (textOffset < 4096 ? ALIGNMENT : 0) + textOffset;
    return image(name, "arm64 Image", base, file, Math.max(size, file.size()), notes);
  }

  private static BootImage image(
      String name, String kind, long base, FileBytes file, long size, List<String> notes) {
    Piece piece = new Piece(base, file.range(0, file.size()), size, true);
    return new BootImage(
        name,
        kind,
        base,
        List.of(piece),
        SymbolTable.EMPTY,
        SourceLines.EMPTY,
        Map.of(),
        new TreeMap<>(),
        notes,
        new byte[0]);
  }

  /** Files that are something else would run into an undefined instruction at once. */
  private static void refuseOthers(String name, FileBytes file) throws ImageException {
    if (file.size() < 4) {
      throw new ImageException(
          name,
          file.size() == 0 ? "is empty" : "is shorter than one instruction",
          "take an ELF program or a flat image of AArch64");
    }
    long magic = file.u32(0);
    String other =
        magic == 0xedfe_0dd0L
            ? "a device tree"
            : (magic & 0xffff) == 0x8b1f ? "compressed by gzip" : "";
    if (!other.isEmpty()) {
      throw new ImageException(
          name,
          "is " + other + " and not an image",
          magic == 0xedfe_0dd0L ? "give it with --dtb" : "unpack it first");
    }
    if (isText(file)) {
      throw new ImageException(
          name,
          "is text and not an image",
          "give what a compiler or assembler made of it; `stagewalk run` takes A64 source");
    }
  }

  private static boolean isText(FileBytes file) {
    for (int i = 0; i < Math.min(file.size(), 256); i++) {
      int c = file.u8(i);
      if (c < ' ' && c != '\n' && c != '\r' && c != '\t' || c > '~') {
        return false;
      }
    }
    return true;
  }
}
