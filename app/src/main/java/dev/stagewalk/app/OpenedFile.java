package dev.stagewalk.app;

import dev.stagewalk.session.OpenedSession;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.trace.Trace;
import dev.stagewalk.trace.TraceException;
import dev.stagewalk.trace.TraceImport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * What a file holds that the window can open: a source or an image, which run, or a trace of a real
 * machine, which can be looked at. It is told from the content.
 */
sealed interface OpenedFile {

  /** Something that runs. */
  record Guest(Scenario scenario) implements OpenedFile {}

  /** Something that has run elsewhere. */
  record Recording(Trace trace) implements OpenedFile {}

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it is nothing that can be opened; the message says what it
   *     is and what to do
   */
  static OpenedFile read(Path file) {
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(
          "'" + file + "' is a folder: open a file in it, a trace, an image or a source");
    }
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "'" + file + "' does not exist: check its name and folder");
    }
    if (GuestFile.isSource(file) || isImage(file)) {
      return new Guest(GuestFile.open(file));
    }
    try {
      return new Recording(TraceImport.read(file, null, Map.of()));
    } catch (TraceException e) {
      // Where it is known what the file is, the message says what to do; else it may be an image.
      throw new IllegalArgumentException(
          e.getMessage()
              + (String.valueOf(e.getMessage()).contains("known are")
                  ? "; images are ELF or end in .flat, .img or .bin, sources in .s"
                  : ""),
          e);
    }
  }

  /** A session on it. */
  default OpenedSession session() {
    return switch (this) {
      case Guest guest -> OpenedSession.of(Session.open(guest.scenario()));
      case Recording recording -> OpenedSession.of(recording.trace());
    };
  }

  private static boolean isImage(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".elf")
        || name.endsWith(".flat")
        || name.endsWith(".img")
        || name.endsWith(".bin")) {
      return true;
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(64);
    } catch (IOException unreadable) {
      // What reads it as a trace says why.
      return false;
    }
    return startsAt(head, 0, 0x7f, 'E', 'L', 'F') || startsAt(head, 56, 'A', 'R', 'M', 0x64);
  }

  private static boolean startsAt(byte[] head, int at, int... magic) {
    return head.length >= at + magic.length
        && Arrays.equals(
            Arrays.stream(magic).toArray(),
            java.util.stream.IntStream.range(at, at + magic.length).map(i -> head[i]).toArray());
  }
}
