package dev.stagewalk.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.session.OpenedRun;
import dev.stagewalk.trace.RecordedCounts;
import dev.stagewalk.trace.RecordedRun;
import dev.stagewalk.trace.TraceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a recorded run of the simulator holds, for a person or as JSON: {@code file}, {@code kind}
 * (run), {@code title}, {@code events}, {@code event_counts} (kind to number), {@code ends} (a
 * moment), {@code finished} (false if it was cut off), {@code lost_bytes}, {@code inputs}, {@code
 * state_hashes}, {@code checkpoints}, {@code not_understood} (lines).
 *
 * @param run that was recorded
 * @param counts of its lines
 */
record RunReport(OpenedRun run, RecordedCounts counts) {

  /**
   * Reads a recording to its end.
   *
   * @throws TraceException if it is damaged; the message says where
   */
  static RunReport of(Path file) throws TraceException {
    OpenedRun run = OpenedRun.open(file);
    return new RunReport(run, RecordedCounts.of(run.run().recording()));
  }

  private String name() {
    return String.valueOf(run.run().recording().path().getFileName());
  }

  void text(PrintWriter out) {
    out.printf("%s: a recorded run of the simulator, %s%n", name(), run.scenario().title());
    out.println(run.words());
    counts.events().forEach((kind, count) -> out.printf("%,10d  %s%n", count, kind));
    out.printf(
        "inputs: %,d; state hashes: %,d; checkpoints: %,d%n",
        run.run().inputs().size(), counts.hashes(), checkpoints());
    if (counts.notUnderstood() > 0) {
      out.printf(
          "lines that were not understood, which a newer program may have written: %,d%n",
          counts.notUnderstood());
    }
    out.println("'replay' executes it, 'replay --verify' compares, 'open' shows.");
  }

  private int checkpoints() {
    return run.run().recording().checkpoints().size();
  }

  void json(PrintWriter out) throws IOException {
    RecordedRun recorded = run.run();
    // The generator must not close the program's output.
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      json.writeStringField("file", name());
      json.writeStringField("kind", "run");
      json.writeStringField("title", run.scenario().title());
      json.writeNumberField("events", recorded.events());
      json.writeObjectFieldStart("event_counts");
      for (Map.Entry<String, Long> count : counts.events().entrySet()) {
        json.writeNumberField(count.getKey(), count.getValue());
      }
      json.writeEndObject();
      json.writeStringField("ends", recorded.end().toString());
      json.writeBooleanField("finished", recorded.finished());
      json.writeNumberField("lost_bytes", recorded.recording().lostBytes());
      json.writeNumberField("inputs", recorded.inputs().size());
      json.writeNumberField("state_hashes", counts.hashes());
      json.writeNumberField("checkpoints", checkpoints());
      json.writeNumberField("not_understood", counts.notUnderstood());
      json.writeEndObject();
    }
    out.println();
  }
}
