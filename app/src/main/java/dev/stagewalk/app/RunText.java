package dev.stagewalk.app;

import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Snapshot;
import java.io.PrintWriter;

/** What is printed of a run: its scenario, its trap log and console, and how it ended. */
final class RunText {
  private RunText() {}

  /** Whether the guest has ended by its own wish. */
  static boolean endedWell(Snapshot end) {
    return end.state() == RunState.ENDED
        && TrapLogText.stop(end).filter(SimEvent.GuestStopped::ok).isPresent();
  }

  /**
   * Prints it.
   *
   * @param whyNoFurther what stands in the place of "has not ended …" where it could go on
   */
  static void print(Snapshot end, String whyNoFurther, PrintWriter out) {
    Scenario scenario = end.scenario();
    out.println(scenario.title() + ": " + place(scenario));
    TrapLogText.lines(end).forEach(out::println);
    out.println(ending(end, whyNoFurther));
    out.flush();
  }

  private static String ending(Snapshot end, String whyNoFurther) {
    String who = who(end.scenario());
    long instructions = end.moment().instruction();
    return switch (end.state()) {
      case ENDED ->
          TrapLogText.stop(end)
              .map(s -> who + (s.ok() ? " has ended: " : " was stopped: ") + s.reason())
              .orElse("The machine stands still.");
      case AWAITS_INPUT ->
          who
              + " waits for input since instruction "
              + instructions
              + ": `stagewalk boot` gives it the standard input, and the window has a console.";
      case RUNNING, PAUSED, AT_EXIT ->
          who + " has not ended after " + instructions + " instructions (" + whyNoFurther + ").";
    };
  }

  private static String who(Scenario scenario) {
    return scenario.bare() ? "The program" : "The guest";
  }

  private static String place(Scenario scenario) {
    BoardPlan board = scenario.board();
    String pes =
        board.pes() == 1
            ? ""
            : ", " + board.pes() + " PEs in turns of " + board.quantum() + " instructions";
    if (scenario.bare()) {
      return "a program at EL2" + pes;
    }
    return scenario.granule().text()
        + " granule, "
        + scenario.ipaBits()
        + "-bit IPA, defects: "
        + scenario.defects()
        + pes;
  }
}
