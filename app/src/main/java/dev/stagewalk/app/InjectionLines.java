package dev.stagewalk.app;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.PlannedEdit;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.When;
import java.util.ArrayList;
import java.util.List;

/** Lines of text about injections: which there are, and which of a run never came to pass. */
final class InjectionLines {
  private static final int COLUMN = 46;

  private InjectionLines() {}

  /** What can be injected, a line each. */
  static List<String> all() {
    List<String> lines = new ArrayList<>();
    lines.add("EDIT@TIME, or EDIT at TIME. Each EDIT, and what it does:");
    for (InjectionGrammar.Form form : InjectionGrammar.forms()) {
      String syntax = form.syntax();
      lines.add("  " + syntax + " ".repeat(Math.max(2, COLUMN - syntax.length())) + form.meaning());
    }
    lines.add("TYPE is one of " + InjectionGrammar.memoryTypes() + ".");
    lines.add("pe N is the PE it is done to; without it, the one that executes next.");
    lines.add("TIME is " + InjectionGrammar.timeSyntax() + ".");
    return lines;
  }

  /** What was planned for a time that a run did not reach. */
  static List<String> neverCame(Snapshot end) {
    return end.scenario().injections().stream()
        .filter(plan -> !hasCome(plan.when(), end))
        .map(plan -> neverCame(plan, end))
        .toList();
  }

  private static boolean hasCome(When when, Snapshot end) {
    return switch (when) {
      case When.AtMoment(Moment moment) -> moment.isBefore(end.moment());
      case When.AtExit(long number) -> number <= end.exitCount();
      case When.AtEvent(long number) -> number < end.eventCount();
    };
  }

  private static String neverCame(PlannedEdit plan, Snapshot end) {
    return "'"
        + plan.text()
        + "' was never done: the run has "
        + end.exitCount()
        + " exits, "
        + end.eventCount()
        + " events and "
        + end.moment().instruction()
        + " instructions";
  }
}
