package dev.stagewalk.app;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
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
      paramLabel = "FILE.jsonl",
      description = "write every event as a line of JSON")
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

  /** What to throw where writing has failed later. */
  public ParameterException cannotGoOn(IOException e) {
    return wrong("cannot be written any further: " + e.getMessage(), e);
  }

  private ParameterException wrong(String what, IOException e) {
    return new ParameterException(
        Objects.requireNonNull(command).commandLine(), "'" + file + "' " + what, e);
  }
}
