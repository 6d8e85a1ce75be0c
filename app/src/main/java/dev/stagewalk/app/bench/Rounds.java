package dev.stagewalk.app.bench;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.guests.Workload;

/** How many rounds take some tenths of a second. */
final class Rounds {
  private Rounds() {}

  /** Of a workload on one of the columns. */
  static int of(Workload workload, Column column) {
    int[] all =
        switch (workload.name()) {
          case "w1" -> new int[] {8, 200, 200, 10, 12};
          case "w2" -> new int[] {25, 500, 500, 40, 8};
          case "w3" -> new int[] {8, 12, 12, 8, 1};
          case "w4" -> new int[] {20, 100, 60, 50, 1};
          case "w5" -> new int[] {16, 80, 8, 20, 1};
          case "w6" -> new int[] {60, 80, 5, 20, 1};
          default -> throw new IllegalArgumentException("no workload " + workload.name());
        };
    return switch (column) {
      // What is compiled takes a while to be so, as long as everything takes its time.
      case Column.Ours ours -> all[0] * (ours.engine() == Engine.COMPILED ? all[4] : 1);
      case Column.Theirs theirs -> all[1 + theirs.mode().ordinal()];
    };
  }
}
