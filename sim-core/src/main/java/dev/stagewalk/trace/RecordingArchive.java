package dev.stagewalk.trace;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes one file of a recording: a ZIP archive that stores its files, which is read where it is.
 */
public final class RecordingArchive {
  private static final int PIECE = 1 << 16;

  /** 1980-01-01, the first day there is in an archive: equal recordings make equal archives. */
  private static final long NO_TIME = 315_532_800_000L;

  private RecordingArchive() {}

  /**
   * Writes an archive; what a cut has left incomplete is not in it. There is no archive before it
   * is whole.
   *
   * @param archive does not exist yet
   * @throws TraceException if it exists already
   * @throws IOException if something cannot be read or written
   */
  public static void write(Recording recording, Path archive) throws TraceException, IOException {
    if (Files.exists(archive)) {
      throw new TraceException("'" + archive + "' exists already: name another file");
    }
    List<String> names = new ArrayList<>(List.of(RecordingWriter.MANIFEST));
    if (recording.has("image")) {
      names.add("image");
    }
    for (String folder : List.of("sources", "boot", "checkpoints", RecordingWriter.BRANCHES)) {
      names.addAll(recording.in(folder));
    }
    names.add(RecordingWriter.STREAM);
    Path part = archive.resolveSibling(archive.getFileName() + ".part");
    try {
      try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(part), PIECE);
          ZipOutputStream zip = new ZipOutputStream(file)) {
        for (String name : names) {
          add(recording, name, zip);
        }
      }
      Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void add(Recording recording, String name, ZipOutputStream zip)
      throws TraceException, IOException {
    try (RecordingFiles.Content content = recording.open(name)) {
      long size = recording.wholeBytes(name).orElse(content.size());
      CRC32 crc = new CRC32();
      copy(content, size, crc::update);
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(ZipEntry.STORED);
      entry.setTime(NO_TIME);
      entry.setSize(size);
      entry.setCompressedSize(size);
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      copy(content, size, zip::write);
      zip.closeEntry();
    }
  }

  @FunctionalInterface
  private interface Pieces {
    void piece(byte[] bytes) throws IOException;
  }

  private static void copy(RecordingFiles.Content content, long size, Pieces to)
      throws IOException {
    for (long at = 0; at < size; at += PIECE) {
      byte[] piece = new byte[(int) Math.min(PIECE, size - at)];
      content.read(at, piece);
      to.piece(piece);
    }
  }
}
