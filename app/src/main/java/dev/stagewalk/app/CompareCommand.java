package dev.stagewalk.app;

import dev.stagewalk.event.Event;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.compare.Comparison;
import dev.stagewalk.session.compare.ComparisonText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk compare RUN}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Says what differs between two moments: registers with their fields, translation tables and"
          + " what they map, memory, TLB, events.",
      "Of one run --at and --and name the moments. Two runs, or one with and without what --with-…"
          + " makes different, are compared from their start: where they part, and what differs"
          + " after that instruction, or at --at.",
      "Exit code: 0 if all is equal, 1 if something differs, 2 for wrong usage."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk compare demand-paging --at 'exit 2' --and 'exit 3'",
      "  stagewalk compare demand-paging --with-defects D16",
      "  stagewalk compare demand-paging --with-inject 'clear-af ipa 0x40200000 @ exit 2' --at"
          + " 'exit 3'",
      "  stagewalk compare guest.s other.s --at end --json"
    })
final class CompareCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "a sample, FILE.s, an image, NAME.swrec, or a trace of a real machine")
  private String run = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "RUN", description = "another run")
  private @Nullable String other;

  @Option(
      names = "--at",
      paramLabel = "MOMENT",
      description = {
        "the first moment: branch:instruction.micro, start, end, 50%%, event N, exit N;",
        "of two runs that of both; where they part if it is not given"
      })
  private @Nullable String at;

  @Option(names = "--and", paramLabel = "MOMENT", description = "the second moment")
  private @Nullable String and;

  @Mixin private DifferentOptions different = new DifferentOptions();

  @Option(
      names = "--most",
      paramLabel = "N",
      defaultValue = "20",
      description = "lines of each list that are printed (default: ${DEFAULT-VALUE})")
  private int most;

  @Option(
      names = "--max-instructions",
      paramLabel = "N",
      defaultValue = "1000000000",
      description = "stop a run that goes on for longer (default: ${DEFAULT-VALUE})")
  private long instructions;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (most < 1 || instructions < 1) {
      throw wrong((most < 1 ? "--most" : "--max-instructions") + " must be at least 1");
    }
    try {
      return other == null && !different.isAny() ? moments() : runs();
    } catch (IllegalArgumentException e) {
      throw wrong(Objects.requireNonNullElse(e.getMessage(), "wrong usage"));
    } catch (CompletionException e) {
      throw wrong(Refusals.words(e));
    }
  }

  private int moments() throws IOException {
    String one = at;
    String two = and;
    if (one == null || two == null) {
      throw wrong(
          "say which two moments with --at and --and, or what is different in a second run, with"
              + " --with-defects or another --with-…");
    }
    try (ExaminedRun only = ExaminedRun.of(run, UnaryOperator.identity(), instructions)) {
      Snapshot first = only.at(one);
      Snapshot second = only.at(two);
      return print(run, first, run, second, Comparison.ofOneRun(first, second));
    }
  }

  private int runs() throws IOException {
    try (ExaminedRun one = ExaminedRun.of(run, UnaryOperator.identity(), instructions);
        ExaminedRun two =
            ExaminedRun.of(other == null ? run : other, different::change, instructions)) {
      String where = at == null ? parting(one.end(), two.end()) : at;
      Snapshot first = one.at(where);
      Snapshot second = two.at(and == null ? where : and);
      String name = two.name() + (different.isAny() ? " with " + different.words() : "");
      return print(one.name(), first, name, second, Comparison.of(first, second));
    }
  }

  /** The end of the instruction in which two runs part; of both the same, to compare like. */
  private static String parting(Snapshot one, Snapshot two) {
    return Comparison.of(one, two)
        .events()
        .divergence()
        .map(parts -> Math.max(instruction(parts.first()), instruction(parts.second())) + 1)
        .map(String::valueOf)
        .orElse("end");
  }

  private static long instruction(Event event) {
    return event.moment().instruction();
  }

  private int print(
      String firstName, Snapshot first, String secondName, Snapshot second, Comparison comparison)
      throws IOException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      CompareJson.write(out, firstName, secondName, comparison);
    } else {
      out.println("< " + firstName + " at " + first.moment());
      out.println("> " + secondName + " at " + second.moment());
      if (comparison.isEqual()) {
        out.println("Nothing differs.");
      } else {
        ComparisonText.lines(comparison, first.program().names(), most).forEach(out::println);
      }
    }
    out.flush();
    return comparison.isEqual() ? 0 : 1;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
