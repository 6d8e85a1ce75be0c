package dev.stagewalk.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Writes the events of a trace for other programs, and for reading them again. */
public final class TraceExport {
  private static final String CSV_HEADER =
      "number,line,time_ns,cpu,thread,process,task,event,ec,esr,far,ipa,pc,text";

  private TraceExport() {}

  /**
   * Writes tracefs text, which trace viewers and {@link TraceImport} read. Gaps are LOST lines.
   *
   * @throws TraceException if an event has no form in it: it is of no Linux trace
   */
  public static void tracefs(Trace trace, Writer out) throws IOException, TraceException {
    tracefs(trace, List.of(), out);
  }

  /**
   * As above, with comments at its head.
   *
   * @param comments a line each
   */
  public static void tracefs(Trace trace, List<String> comments, Writer out)
      throws IOException, TraceException {
    out.write("# tracer: nop\n#\n");
    for (String comment : comments) {
      out.write("# " + comment.replace('\n', ' ') + "\n");
    }
    Iterator<Gap> gaps = trace.gaps().iterator();
    @Nullable Gap gap = gaps.hasNext() ? gaps.next() : null;
    for (int n = 0; n < trace.events().size(); n++) {
      while (gap != null && gap.before() <= n) {
        lost(gap, out);
        gap = gaps.hasNext() ? gaps.next() : null;
      }
      TraceEvent event = trace.events().get(n);
      String line = line(event);
      if (!readsBack(line, event)) {
        throw new TraceException(
            "'%s' is %s: tracefs text has no form for its event %d, '%s' (csv and jsonl have)"
                .formatted(trace.name(), trace.kind().words(), n, event.name()));
      }
      out.write(line);
      out.write('\n');
    }
    while (gap != null) {
      lost(gap, out);
      gap = gaps.hasNext() ? gaps.next() : null;
    }
  }

  /** Whether the line says of the event all that is known, so that nothing is lost unsaid. */
  private static boolean readsBack(String line, TraceEvent event) {
    KvmLine form = event.hasTime() ? KvmLine.FTRACE : KvmLine.BARE;
    return form.read(line, event.line())
        .filter(again ->
            again.name().equals(event.name())
                && again.body().equals(event.body())
                && again.nanos() == event.nanos()
                && again.cpu() == event.cpu()
                && again.thread() == event.thread()
                && again.process() == event.process())
        .isPresent();
  }

  private static void lost(Gap gap, Writer out) throws IOException {
    out.write(
        gap.lost() < 0
            ? "CPU:" + gap.cpu() + " [EVENTS DROPPED]\n"
            : "CPU:" + gap.cpu() + " [LOST " + gap.lost() + " EVENTS]\n");
  }

  private static String line(TraceEvent event) {
    boolean bare = !event.hasTime() && event.thread() < 0 && event.cpu() < 0;
    if (bare) {
      return event.name() + ": " + event.body();
    }
    String process = event.process() < 0 ? "-------" : "%7d".formatted(event.process());
    return "%16s-%-7d (%s) [%03d] ..... %s: %s: %s"
        .formatted(
            event.task().isEmpty() ? "<...>" : event.task(),
            event.thread(),
            process,
            event.cpu(),
            TraceEvent.seconds(event.nanos()),
            event.name(),
            event.body());
  }

  /** Writes comma-separated values, a header line first; what is unknown is empty. */
  public static void csv(Trace trace, Writer out) throws IOException {
    out.write(CSV_HEADER + "\n");
    for (int n = 0; n < trace.events().size(); n++) {
      TraceEvent event = trace.events().get(n);
      TraceFields fields = TraceFields.of(event);
      out.write(
          String.join(
                  ",",
                  String.valueOf(n),
                  String.valueOf(event.line()),
                  event.hasTime() ? String.valueOf(event.nanos()) : "",
                  known(event.cpu()),
                  known(event.thread()),
                  known(event.process()),
                  quoted(event.task()),
                  quoted(event.name()),
                  hex(fields.exceptionClass()),
                  hex(fields.esr()),
                  hex(fields.far()),
                  hex(fields.ipa()),
                  hex(fields.pc()),
                  quoted(event.body()))
              + "\n");
    }
  }

  private static String known(int number) {
    return number < 0 ? "" : String.valueOf(number);
  }

  private static String hex(OptionalLong value) {
    return value.isPresent() ? "0x" + Long.toHexString(value.getAsLong()) : "";
  }

  private static String quoted(String text) {
    return text.matches("[^\",\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /**
   * Writes a JSON object a line: {@code number}, {@code line}, {@code time_ns}, {@code cpu}, {@code
   * thread}, {@code process}, {@code task}, {@code event}, {@code text}, {@code fields}. What is
   * unknown is absent; numbers among the fields are {@code "0x…"} strings.
   */
  public static void jsonLines(Trace trace, Writer out) throws IOException {
    JsonFactory factory = new JsonFactory();
    try (JsonGenerator json =
        factory.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.setRootValueSeparator(null);
      for (int n = 0; n < trace.events().size(); n++) {
        write(trace.events().get(n), json);
        json.writeRaw('\n');
      }
    }
  }

  private static void write(TraceEvent event, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("number", event.number());
    json.writeNumberField("line", event.line());
    if (event.hasTime()) {
      json.writeNumberField("time_ns", event.nanos());
    }
    known("cpu", event.cpu(), json);
    known("thread", event.thread(), json);
    known("process", event.process(), json);
    if (!event.task().isEmpty()) {
      json.writeStringField("task", event.task());
    }
    json.writeStringField("event", event.name());
    json.writeStringField("text", event.body());
    json.writeObjectFieldStart("fields");
    TraceFields fields = TraceFields.of(event);
    for (Map.Entry<String, String> field : fields.texts().entrySet()) {
      OptionalLong number = fields.number(field.getKey());
      json.writeStringField(field.getKey(), number.isPresent() ? hex(number) : field.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void known(String name, int value, JsonGenerator json) throws IOException {
    if (value >= 0) {
      json.writeNumberField(name, value);
    }
  }
}
