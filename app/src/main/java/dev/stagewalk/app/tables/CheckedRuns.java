package dev.stagewalk.app.tables;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Replay;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.TraceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs that are judged as a whole: of samples and programs, and recorded ones. */
final class CheckedRuns {
  private CheckedRuns() {}

  /**
   * Runs a scenario and judges it.
   *
   * @param what it is, for the notes: "the sample 'hvc'"
   * @param most instructions after which it is stopped
   */
  static Checked of(Scenario scenario, String what, long most) {
    try (Session session = Session.open(scenario)) {
      session.submit(new Command.StopAtExits(false)).join();
      Snapshot end = session.submit(new Command.GoTo(Moment.at(most))).join();
      List<String> notes = new ArrayList<>();
      notes.add(what + host(scenario) + ", up to " + end.moment());
      boolean ended = end.state() == RunState.ENDED;
      if (!ended) {
        notes.add(
            "it has not ended after "
                + end.moment().instruction()
                + " instructions (--max-instructions): what comes later is not judged");
      }
      return new Checked(scenario.name(), notes, end.checks().ofRun(), -1, ended);
    }
  }

  private static String host(Scenario scenario) {
    return scenario.bare()
        ? ", a program that begins at EL2 itself, without a library"
        : " under a library with defects: " + scenario.defects();
  }

  /**
   * Executes a recorded run again up to its end and judges it.
   *
   * @throws IllegalArgumentException if it cannot be read, or the run parts from it
   */
  static Checked ofRecording(Path folder) {
    Replay.Report report;
    try {
      report = Replay.of(Recording.open(folder), Engine.USUAL, true);
    } catch (TraceException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
    report
        .difference()
        .ifPresent(what -> {
          throw new IllegalArgumentException(
              "the run parts from its recording, so that another one would be judged: "
                  + what
                  + "; `stagewalk replay "
                  + folder
                  + " --verify` says more");
        });
    Snapshot end = report.end();
    Scenario scenario = end.scenario();
    List<String> notes = new ArrayList<>();
    notes.add(
        "the recorded run of '"
            + scenario.name()
            + "'"
            + host(scenario)
            + ", "
            + report.events()
            + (report.events() == 1 ? " event" : " events")
            + ", up to "
            + end.moment());
    boolean ended = end.state() == RunState.ENDED;
    if (!report.finished()) {
      notes.add(
          "the recording was cut off, and "
              + report.lostBytes()
              + " bytes of it cannot be read: what came later is not judged");
    } else if (!ended) {
      notes.add("the recording ends before the run does: what came later is not judged");
    }
    return new Checked(folder.toString(), notes, end.checks().ofRun(), -1, ended);
  }
}
