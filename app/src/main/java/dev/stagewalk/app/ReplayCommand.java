package dev.stagewalk.app;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.session.NoStop;
import dev.stagewalk.session.Replay;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.TraceException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk replay NAME.swrec}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Executes again what `stagewalk run --record` has written down, and prints its trap log and"
          + " console.",
      "Exit code: as that of the run, 0 if the guest ended by its own wish, 1 if not; with --verify"
          + " 0 if all is equal, 1 if something differs; 2 for what is no recording."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk replay fault.swrec",
      "  stagewalk replay fault.swrec --verify",
      "  stagewalk replay fault.swrec --back-to 'on finding stale-entry'"
    })
final class ReplayCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "NAME.swrec",
      description = "the folder of a recording, or the archive that `stagewalk pack` makes of it")
  private Path folder = Path.of("");

  @Option(
      names = "--verify",
      description = "compare every event and state hash, and say where the first one differs")
  private boolean verify;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "compiled",
      description = "executes the guest: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Engine engine = Engine.USUAL;

  @Mixin private StopOptions stops = new StopOptions();

  @Override
  public Integer call() {
    if (verify && stops.isGiven()) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "--verify compares all of a recording: leave it out to stop with --break or --back-to");
    }
    Replay.Report report;
    try {
      Recording recording = Recording.open(folder);
      report =
          stops.isGiven()
              ? Replay.of(recording, engine, verify, stops::from)
              : Replay.of(recording, engine, verify);
    } catch (NoStop none) {
      PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
      err.println(none.getMessage());
      err.flush();
      return 1;
    } catch (IllegalArgumentException | TraceException e) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()));
    }
    if (!report.finished()) {
      PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
      err.println(cut(report));
      err.flush();
    }
    if (!verify && report.branches() > 1) {
      PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
      err.println(
          "This is branch 1 of "
              + report.branches()
              + ": --verify executes all, and `stagewalk open` shows them.");
      err.flush();
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (verify) {
      out.println(verdict(report));
      out.flush();
      return report.difference().isPresent() ? 1 : 0;
    }
    if (stops.isGiven()) {
      StopOptions.Reached reached = StopOptions.Reached.of(report.end());
      RunText.print(
          report.end(),
          reached.whyNot().isEmpty()
              ? "a breakpoint has stopped it"
              : "the recording goes no further",
          out);
      return StopText.print(reached, Objects.requireNonNull(spec).commandLine());
    }
    RunText.print(report.end(), "the recording goes no further", out);
    return RunText.endedWell(report.end()) ? 0 : 1;
  }

  private static String cut(Replay.Report report) {
    return "The recording was cut off: it is whole up to "
        + report.end().moment()
        + ", with "
        + counted(report.events(), "event")
        + "; "
        + counted(report.lostBytes(), "byte")
        + " behind that are no whole part of it. Lost is what came in the last second of it, at"
        + " most 4096 events.";
  }

  private static String verdict(Replay.Report report) {
    return report
        .difference()
        .map(what -> "The run parts from its recording: " + what + ".")
        .orElseGet(() ->
            counted(report.equalEvents(), "event")
                + " and "
                + counted(report.equalHashes(), "state hash")
                + " up to "
                + report.end().moment()
                + (report.branches() == 1 ? "" : ", and in all " + report.branches() + " branches,")
                + " are equal.");
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : what.endsWith("h") ? "es" : "s");
  }
}
