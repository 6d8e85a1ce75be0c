package dev.stagewalk.app;

import dev.stagewalk.arch.Size;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Events;
import dev.stagewalk.time.History;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;

/**
 * Exits to the hypervisor in Java, each of whose steps is an event, and what the record of them
 * costs: memory, and the time to fetch an old one.
 */
final class ExitBenchmark {
  /** The name of this workload. */
  static final String NAME = "exits";

  private static final int FETCHES = 1000;
  private static final long SEED = 2025;

  private final int runs;

  ExitBenchmark(int runs) {
    this.runs = runs;
  }

  void run(PrintWriter out) throws ExecutionException, InterruptedException {
    out.printf(
        Locale.ROOT,
        "%-14s %12s %12s %12s %12s %12s %14s%n",
        "",
        "exits",
        "events",
        "exits/s",
        "events/s",
        "bytes/event",
        "fetch p50/p99");
    for (Scenario workload : Catalogue.exitWorkloads()) {
      measure(workload, out);
    }
    out.println(
        "exits: to the hypervisor in Java, every step of which is an event; median of "
            + runs
            + " runs.");
    out.println(
        "bytes/event: host memory of the events at hand for each event of the run; when a history"
            + " takes "
            + Size.words(History.usualBudget())
            + ", older events are given up and executed again when asked for.");
    out.println("fetch: one of " + FETCHES + " events chosen at random, in microseconds.");
    out.flush();
  }

  private void measure(Scenario workload, PrintWriter out)
      throws ExecutionException, InterruptedException {
    double[] seconds = new double[runs];
    for (int run = -1; run < runs; run++) {
      try (Session session = Session.open(workload)) {
        session.submit(new Command.StopAtExits(false)).get();
        long began = System.nanoTime();
        Snapshot end = session.submit(new Command.Run()).get();
        if (run >= 0) {
          seconds[run] = (System.nanoTime() - began) / 1e9;
        }
        if (run == runs - 1) {
          Arrays.sort(seconds);
          double median = seconds[runs / 2];
          double[] fetch = fetch(end.events());
          out.printf(
              Locale.ROOT,
              "%-14s %,12d %,12d %,12.0f %,12.0f %12.1f %,7.1f/%,.1f%n",
              workload.name(),
              end.exitCount(),
              end.events().size(),
              end.exitCount() / median,
              end.events().size() / median,
              (double) end.events().bytes() / end.events().size(),
              fetch[FETCHES / 2],
              fetch[FETCHES * 99 / 100]);
          out.flush();
        }
      }
    }
  }

  /** Microseconds to fetch events chosen at random, sorted. */
  private static double[] fetch(Events events) {
    Random random = new Random(SEED);
    double[] micros = new double[FETCHES];
    for (int i = 0; i < FETCHES; i++) {
      long number = random.nextLong(events.size());
      long began = System.nanoTime();
      if (events.get(number).number() != number) {
        throw new IllegalStateException("event " + number + " has another number");
      }
      micros[i] = (System.nanoTime() - began) / 1e3;
    }
    Arrays.sort(micros);
    return micros;
  }
}
