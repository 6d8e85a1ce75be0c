package dev.stagewalk.app.tables;

import dev.stagewalk.app.GuestFile;
import dev.stagewalk.trace.TraceImport;
import dev.stagewalk.trace.TraceKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What kinds of files can be judged, told from their content. */
final class CheckFiles {
  private static final int ELF_TYPE = 16;
  private static final int ELF_CORE = 4;
  private static final int MAGIC_OF_IMAGE = 56;
  private static final int HEAD = 64;

  private CheckFiles() {}

  /** Whether a file is something that runs: a source, an ELF executable, an arm64 Image. */
  static boolean runs(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    if (GuestFile.isSource(file)) {
      return true;
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD);
    } catch (IOException unreadable) {
      // Who reads it as a dump says why.
      return false;
    }
    boolean elf = startsAt(head, 0, 0x7f, 'E', 'L', 'F') && head.length > ELF_TYPE;
    return elf && head[ELF_TYPE] != ELF_CORE || startsAt(head, MAGIC_OF_IMAGE, 'A', 'R', 'M', 0x64);
  }

  private static boolean startsAt(byte[] head, int at, int... magic) {
    if (head.length < at + magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (head[at + i] != (byte) magic[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Refuses traces, which hold neither memory nor a run that could be executed again.
   *
   * @throws IllegalArgumentException saying what it is and what can be done with it
   */
  static void refuseTrace(Path file) {
    Optional<TraceKind> trace =
        Files.isRegularFile(file) ? TraceImport.kind(file) : Optional.empty();
    trace.ifPresent(kind -> {
      throw new IllegalArgumentException(
          "'"
              + file
              + "' is "
              + kind.words()
              + ": it holds no translation tables in memory and no run that could be executed"
              + " again, so there is nothing to judge; look at it with `stagewalk import "
              + file
              + "` or open it in the window, and to judge the tables of that machine give a dump"
              + " of its memory and its registers (--regs)");
    });
  }
}
