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
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the engine on guests of its own, with everything recorded. */
@picocli.CommandLine.Command(
    name = "bench",
    description = {
      "Measure the engine with every event recorded.",
      "Figures depend on the machine and its load: compare within one run only."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  stagewalk bench", "  stagewalk bench --runs 9"},
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  private static final int FETCHES = 1000;
  private static final long SEED = 2025;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "runs of each workload; the median is printed (default: ${DEFAULT-VALUE})")
  private int runs;

  @Override
  public Integer call() throws Exception {
    CommandSpec command = Objects.requireNonNull(spec);
    PrintWriter out = command.commandLine().getOut();
    if (runs < 1) {
      throw new ParameterException(command.commandLine(), "--runs must be at least 1");
    }
    out.printf(
        Locale.ROOT,
        "%-4s %14s %12s %10s %12s %10s %14s%n",
        "",
        "instructions",
        "events",
        "MIPS",
        "events/s",
        "bytes/event",
        "fetch p50/p99");
    for (Scenario workload : Catalogue.workloads()) {
      measure(workload, out);
    }
    out.println(
        "MIPS: million guest instructions a second, median of "
            + runs
            + " runs after one to warm up, every event recorded.");
    out.println(
        "bytes/event: host memory of the events at hand for each event of the run; the budget is "
            + Size.words(History.EVENT_BUDGET)
            + ", older events are executed again when asked for.");
    out.println("fetch: one of " + FETCHES + " events chosen at random, in microseconds.");
    out.flush();
    return 0;
  }

  private void measure(Scenario workload, PrintWriter out) throws Exception {
    double[] mips = new double[runs];
    double[] eventRate = new double[runs];
    for (int run = -1; run < runs; run++) {
      try (Session session = Session.open(workload)) {
        session.submit(new Command.StopAtExits(false)).get();
        long began = System.nanoTime();
        Snapshot end = session.submit(new Command.Run()).get();
        double seconds = (System.nanoTime() - began) / 1e9;
        if (run >= 0) {
          mips[run] = end.moment().instruction() / seconds / 1e6;
          eventRate[run] = end.events().size() / seconds;
        }
        if (run == runs - 1) {
          Arrays.sort(mips);
          Arrays.sort(eventRate);
          double[] fetch = fetch(end.events());
          out.printf(
              Locale.ROOT,
              "%-4s %,14d %,12d %10.1f %,12.0f %10.1f %,7.1f/%,.1f%n",
              workload.name(),
              end.moment().instruction(),
              end.events().size(),
              mips[runs / 2],
              eventRate[runs / 2],
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
