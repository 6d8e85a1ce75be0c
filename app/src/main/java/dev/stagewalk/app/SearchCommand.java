package dev.stagewalk.app;

import dev.stagewalk.session.SearchResult;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.WatchGrammar;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk search RUN WHAT}. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = {
      "Says who wrote a descriptor, memory or a register last, when a translation was used last,"
          + " and when an IPA faults next, as seen from a moment of a run.",
      "Exit code: 0 if there is an answer, 1 if it has never happened, or never does, 2 for wrong"
          + " usage."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk search demand-paging 'last write entry ipa 0x40200000' --at 'exit 3'",
      "  stagewalk search demand-paging 'last write entry ipa 0x40200000 level 2' --at 'exit 3'",
      "  stagewalk search demand-paging 'last use ipa 0x40200000' --at 'exit 5' --json",
      "  stagewalk search demand-paging 'next fault ipa 0x40200000' --at start",
      "  stagewalk search demand-paging 'last write register VTTBR_EL2'",
      "  stagewalk search kvm-trace.txt 'next fault ipa 0x40090000' --at start"
    })
final class SearchCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN",
      description = "a sample, FILE.s, an image, a recording, or a trace of a real machine")
  private String run = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "WHAT",
      description = "what to search for; --list says what can be written")
  private String what = "";

  @Option(
      names = "--at",
      paramLabel = "MOMENT",
      defaultValue = "end",
      description =
          "seen from here: branch:instruction.micro, start, end, 50%%, event N, exit N (default:"
              + " ${DEFAULT-VALUE})")
  private String at = "end";

  @Option(
      names = "--max-instructions",
      paramLabel = "N",
      defaultValue = "1000000000",
      description = "stop a run that goes on for longer (default: ${DEFAULT-VALUE})")
  private long instructions;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Option(names = "--list", description = "say what WHAT can be, and end")
  private boolean list;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (list) {
      out.println("[last|next] followed by one of:");
      WatchGrammar.forms().forEach(form -> out.println("  " + form));
      out.flush();
      return CommandLine.ExitCode.OK;
    }
    if (run.isEmpty() || what.isEmpty()) {
      throw wrong(
          "say in which run to search and for what, such as: stagewalk search demand-paging 'last"
              + " write entry ipa 0x40200000'");
    }
    if (instructions < 1) {
      throw wrong("--max-instructions must be at least 1");
    }
    try (ExaminedRun opened = ExaminedRun.of(run, UnaryOperator.identity(), instructions)) {
      Snapshot from = opened.at(at);
      SearchResult result = opened.search(what);
      if (json) {
        SearchJson.write(out, run, from.moment(), result);
      } else {
        out.println(result.words());
      }
      out.flush();
      return result.sighting().isPresent() ? 0 : 1;
    } catch (IllegalArgumentException e) {
      throw wrong(Objects.requireNonNullElse(e.getMessage(), "wrong usage"));
    } catch (CompletionException e) {
      throw wrong(Refusals.words(e));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
