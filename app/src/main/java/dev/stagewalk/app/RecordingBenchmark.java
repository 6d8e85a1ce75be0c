package dev.stagewalk.app;

import dev.stagewalk.arch.Size;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.OpenedRun;
import dev.stagewalk.session.Recorder;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Events;
import dev.stagewalk.trace.TraceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * What it costs to write a run down, and how soon a long recording shows something: the first view,
 * any event, any moment, and the memory it takes.
 */
final class RecordingBenchmark {
  /** The name of this workload. */
  static final String NAME = "recording";

  private static final long EVENTS = 10_000_000;
  private static final int FEWER_WHEN_QUICK = 20;

  /** Calls in the source of the workload. */
  private static final String CALLS = "300000";

  private static final int FIRST_ROWS = 100;
  private static final int FETCHES = 1000;
  private static final int MOMENTS = 50;
  private static final long SEED = 2025;
  private static final double MILLI = 1e6;

  private final int runs;
  private final boolean quick;

  RecordingBenchmark(int runs, boolean quick) {
    this.runs = runs;
    this.quick = quick;
  }

  void run(PrintWriter out)
      throws ExecutionException, InterruptedException, IOException, TraceException {
    Path folder = Files.createTempDirectory("stagewalk-bench");
    try {
      slowDown(Catalogue.scenario("exits-paging"), folder, out);
      Scenario workload = Catalogue.scenario("exits-hvc");
      long events = slowDown(workload, folder, out);
      long wanted = quick ? EVENTS / FEWER_WHEN_QUICK : EVENTS;
      long calls = Math.ceilDiv(Long.parseLong(CALLS) * wanted, events);
      Path recording = folder.resolve("long.swrec");
      write(
          workload.withSource(workload.source().replace(CALLS, Long.toString(calls))),
          recording,
          out);
      read(recording, out);
      out.flush();
    } finally {
      delete(folder);
    }
  }

  /** Returns how many events the workload has. */
  private long slowDown(Scenario workload, Path folder, PrintWriter out)
      throws ExecutionException, InterruptedException, TraceException, IOException {
    double[] ratios = new double[runs];
    long events = 0;
    for (int run = -1; run < runs; run++) {
      double plain = seconds(Session.open(workload));
      Path recording = folder.resolve("short" + run + ".swrec");
      double written;
      try (Recorder recorder = begin(workload, recording)) {
        Session session = Session.open(workload, Engine.USUAL, recorder);
        written = seconds(session);
        events = session.snapshot().events().size();
      }
      if (run >= 0) {
        ratios[run] = written / plain;
      }
      delete(recording);
    }
    Arrays.sort(ratios);
    out.printf(
        Locale.ROOT,
        "slow-down of %s: %,d events take %.2f times as long when recorded, median of %d%n",
        workload.name(),
        events,
        ratios[runs / 2],
        runs);
    out.flush();
    return events;
  }

  private static Recorder begin(Scenario scenario, Path folder) throws TraceException {
    return Recorder.begin(folder, scenario, "bench");
  }

  private static double seconds(Session session) throws ExecutionException, InterruptedException {
    try (session) {
      session.submit(new Command.StopAtExits(false)).get();
      long began = System.nanoTime();
      session.submit(new Command.Run()).get();
      return (System.nanoTime() - began) / 1e9;
    }
  }

  private static void write(Scenario scenario, Path folder, PrintWriter out)
      throws ExecutionException, InterruptedException, TraceException, IOException {
    long began = System.nanoTime();
    long events;
    try (Recorder recorder = begin(scenario, folder);
        Session session = Session.open(scenario, Engine.USUAL, recorder)) {
      session.submit(new Command.StopAtExits(false)).get();
      events = session.submit(new Command.Run()).get().eventCount();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    long bytes = 0;
    for (Path file : files(folder)) {
      bytes += Files.size(file);
    }
    out.printf(
        Locale.ROOT,
        "write: %,d events in %.1f s, %,.0f events/s, %s on disk, %.1f bytes/event%n",
        events,
        seconds,
        events / seconds,
        Size.words(bytes),
        (double) bytes / events);
    out.flush();
  }

  private static void read(Path folder, PrintWriter out)
      throws ExecutionException, InterruptedException, TraceException {
    long heap = heap();
    long began = System.nanoTime();
    try (Session session = Session.open(OpenedRun.open(folder))) {
      Snapshot first = session.snapshot();
      Events events = first.events();
      for (int n = 0; n < Math.min(FIRST_ROWS, events.size()); n++) {
        events.get(n);
      }
      out.printf(
          Locale.ROOT,
          "first view: %.0f ms until the first %d of %,d events are there%n",
          (System.nanoTime() - began) / MILLI,
          FIRST_ROWS,
          events.size());
      Random random = new Random(SEED);
      double[] fetches = new double[FETCHES];
      for (int i = 0; i < FETCHES; i++) {
        long number = random.nextLong(events.size());
        long before = System.nanoTime();
        events.get(number);
        fetches[i] = (System.nanoTime() - before) / MILLI;
      }
      print("any event", fetches, out);
      double[] found = new double[FETCHES];
      for (int i = 0; i < FETCHES; i++) {
        Moment moment = Moment.at(random.nextLong(first.end().instruction()));
        long before = System.nanoTime();
        events.countAt(moment);
        found[i] = (System.nanoTime() - before) / MILLI;
      }
      print("the event at a moment", found, out);
      double[] moments = new double[MOMENTS];
      for (int i = 0; i < MOMENTS; i++) {
        Moment moment = events.get(random.nextLong(events.size())).moment();
        long before = System.nanoTime();
        session.submit(new Command.GoTo(moment)).get();
        moments[i] = (System.nanoTime() - before) / MILLI;
      }
      print("machine at any moment", moments, out);
      out.printf(
          Locale.ROOT,
          "memory: %s of heap more than before it was opened, %s in all%n",
          Size.words(Math.max(0, heap() - heap)),
          Size.words(heap()));
    }
  }

  private static void print(String what, double[] millis, PrintWriter out) {
    Arrays.sort(millis);
    out.printf(
        Locale.ROOT,
        "%s: p50 %.1f ms, p99 %.1f ms, max %.1f ms of %d%n",
        what,
        millis[millis.length / 2],
        millis[millis.length * 99 / 100],
        millis[millis.length - 1],
        millis.length);
    out.flush();
  }

  /** Bytes that are still used after a collection. */
  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
