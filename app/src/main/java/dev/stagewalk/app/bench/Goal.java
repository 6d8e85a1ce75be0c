package dev.stagewalk.app.bench;

import dev.stagewalk.cpu.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What the engine should reach.
 *
 * @param words what is compared
 * @param target the least that is good enough
 * @param reached what was measured
 */
record Goal(String words, double target, double reached) {
  private static final List<String> FREE_RUNS = List.of("w1", "w2", "w3", "w4");

  boolean met() {
    return reached >= target;
  }

  /** The goals that a measurement can tell something of. */
  static List<Goal> of(Rates rates) {
    Column ours = Rates.OURS;
    Column plain = new Column.Theirs(Qemu.Mode.PLAIN);
    Column trapLog = new Column.Theirs(Qemu.Mode.TRAP_LOG);
    Column one = new Column.Theirs(Qemu.Mode.ONE_INSTRUCTION);
    List<Goal> goals = new ArrayList<>();
    add(goals, "w1, million instructions a second", 100, millions(rates.median("w1", ours)));
    add(goals, "w1 / QEMU one instruction a block", 4, rates.ratio("w1", ours, one));
    Column interpreter = new Column.Ours(Engine.SUPERBLOCK);
    add(goals, "the same by the interpreter alone", 4, rates.ratio("w1", interpreter, one));
    add(goals, "w1 to w4 / QEMU, geometric mean", 1, rates.meanRatio(FREE_RUNS, ours, plain));
    add(goals, "w5, stage-2 faults / QEMU", 1.2, rates.ratio("w5", ours, plain));
    add(goals, "w5, stage-2 faults / QEMU -d int", 8, rates.ratio("w5", ours, trapLog));
    add(goals, "w6, HVC / QEMU", 2.5, rates.ratio("w6", ours, plain));
    return goals;
  }

  private static OptionalDouble millions(OptionalDouble rate) {
    return rate.isPresent() ? OptionalDouble.of(rate.getAsDouble() / 1e6) : rate;
  }

  private static void add(List<Goal> goals, String words, double target, OptionalDouble reached) {
    if (reached.isPresent()) {
      goals.add(new Goal(words, target, reached.getAsDouble()));
    }
  }
}
