package dev.stagewalk.trace;

import dev.stagewalk.image.DumpException;
import dev.stagewalk.image.Packing;
import dev.stagewalk.image.Unpacked;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file that a real machine or a model recorded. The kind is told from the content; what
 * gzip or zstd packed is unpacked on the way.
 */
public final class TraceImport {
  /** Memory set aside for the events of a trace, in bytes. */
  private static final long ROOM = 768L << 20;

  private TraceImport() {}

  /**
   * Reads a trace.
   *
   * @param kind what to read it as; null to tell from its content
   * @param eventNames names of the kernel's events by their numbers, for the trace option raw
   * @throws TraceException if it is none, or cannot be read; the message says what to do
   */
  public static Trace read(Path file, @Nullable TraceKind kind, Map<Integer, String> eventNames)
      throws TraceException {
    if (Recording.isOne(file)) {
      return recorded(file, kind);
    }
    try (BufferedInputStream in = open(file)) {
      in.mark(TraceDetection.HEAD);
      byte[] head = in.readNBytes(TraceDetection.HEAD);
      in.reset();
      Trace trace = read(file, in, chosen(file, head, kind), eventNames);
      return kind == null ? trace : judged(file, trace, TraceDetection.kind(head));
    } catch (NoSuchFileException e) {
      throw new TraceException("there is no file '" + file + "'", e);
    } catch (EOFException e) {
      throw new TraceException(
          "'%s' is a %s file that breaks off: copy it again, or unpack what there is"
              .formatted(file, packing(file)),
          e);
    } catch (ZipException e) {
      throw new TraceException(
          "'%s' is a damaged %s file (%s): copy it again"
              .formatted(file, packing(file), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new TraceException("'" + file + "' cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a trace that is text.
   *
   * @param name of it, for messages
   * @throws TraceException if it is none; the message says what to do
   */
  public static Trace ofText(String name, String text) throws TraceException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    Path file = Path.of(name);
    try (BufferedInputStream in =
        new BufferedInputStream(new ByteArrayInputStream(content), TraceDetection.HEAD)) {
      byte[] head = Arrays.copyOf(content, Math.min(content.length, TraceDetection.HEAD));
      return read(file, in, chosen(file, head, null), Map.of());
    } catch (IOException e) {
      throw new TraceException("'" + name + "' cannot be read: " + e.getMessage(), e);
    }
  }

  /** What kind of trace a file is by its content; empty if it is none, or cannot be read. */
  public static Optional<TraceKind> kind(Path file) {
    try (BufferedInputStream in = open(file)) {
      return TraceDetection.kind(in.readNBytes(TraceDetection.HEAD));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** A recording may hold a trace that was imported before; a run of the simulator is none. */
  private static Trace recorded(Path file, @Nullable TraceKind kind) throws TraceException {
    Recording recording;
    try {
      recording = Recording.open(file);
    } catch (TraceException e) {
      if (Files.isDirectory(file) || String.valueOf(file.getFileName()).contains(".swrec")) {
        throw e;
      }
      throw new TraceException(
          "'" + file + "' is a zip archive: unpack it first (" + e.getMessage() + ")", e);
    }
    if (!ImportedRecording.isImported(recording)) {
      throw new TraceException(
          "'" + file + "' is a recorded run of the simulator, and no trace: 'replay' executes it");
    }
    Trace trace = ImportedRecording.read(recording, ROOM);
    if (kind != null && kind != trace.kind()) {
      throw another(file, kind, trace.kind());
    }
    return trace;
  }

  private static TraceKind chosen(Path file, byte[] head, @Nullable TraceKind wanted)
      throws TraceException {
    Optional<TraceKind> found = TraceDetection.kind(head);
    if (wanted == null) {
      if (found.isPresent()) {
        return found.get();
      }
      throw refusal("'" + file + "' is ", TraceDetection.otherwise(head));
    }
    if (found.isPresent() && found.get() != wanted && (isBinary(wanted) || isBinary(found.get()))) {
      throw another(file, wanted, found.get());
    }
    TraceDetection.Otherwise otherwise = TraceDetection.otherwise(head);
    if (found.isEmpty() && (isBinary(wanted) || contains(head, (byte) 0) || otherwise.known())) {
      throw refusal("'%s' is not %s: it is ".formatted(file, wanted.words()), otherwise);
    }
    return wanted;
  }

  /** A text may be read as what it does not look like, as long as something comes of it. */
  private static Trace judged(Path file, Trace trace, Optional<TraceKind> found)
      throws TraceException {
    // What QEMU says beside its events can be any line.
    Set<String> understood = new HashSet<>(trace.events().counts().keySet());
    boolean any = understood.remove("message") || trace.unread().count() > 0;
    if (any && understood.isEmpty() && found.isPresent() && found.get() != trace.kind()) {
      throw another(file, trace.kind(), found.get());
    }
    return trace;
  }

  private static TraceException another(Path file, TraceKind wanted, TraceKind found) {
    return new TraceException(
        "'%s' is %s, not %s: leave --as away, or write --as %s"
            .formatted(file, found.words(), wanted.words(), found.id()));
  }

  private static TraceException refusal(String begin, TraceDetection.Otherwise otherwise) {
    return otherwise.known()
        ? new TraceException(begin + otherwise.words())
        : new TraceException(
            TraceException.Reason.UNKNOWN_KIND,
            begin
                + otherwise.words()
                + " (known are: tracefs trace and trace_pipe, trace-cmd report, perf script,"
                + " trace.dat, QEMU -d int, Tarmac, stage2_page_tables, traps collected over gdb;"
                + " dumps of memory: ELF core, LiME, raw memory as FILE@BASE)");
  }

  private static boolean isBinary(TraceKind kind) {
    return kind == TraceKind.TRACE_DAT;
  }

  private static boolean contains(byte[] head, byte value) {
    for (byte b : head) {
      if (b == value) {
        return true;
      }
    }
    return false;
  }

  private static Trace read(
      Path file, BufferedInputStream in, TraceKind kind, Map<Integer, String> eventNames)
      throws IOException, TraceException {
    String name = String.valueOf(file.getFileName());
    TraceLines lines = new TraceLines(in);
    return switch (kind) {
      case TRACEFS, TRACE_CMD, PERF_SCRIPT, PERF_TRACE ->
          new KvmText(kind, eventNames).read(name, lines, ROOM);
      case QEMU -> new QemuLog().read(name, lines, ROOM);
      case TARMAC -> new Tarmac().read(name, lines, ROOM);
      case STAGE2_TABLES -> Stage2Listing.read(name, lines, ROOM);
      case GDB_TRAPS -> new GdbTraps().read(name, lines, ROOM);
      case TRACE_DAT -> dat(file, name);
    };
  }

  /**
   * Records of several CPUs are read side by side, which what is packed does not allow: it is
   * unpacked first.
   */
  private static Trace dat(Path file, String name) throws IOException, TraceException {
    if (Packing.of(file) == Packing.NONE) {
      return TraceDat.read(file, file.toString(), name, ROOM);
    }
    try {
      Path unpacked = Unpacked.toTemporary(file);
      try {
        return TraceDat.read(unpacked, file.toString(), name, ROOM);
      } finally {
        Files.deleteIfExists(unpacked);
      }
    } catch (DumpException e) {
      throw new TraceException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String packing(Path file) {
    try {
      return Packing.of(file).words();
    } catch (IOException unreadable) {
      return "packed";
    }
  }

  private static BufferedInputStream open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a folder");
    }
    return new BufferedInputStream(Packing.open(file), 1 << 17);
  }
}
