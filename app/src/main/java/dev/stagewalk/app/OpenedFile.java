package dev.stagewalk.app;

import dev.stagewalk.app.tables.DumpOptions;
import dev.stagewalk.image.DumpKind;
import dev.stagewalk.session.OpenedDump;
import dev.stagewalk.session.OpenedRun;
import dev.stagewalk.session.OpenedSession;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.trace.ImportedRecording;
import dev.stagewalk.trace.Recording;
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
 * What a file holds that the window can open: a source or an image, which run, a run that was
 * recorded, or what a real machine left, which can be looked at: a trace, or a dump of memory. It
 * is told from the content.
 */
sealed interface OpenedFile {

  /** Something that runs. */
  record Guest(Scenario scenario) implements OpenedFile {}

  /** Something that has run elsewhere. */
  record Imported(Trace trace) implements OpenedFile {}

  /** Something that has run in this program, and was recorded. */
  record Run(OpenedRun run) implements OpenedFile {}

  /** Memory of something that has run elsewhere. */
  record Dump(OpenedDump dump) implements OpenedFile {}

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it is nothing that can be opened; the message says what it
   *     is and what to do
   */
  static OpenedFile read(Path file) {
    return read(file, new DumpOptions());
  }

  /**
   * Reads a file, or raw memory as FILE@BASE.
   *
   * @param beside what goes with a dump
   * @throws IllegalArgumentException likewise
   */
  static OpenedFile read(Path file, DumpOptions beside) {
    if (ImportedRecording.isOne(file)) {
      return trace(file);
    }
    Path recording = folderOf(file);
    if (Recording.isOne(recording)) {
      try {
        return new Run(OpenedRun.open(recording));
      } catch (TraceException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(
          "'" + file + "' is a folder: open a file in it, a trace, a dump, an image or a source");
    }
    if (isDump(file)) {
      return new Dump(beside.open(file.toString()));
    }
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "'" + file + "' does not exist: check its name and folder");
    }
    if (beside.isGiven()) {
      throw new IllegalArgumentException(
          "'"
              + file
              + "' is no dump of memory, with which --regs, --dump, --cpu, --vttbr, --vtcr and"
              + " --hcr go; raw memory is named FILE@BASE");
    }
    if (GuestFile.isSource(file) || isImage(file)) {
      return new Guest(GuestFile.open(file));
    }
    return trace(file);
  }

  /** In a chooser of files a folder cannot be chosen, but the manifest in it. */
  private static Path folderOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent != null && file.endsWith("manifest.json") ? parent : file;
  }

  private static Imported trace(Path file) {
    try {
      return new Imported(TraceImport.read(file, null, Map.of()));
    } catch (TraceException e) {
      // Where it is known what the file is, the message says what to do; else it may be an image.
      throw new IllegalArgumentException(
          e.getMessage()
              + (e.reason() == TraceException.Reason.UNKNOWN_KIND
                  ? "; images are ELF or end in .flat, .img or .bin, sources in .s, raw memory is"
                      + " FILE@BASE"
                  : ""),
          e);
    }
  }

  /** Whether it is a dump by its content, or raw memory by its name. */
  static boolean isDump(Path file) {
    if (Files.exists(file)) {
      return DumpKind.of(file).isPresent();
    }
    String name = file.toString();
    int at = name.lastIndexOf('@');
    return at > 0 && Files.isRegularFile(Path.of(name.substring(0, at)));
  }

  /** A session on it. */
  default OpenedSession session() {
    return switch (this) {
      case Guest guest -> OpenedSession.of(Session.open(guest.scenario()));
      case Run run -> OpenedSession.of(Session.open(run.run()));
      case Imported imported -> OpenedSession.of(imported.trace());
      case Dump dump -> OpenedSession.of(dump.dump());
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
