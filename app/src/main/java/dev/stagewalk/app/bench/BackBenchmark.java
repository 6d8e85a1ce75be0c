package dev.stagewalk.app.bench;

import dev.stagewalk.arch.Size;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Workload;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Run;
import dev.stagewalk.time.Stops;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How long going back takes: one step back from moments anywhere in a long run, and the jumps that
 * lead to those moments, with what the history takes of memory.
 */
public final class BackBenchmark {
  /** The name of this workload. */
  public static final String NAME = "back";

  private static final long INSTRUCTIONS = 1_000_000_000;
  private static final int QUICK_PART = 2000;
  private static final int QUICK_MOMENTS = 10;
  private static final long SEED = 2026;

  /** Moments that are not measured: what is not compiled yet would be in them. */
  private static final int WARM_UP = 20;

  private static final int MOMENTS = 200;

  /** Of w3 and w5, where a jump may take seconds. */
  private static final int LARGE_MOMENTS = 50;

  /** A tenth of the run where an instruction in thirty is a fault, with all that follows. */
  private static final int STORM_PART = 10;

  /** Of w1 and w2, in milliseconds. */
  private static final double MEDIAN_GOAL = 4;

  private static final double P90_GOAL = 16;

  /** Of w3 and w5, whose history is more than the budget keeps at hand. */
  private static final double LARGE_P90_GOAL = 50;

  private static final List<String> SMALL = List.of("w1", "w2");
  private static final List<String> MEASURED = List.of("w1", "w2", "w3", "w5");

  private final boolean quick;

  /**
   * @param quick a fraction of the run, which shows that all works and little more
   */
  public BackBenchmark(boolean quick) {
    this.quick = quick;
  }

  /** Measures and prints a table. */
  public void run(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%n%-14s %14s %12s %12s %24s %24s %24s%n",
        "back",
        "instructions",
        "checkpoints",
        "history",
        "first ms p50/p90/max",
        "jump ms p50/p90/max",
        "step ms p50/p90/max");
    for (Workload workload : Workload.all()) {
      if (MEASURED.contains(workload.name())) {
        measure(workload, out);
      }
    }
    out.println(
        "first: one instruction back from each of "
            + MOMENTS
            + " moments (w3, w5: "
            + LARGE_MOMENTS
            + "), chosen at random, on the way to the end; milliseconds.");
    out.println("jump: from anywhere to a moment chosen at random, after the run has ended.");
    out.println("step: one instruction back after such a jump.");
    out.println(
        "history: host memory of checkpoints and events at the end; the budget is "
            + Size.words(History.BUDGET)
            + " or half of the heap.");
    out.flush();
  }

  private void measure(Workload workload, PrintWriter out) {
    WorkloadSize size = WorkloadSize.of(workload);
    long wanted = INSTRUCTIONS / (workload.traps() ? STORM_PART : 1) / (quick ? QUICK_PART : 1);
    int rounds = (int) Math.max(1, wanted / size.instructions());
    WorkloadImage image = new WorkloadImage(workload, rounds);
    Run.Recipe recipe = new Run.Recipe(sink -> WorkloadSize.machine(image, Engine.USUAL, sink));
    History history = new History(recipe, () -> false);
    long end = size.instructionsOf(rounds);
    Random random = new Random(SEED);
    boolean small = SMALL.contains(workload.name());
    int moments = (small ? MOMENTS : LARGE_MOMENTS) / (quick ? QUICK_MOMENTS : 1);
    double[] first = firstSteps(history, random.longs(moments, 1, end).sorted().toArray(), end);
    double[] steps = new double[moments];
    double[] jumps = new double[moments];
    for (int i = quick ? 0 : -WARM_UP; i < moments; i++) {
      double jump = goTo(history, 1 + random.nextLong(end));
      double step = stepBack(history);
      if (i >= 0) {
        jumps[i] = jump;
        steps[i] = step;
      }
    }
    Arrays.sort(steps);
    Arrays.sort(jumps);
    out.printf(
        Locale.ROOT,
        "%-14s %,14d %,12d %12s %24s %24s %24s%n",
        workload.name(),
        end,
        history.checkpoints(),
        Size.words(history.bytes() >>> 20 << 20),
        words(first),
        words(jumps),
        words(steps));
    if (small) {
      goal("p50", workload, first, steps, 50, MEDIAN_GOAL, out);
    }
    goal("p90", workload, first, steps, 90, small ? P90_GOAL : LARGE_P90_GOAL, out);
    out.flush();
  }

  /** Runs to the end and, at moments on the way where nobody has been, takes one step back. */
  private static double[] firstSteps(History history, long[] moments, long end) {
    double[] millis = new double[moments.length];
    for (int i = 0; i < moments.length; i++) {
      history.advance(moments[i], () -> Stops.NONE, () -> true);
      millis[i] = stepBack(history);
    }
    history.advance(end, () -> Stops.NONE, () -> true);
    Arrays.sort(millis);
    return millis;
  }

  /** The slower of both kinds of steps is what counts. */
  private static void goal(
      String what,
      Workload workload,
      double[] first,
      double[] steps,
      int percent,
      double target,
      PrintWriter out) {
    double reached = Math.max(percentile(first, percent), percentile(steps, percent));
    out.printf(
        Locale.ROOT,
        "goal  %-36s %10.2f  at most  %6.1f  %s%n",
        "one step back, " + what + ", " + workload.name() + " (ms)",
        reached,
        target,
        reached <= target ? "met" : "NOT MET");
  }

  private static double stepBack(History history) {
    return goTo(history, history.moment().instruction() - 1);
  }

  /** Milliseconds. */
  private static double goTo(History history, long instruction) {
    long began = System.nanoTime();
    history.goTo(Moment.at(instruction), () -> true);
    double millis = (System.nanoTime() - began) / 1e6;
    if (history.moment().instruction() != instruction) {
      throw new IllegalStateException("it is at " + history.moment() + ", not at " + instruction);
    }
    return millis;
  }

  private static String words(double[] sorted) {
    return String.format(
        Locale.ROOT,
        "%.2f/%.2f/%.2f",
        percentile(sorted, 50),
        percentile(sorted, 90),
        sorted[sorted.length - 1]);
  }

  private static double percentile(double[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
