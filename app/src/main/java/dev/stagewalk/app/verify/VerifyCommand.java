package dev.stagewalk.app.verify;

import dev.stagewalk.cpu.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk verify FILE...}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Replays recorded vectors on the engine and compares.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk verify s2mmu-public.jsonl.gz",
      "  stagewalk verify demand-paging-golden.json",
      "  stagewalk verify --engine reference cpu-public.jsonl.gz",
      "  stagewalk verify --report failures.txt *.jsonl.gz"
    })
public final class VerifyCommand implements Callable<Integer> {
  private static final int SHOWN_FAILURES = 10;
  private static final int SHOWN_CHARACTERS = 400;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "vector files, gzipped or not; their kind is told by their content")
  private List<Path> files = List.of();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "write every failure with what was expected and found, and each skip reason")
  private @Nullable Path report;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "compiled",
      description = "executes the guests: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Engine engine = Engine.USUAL;

  @Override
  public Integer call() {
    CommandSpec command = Objects.requireNonNull(spec);
    for (Path file : files) {
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw new ParameterException(
            command.commandLine(), "'" + file + "' is not a file that can be read");
      }
    }
    Verification verification = new Verification(engine);
    Tally tally = verification.tally();
    for (Path file : files) {
      try {
        verification.file(file);
      } catch (IOException e) {
        tally.fail(String.valueOf(file), "a file read to its end", String.valueOf(e.getMessage()));
      }
    }
    PrintWriter out = command.commandLine().getOut();
    if (!writeReport(tally, command.commandLine().getErr())) {
      return 1;
    }
    tally.failures().stream()
        .limit(SHOWN_FAILURES)
        .forEach(failure -> print(out, failure, SHOWN_CHARACTERS));
    if (tally.failures().size() > SHOWN_FAILURES) {
      out.println("... and " + (tally.failures().size() - SHOWN_FAILURES) + " more");
    }
    summary(tally, out);
    out.flush();
    return tally.failures().isEmpty() ? 0 : 1;
  }

  private boolean writeReport(Tally tally, PrintWriter err) {
    if (report == null) {
      return true;
    }
    try (PrintWriter out =
        new PrintWriter(Files.newBufferedWriter(report, StandardCharsets.UTF_8))) {
      tally.failures().forEach(failure -> print(out, failure, Integer.MAX_VALUE));
      summary(tally, out);
      return true;
    } catch (IOException e) {
      err.println("stagewalk: the report cannot be written: " + e.getMessage());
      return false;
    }
  }

  private static void summary(Tally tally, PrintWriter out) {
    tally.notes().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(note -> out.println(note.getKey() + ": " + note.getValue()));
    tally.skipReasons().forEach((reason, count) -> out.println("skipped " + count + ": " + reason));
    out.println(tally.lastLine());
  }

  private static void print(PrintWriter out, Tally.Failure failure, int width) {
    out.println("failed  " + failure.where());
    out.println("  expected  " + cut(failure.expected(), width));
    out.println("  found     " + cut(failure.found(), width));
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width) + " …";
  }
}
