package dev.stagewalk.trace;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of a recording, read where they are: in a folder, or in a stored archive, of which
 * nothing is unpacked. Any thread may read.
 */
sealed interface RecordingFiles permits FolderFiles, ZipFiles {

  /**
   * The files of a folder or an archive.
   *
   * @throws TraceException if it is an archive that is damaged, or holds what it may not
   */
  static RecordingFiles of(Path path) throws TraceException {
    return Files.isRegularFile(path) ? ZipFiles.open(path) : new FolderFiles(path);
  }

  /** Whether there is a file of this name, with {@code /} between folders. */
  boolean has(String file);

  /** Names of all files in a folder; empty if there is none. */
  List<String> in(String folder);

  /**
   * Opens a file.
   *
   * @throws IOException if there is none, or it cannot be read
   */
  Content open(String file) throws IOException;

  /**
   * The whole of a file.
   *
   * @param most bytes it may have
   * @throws IOException if it cannot be read, or is larger
   */
  default byte[] bytes(String file, long most) throws IOException {
    try (Content content = open(file)) {
      if (content.size() > most) {
        throw new IOException(
            "it has " + content.size() + " bytes, more than the " + most + " it may have");
      }
      byte[] all = new byte[(int) content.size()];
      content.read(0, all);
      return all;
    }
  }

  /** The whole of a file as UTF-8 text, likewise. */
  default String text(String file, long most) throws IOException {
    return new String(bytes(file, most), StandardCharsets.UTF_8);
  }

  /** A part of a file on disk. Not a channel: those close when a thread is interrupted. */
  final class Content implements Closeable {
    private final RandomAccessFile file;
    private final long begin;
    private final long size;

    Content(Path path, long begin, long size) throws IOException {
      this.file = new RandomAccessFile(path.toFile(), "r");
      this.begin = begin;
      this.size = size;
    }

    /** A whole file. */
    Content(Path path) throws IOException {
      this(path, 0, Files.size(path));
    }

    long size() {
      return size;
    }

    void read(long at, byte[] into) throws IOException {
      if (at < 0 || at > size - into.length) {
        throw new IOException("there are no " + into.length + " bytes at " + at + " of " + size);
      }
      file.seek(begin + at);
      file.readFully(into);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
