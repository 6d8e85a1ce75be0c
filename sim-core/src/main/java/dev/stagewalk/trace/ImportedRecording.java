package dev.stagewalk.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A trace that was imported, kept in the form of a recording: its events are lines as those of a
 * run, and there is no scenario, no hash and no checkpoint, because no machine is behind it. The
 * format is described in {@code docs/recording-format.md}.
 */
public final class ImportedRecording {
  /** Its key in the manifest, in the place of {@code scenario}. */
  private static final String IMPORTED = "imported";

  private static final JsonFactory JSON = new JsonFactory();

  private ImportedRecording() {}

  /**
   * Writes a trace.
   *
   * @param folder NAME.swrec, which holds no recording yet
   * @param tool what writes it, with its version
   * @throws TraceException if there is a recording already
   */
  public static void write(Trace trace, Path folder, String tool)
      throws IOException, TraceException {
    try (RecordingWriter writer =
        RecordingWriter.begin(RecordingOutput.in(folder), manifest(trace, tool), Map.of())) {
      int gap = 0;
      List<Gap> gaps = trace.gaps();
      int size = trace.events().size();
      for (int n = 0; n <= size; n++) {
        while (gap < gaps.size() && (gaps.get(gap).before() <= n || n == size)) {
          writer.add(line(gaps.get(gap++)), n, n);
        }
        if (n < size) {
          writer.add(line(trace.events().get(n)), n, n);
        }
      }
      writer.add("{\"end\":\"1:%d\",\"events\":%1$d}".formatted(size), size, size);
    }
  }

  private static String manifest(Trace trace, String tool) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json =
        JSON.createGenerator(text).setPrettyPrinter(new DefaultPrettyPrinter())) {
      json.writeStartObject();
      json.writeStringField("format", "stagewalk-recording");
      json.writeNumberField("version", RecordingWriter.VERSION);
      json.writeStringField("tool", tool);
      json.writeObjectFieldStart(IMPORTED);
      json.writeStringField("name", trace.name());
      json.writeStringField("kind", trace.kind().id());
      strings(json, "remarks", trace.remarks());
      json.writeNumberField("notUnderstood", trace.unread().count());
      strings(json, "firstNotUnderstood", trace.unread().first());
      json.writeEndObject();
      json.writeEndObject();
    }
    return text + "\n";
  }

  private static void strings(JsonGenerator json, String name, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static String line(Gap gap) {
    return "{\"gap\":%d,\"line\":%d,\"cpu\":%d,\"lost\":%d}"
        .formatted(gap.before(), gap.line(), gap.cpu(), gap.lost());
  }

  private static String line(TraceEvent event) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("seq", event.number());
      json.writeStringField("kind", event.name());
      json.writeStringField("text", event.body());
      json.writeNumberField("line", event.line());
      if (event.hasTime()) {
        json.writeNumberField("time_ns", event.nanos());
      }
      known(json, "cpu", event.cpu());
      known(json, "thread", event.thread());
      known(json, "process", event.process());
      if (!event.task().isEmpty()) {
        json.writeStringField("task", event.task());
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void known(JsonGenerator json, String name, int value) throws IOException {
    if (value >= 0) {
      json.writeNumberField(name, value);
    }
  }

  /** Whether a recording holds an imported trace, so that nothing of it can be executed. */
  public static boolean isImported(Recording recording) {
    return recording.manifest().has(IMPORTED);
  }

  /** Whether there is a recording at a path, and it holds an imported trace. */
  public static boolean isOne(Path path) {
    try {
      return Recording.isOne(path) && isImported(Recording.open(path));
    } catch (TraceException damaged) {
      // Whoever opens it says why.
      return false;
    }
  }

  /** What to say to somebody who wants it executed. */
  public static TraceException cannotRun(Recording recording) {
    return new TraceException(
        "'"
            + recording.path()
            + "' holds what a real machine recorded, and no machine to execute it on: 'import' says"
            + " what is in it, 'open' shows it");
  }

  /**
   * Reads the trace again.
   *
   * @param room memory set aside for its events, in bytes
   * @throws TraceException if it is damaged; the message says where
   */
  static Trace read(Recording recording, long room) throws TraceException {
    try {
      return new Reader(recording).read(room);
    } catch (IllegalArgumentException e) {
      throw new TraceException("'" + recording.path() + "' is damaged: " + e.getMessage(), e);
    }
  }

  private static final class Reader {
    private final Recording recording;
    private final TraceEvents events = new TraceEvents();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private boolean ended;

    Reader(Recording recording) {
      this.recording = recording;
    }

    Trace read(long room) throws TraceException {
      JsonRecord imported = recording.manifest().object(IMPORTED);
      String id = imported.text("kind");
      TraceKind kind =
          Arrays.stream(TraceKind.values())
              .filter(known -> known.id().equals(id))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("'" + id + "' is no kind of trace"));
      remarks.addAll(imported.texts("remarks"));
      recording.read(line -> {
        if (events.exceed(room)) {
          remarks.add(events.leftOut(room));
          ended = true;
          return false;
        }
        take(line);
        return true;
      });
      if (!ended) {
        remarks.add(
            "the recording was cut off after event %d; %d bytes behind that are lost"
                .formatted(events.size() - 1, recording.lostBytes()));
      }
      return new Trace(
          imported.text("name"),
          kind,
          events,
          List.copyOf(gaps),
          List.copyOf(remarks),
          new Trace.Unread(imported.number("notUnderstood"), imported.texts("firstNotUnderstood")));
    }

    private void take(String line) {
      JsonRecord json;
      try {
        json = JsonRecord.parse(line);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "behind event " + (events.size() - 1) + ": " + e.getMessage(), e);
      }
      if (json.has("seq")) {
        if (json.number("seq") != events.size()) {
          throw new IllegalArgumentException(
              "where event %d should stand there is %d"
                  .formatted(events.size(), json.number("seq")));
        }
        events.add(event(json));
      } else if (json.has("gap")) {
        gaps.add(
            new Gap(
                json.number("gap"), json.number("line"), json.small("cpu"), json.number("lost")));
      } else if (json.has("end")) {
        ended = true;
      }
    }

    private static TraceEvent event(JsonRecord json) {
      return new TraceEvent(
          json.number("seq"),
          json.number("line"),
          json.has("time_ns") ? json.number("time_ns") : TraceEvent.UNKNOWN,
          small(json, "cpu"),
          small(json, "thread"),
          small(json, "process"),
          json.has("task") ? json.text("task") : "",
          json.text("kind"),
          json.text("text"));
    }

    private static int small(JsonRecord json, String name) {
      return json.has(name) ? json.small(name) : -1;
    }
  }
}
