package dev.stagewalk.image;

import dev.stagewalk.arch.Hex;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * LiME files, version 1: ranges of memory, each after a header of 32 bytes with a magic number, the
 * version, the first and the last address.
 */
final class Lime {
  private static final int HEADER = 32;
  private static final int MAGIC = 0x4c69_4d45;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Lime() {}

  static DumpFile read(Path file, MemorySegment content) throws DumpException {
    List<Stretch> stretches = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    long size = content.byteSize();
    long held = 0;
    long at = 0;
    while (at < size) {
      if (size - at < HEADER) {
        notes.add(
            "'" + file + "' is cut: it ends inside the header at offset " + Hex.plain(at) + ".");
        break;
      }
      if (content.get(INT, at) != MAGIC) {
        throw new DumpException(
            file,
            at,
            "there is no LiME header where the memory before it ends",
            "the file was damaged, or is in LiME's padded or raw format: name that as FILE@BASE");
      }
      int version = content.get(INT, at + 4);
      if (version != 1) {
        throw new DumpException(
            file, at + 4, "LiME version " + version + " is not known here", "version 1 is read");
      }
      long first = content.get(LONG, at + 8);
      long last = content.get(LONG, at + 16);
      if (Long.compareUnsigned(last, first) < 0 || last - first == -1) {
        throw new DumpException(
            file,
            at + 8,
            "the range ends at " + Hex.address(last) + " before it begins at " + Hex.address(first),
            "the file was damaged: dump again");
      }
      at += HEADER;
      long bytes = last - first + 1;
      long there = size - at;
      if (Long.compareUnsigned(bytes, there) > 0) {
        notes.add(
            "'"
                + file
                + "' is cut: of the memory "
                + Hex.address(first)
                + " to "
                + Hex.address(last)
                + " it holds only "
                + DumpFile.bytes(there)
                + ". The rest is not in the dump.");
        bytes = there;
      }
      if (stretches.size() == DumpFile.MOST_STRETCHES) {
        throw new DumpException(
            file,
            at,
            "more than " + DumpFile.MOST_STRETCHES + " ranges of memory",
            "the file was damaged: dump again");
      }
      stretches.add(new Stretch(first, bytes, at, file.toString(), content));
      held += bytes;
      at += bytes;
    }
    String format =
        "'"
            + file
            + "': LiME, "
            + DumpFile.bytes(held)
            + " in "
            + (stretches.size() == 1 ? "1 range" : stretches.size() + " ranges");
    return new DumpFile(DumpKind.LIME, format, stretches, notes);
  }
}
