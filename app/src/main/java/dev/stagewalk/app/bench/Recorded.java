package dev.stagewalk.app.bench;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Run;
import dev.stagewalk.time.Stops;

/** A workload on an engine of ours, recorded as in a session: every event, and checkpoints. */
final class Recorded {
  private Recorded() {}

  /**
   * Seconds for the part of a workload that is measured.
   *
   * @throws IllegalStateException if it does not end where it must
   */
  static double seconds(WorkloadImage image, WorkloadSize size, int rounds, Engine engine) {
    Run.Recipe recipe = new Run.Recipe(sink -> WorkloadSize.machine(image, engine, sink));
    History history = new History(recipe, () -> false);
    goTo(history, size.instructionsBefore());
    // What the run before has left is not to be cleared away at the cost of this one.
    System.gc();
    ProcessorTime began = ProcessorTime.ofThisProgram();
    goTo(history, size.instructionsOf(rounds));
    double seconds = began.secondsUntil(ProcessorTime.ofThisProgram());
    if (history.machine().pe().pc() != image.finish()) {
      throw new IllegalStateException("the workload has not ended where it should");
    }
    return seconds;
  }

  private static void goTo(History history, long instruction) {
    history.advance(instruction, () -> Stops.NONE, () -> true);
  }
}
