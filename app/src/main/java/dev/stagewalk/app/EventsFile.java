package dev.stagewalk.app;

import dev.stagewalk.time.Events;
import dev.stagewalk.trace.EventJson;
import dev.stagewalk.trace.RunAsTrace;
import dev.stagewalk.trace.Trace;
import dev.stagewalk.trace.TraceException;
import dev.stagewalk.trace.TraceExport;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that says where the events of a run are written to, if anywhere. */
public final class EventsFile {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--events",
      paramLabel = "FILE",
      description = {
        "write every event as a line of JSON; to FILE.txt what KVM's tracepoints say, as tracefs",
        "text, which trace viewers and 'stagewalk import' read (not of boot)"
      })
  private @Nullable Path file;

  /** Whether events are wanted. */
  public boolean isNamed() {
    return file != null;
  }

  /**
   * Opens it; the writer takes nothing down where none is named. To be done before the run, so that
   * a run is not in vain.
   *
   * @throws ParameterException if it cannot be written
   */
  public Writer open() {
    Path named = file;
    if (named == null) {
      return Writer.nullWriter();
    }
    try {
      return Files.newBufferedWriter(named, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw wrong("is not a file that can be written", e);
    }
  }

  /**
   * Writes the events of a run.
   *
   * @return what a form leaves out, in words; empty if nothing
   * @throws IOException if the file cannot be written
   */
  Optional<String> write(String run, Events events, long count, Writer out) throws IOException {
    if (!isTracefs()) {
      EventJson.write(events, count, out);
      return Optional.empty();
    }
    Trace trace = RunAsTrace.of(run, events, count);
    try {
      TraceExport.tracefs(trace, trace.remarks(), out);
    } catch (TraceException e) {
      throw new IOException(e.getMessage(), e);
    }
    return Optional.of(trace.remarks().getLast());
  }

  /** Whether the text of tracefs is wanted, which needs the whole run. */
  public boolean isTracefs() {
    return String.valueOf(file).endsWith(".txt");
  }

  /** What to throw where events are written as they come, for which there is one form. */
  public ParameterException onlyJson() {
    return new ParameterException(
        Objects.requireNonNull(command).commandLine(),
        "'" + file + "': events of a boot are written as JSON lines: name a FILE.jsonl");
  }

  /** What to throw where writing has failed later. */
  public ParameterException cannotGoOn(IOException e) {
    return wrong("cannot be written any further: " + e.getMessage(), e);
  }

  private ParameterException wrong(String what, IOException e) {
    return new ParameterException(
        Objects.requireNonNull(command).commandLine(), "'" + file + "' " + what, e);
  }
}
