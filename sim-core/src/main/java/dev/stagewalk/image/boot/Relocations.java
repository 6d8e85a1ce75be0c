package dev.stagewalk.image.boot;

import dev.stagewalk.image.ElfSegment;
import dev.stagewalk.image.FileBytes;
import dev.stagewalk.image.boot.BootImage.Piece;
import java.util.List;

/**
 * The relocations of a position-independent program that say "add the load address". The addend
 * stands in the relocation, so that applying them twice does no harm.
 *
 * <p>Source: ELF for the Arm 64-bit Architecture, "Dynamic relocations"; System V Application
 * Binary Interface, "Dynamic Section".
 */
final class Relocations {
  private static final int DT_RELA = 7;
  private static final int DT_RELASZ = 8;
  private static final int DT_RELAENT = 9;
  private static final int DT_RELRSZ = 35;
  private static final int R_AARCH64_NONE = 0;
  private static final int R_AARCH64_NONE_OLD = 256;
  private static final int R_AARCH64_RELATIVE = 1027;
  private static final int ENTRY = 24;

  private final String name;
  private final FileBytes file;
  private final List<ElfSegment> segments;
  private final long bias;

  Relocations(String name, FileBytes file, List<ElfSegment> segments, long bias) {
    this.name = name;
    this.file = file;
    this.segments = segments;
    this.bias = bias;
  }

  /**
   * Applies them.
   *
   * @param dynamic offset of the dynamic section in the file
   * @param bytes its size; 0 if there is none
   * @param pieces one for each segment
   * @param notes gets what was left alone
   */
  void apply(long dynamic, long bytes, List<Piece> pieces, List<String> notes)
      throws ImageException {
    long table = 0;
    long size = 0;
    long entry = ENTRY;
    for (long at = dynamic; at + 16 <= dynamic + bytes && file.u64(at) != 0; at += 16) {
      long value = file.u64(at + 8);
      switch ((int) Math.clamp(file.u64(at), -1, Integer.MAX_VALUE)) {
        case DT_RELA -> table = value;
        case DT_RELASZ -> size = value;
        case DT_RELAENT -> entry = value;
        case DT_RELRSZ ->
            notes.add(
                "'"
                    + name
                    + "' has packed relocations (RELR), which it must apply itself: they are"
                    + " left alone.");
        default -> {
          // Symbols, hash tables and flags are for dynamic linkers.
        }
      }
    }
    if (size == 0) {
      return;
    }
    long offset = offsetOf(table, size);
    if (offset < 0 || entry != ENTRY || size % ENTRY != 0) {
      throw new ImageException(
          name,
          dynamic,
          "its relocations are not where its dynamic section says",
          "the file was damaged: link it again");
    }
    long others = 0;
    for (long at = offset; at < offset + size; at += ENTRY) {
      switch ((int) file.u32(at + 8)) {
        case R_AARCH64_RELATIVE -> relative(at, pieces);
        case R_AARCH64_NONE, R_AARCH64_NONE_OLD -> {
          // Nothing to do.
        }
        default -> others++;
      }
    }
    if (others > 0) {
      notes.add(
          "'"
              + name
              + "' has "
              + others
              + " relocations that need a dynamic linker: they are left"
              + " alone.");
    }
  }

  /** The offset in the file of a range of virtual addresses; −1 if it is not in the file. */
  private long offsetOf(long virtual, long bytes) {
    for (ElfSegment segment : segments) {
      long inside = virtual - segment.virtual();
      if (inside >= 0
          && bytes >= 0
          && inside <= segment.fileBytes()
          && bytes <= segment.fileBytes() - inside) {
        return segment.offset() + inside;
      }
    }
    return -1;
  }

  private void relative(long at, List<Piece> pieces) throws ImageException {
    long place = file.u64(at);
    long value = file.u64(at + 16) + bias;
    for (int i = 0; i < segments.size(); i++) {
      long inside = place - segments.get(i).virtual();
      byte[] content = pieces.get(i).content();
      if (inside >= 0 && inside <= content.length - 8) {
        for (int b = 0; b < 8; b++) {
          content[(int) inside + b] = (byte) (value >>> 8 * b);
        }
        return;
      }
    }
    throw new ImageException(
        name,
        at,
        "it relocates 0x" + Long.toHexString(place) + ", which is not in its data",
        "the file was damaged: link it again");
  }
}
