package dev.stagewalk.app;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.PlannedEdit;
import dev.stagewalk.session.Scenario;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is different in the second of two runs. */
final class DifferentOptions {
  @Option(
      names = "--with-defects",
      paramLabel = "LIST",
      description =
          "defects of the library in the second run, as `stagewalk run --defects` has them")
  private @Nullable String defects;

  @Option(
      names = "--with-inject",
      paramLabel = "EDIT@TIME",
      description =
          "do this to the machine of the second run, as `stagewalk run --inject` has it; as often"
              + " as needed")
  private List<String> injections = List.of();

  @Option(
      names = "--with-tlb",
      paramLabel = "KIND",
      description = "TLB of the second run: realistic, off or adversarial")
  private @Nullable String tlb;

  @Option(
      names = "--with-granule",
      paramLabel = "4K|16K|64K",
      description = "granule of stage 2 in the second run")
  private @Nullable String granule;

  @Option(names = "--with-profile", paramLabel = "CPU", description = "CPU of the second run")
  private @Nullable String profile;

  /** Whether anything is different. */
  boolean isAny() {
    return defects != null
        || tlb != null
        || granule != null
        || profile != null
        || !injections.isEmpty();
  }

  /**
   * The same scenario with what is different.
   *
   * @throws IllegalArgumentException in words, with the option
   */
  Scenario change(Scenario scenario) {
    Scenario changed = scenario;
    String newDefects = defects;
    if (newDefects != null) {
      changed =
          changed.withDefects(parsed("--with-defects", () -> Defects.parse(newDefects).toString()));
    }
    String newGranule = granule;
    if (newGranule != null) {
      Granule parsed = parsed("--with-granule", () -> Granule.parse(newGranule));
      changed = changed.with(parsed, scenario.ipaBits());
    }
    if (profile != null) {
      changed = changed.with(changed.board().withProfile(profile));
    }
    String newTlb = tlb;
    if (newTlb != null) {
      TlbPlan plan = parsed("--with-tlb", () -> TlbPlan.parse(newTlb));
      changed = changed.with(withTlb(changed.board(), plan));
    }
    if (!injections.isEmpty()) {
      List<PlannedEdit> all = new ArrayList<>(scenario.injections());
      for (String injection : injections) {
        all.add(parsed("--with-inject", () -> InjectionGrammar.parsePlanned(injection)));
      }
      changed = changed.withInjections(all);
    }
    return changed;
  }

  private static BoardPlan withTlb(BoardPlan board, TlbPlan tlb) {
    return new BoardPlan(
        board.pes(), board.others(), board.quantum(), board.epoch(), tlb, board.profile());
  }

  private interface Parsing<T> {
    T parse();
  }

  private static <T> T parsed(String option, Parsing<T> parsing) {
    try {
      return parsing.parse();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  /** What is different, in words: "defects D16, TLB adversarial". */
  String words() {
    List<String> words = new ArrayList<>();
    if (defects != null) {
      words.add("defects " + defects);
    }
    if (tlb != null) {
      words.add("TLB " + tlb);
    }
    if (granule != null) {
      words.add("granule " + granule);
    }
    if (profile != null) {
      words.add("CPU " + profile);
    }
    injections.forEach(injection -> words.add("'" + injection + "'"));
    return String.join(", ", words);
  }
}
