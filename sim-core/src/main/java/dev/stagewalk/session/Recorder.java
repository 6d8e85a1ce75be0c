package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.time.EventLog;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Input;
import dev.stagewalk.trace.RecordedCheckpoint;
import dev.stagewalk.trace.RecordingOutput;
import dev.stagewalk.trace.RecordingWriter;
import dev.stagewalk.trace.TraceException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run down while a session executes it: every event, every input, and now and then a
 * checkpoint and the hash of the state. It may begin when the run has gone some way already: then
 * that is written first.
 *
 * <p>Of a run with branches the present one is recorded, from the start on, and it only goes on
 * from its end: an edit in its past, or taking one back, is refused. Other branches can be looked
 * at. Where nothing more can be written, as on a full disk, the recording ends there and the run
 * goes on.
 */
public final class Recorder implements Closeable {
  /** Instructions between two hashes, at least. */
  private static final long SPACING = 1_000_000;

  /** Time between two hashes, and between two checkpoints, at least, so that they cost little. */
  private static final long PAUSE_NANOS = 50_000_000;

  /** Time after which there is a hash however few instructions have been executed. */
  private static final long SECOND = 1_000_000_000;

  /** Time between two checkpoints, at least, by what the one before took. */
  private static final long COST_SHARE = 20;

  /** The part of a recording's time that lies between two checkpoints at most, in the end. */
  private static final long AGE_SHARE = 10_000;

  private final Path path;
  private final RecordingWriter writer;
  private final LongSupplier clock;
  private final long beganAt;
  private long written;
  private Moment hashed = Moment.START;
  private long hashedAt;
  private Moment kept = Moment.START;
  private long keptAt;
  private long keptCost;
  private Moment end = Moment.START;
  private int branch = 1;
  private volatile boolean closed;

  /** Why nothing more is written; null while all is well. */
  private volatile @Nullable String failure;

  /** What writes a part of it. */
  @FunctionalInterface
  private interface Part {
    void write() throws IOException;
  }

  private Recorder(Path path, RecordingWriter writer, LongSupplier clock) {
    this.path = path;
    this.writer = writer;
    this.clock = clock;
    this.beganAt = clock.getAsLong();
    this.hashedAt = beganAt;
    this.keptAt = beganAt;
  }

  /**
   * Begins a recording.
   *
   * @param folder where it is written; holds no recording yet
   * @param scenario what runs
   * @param tool what records, with its version
   * @throws IllegalArgumentException if the scenario cannot be loaded or recorded; one line for
   *     each error of its source
   * @throws TraceException if the folder cannot be written
   */
  public static Recorder begin(Path folder, Scenario scenario, String tool) throws TraceException {
    return begin(folder, scenario, tool, System::nanoTime);
  }

  /**
   * As above.
   *
   * @param clock nanoseconds, which decide where hashes and checkpoints are taken
   */
  static Recorder begin(Path folder, Scenario scenario, String tool, LongSupplier clock)
      throws TraceException {
    LoadedScenario.load(scenario, Engine.USUAL, () -> false);
    RecordedScenario recorded = new RecordedScenario(scenario);
    try {
      return begin(folder, RecordingOutput.in(folder), recorded, tool, clock);
    } catch (IOException e) {
      throw new TraceException("'" + folder + "' cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * As above, to wherever that may be.
   *
   * @param path what to call it
   */
  static Recorder begin(
      Path path, RecordingOutput output, RecordedScenario scenario, String tool, LongSupplier clock)
      throws IOException {
    return new Recorder(path, scenario.begin(output, tool), clock);
  }

  /** Where it is written. */
  public Path path() {
    return path;
  }

  /** Whether it goes on. */
  public boolean isOpen() {
    return !closed;
  }

  /** Why nothing more is written, in words; empty while all is well. */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  private void write(Part part) {
    if (failure != null || closed) {
      return;
    }
    try {
      part.write();
    } catch (IOException e) {
      failure =
          "nothing more is recorded, because '"
              + path
              + "' cannot be written any further ("
              + e.getMessage()
              + "); the run goes on, and what was recorded up to "
              + end
              + " can be opened, but for its last second";
      closed = true;
      try {
        writer.abandon();
      } catch (IOException _) {
        // It is given up already.
      }
    }
  }

  /**
   * The run that is recorded, before anything else is told of it. All that it has gone through is
   * written.
   *
   * @throws Refused if it has an edit that cannot be typed
   */
  void attach(History history) {
    for (Input input : history.inputs()) {
      if (!(input.action() instanceof TypedAction)) {
        throw new Refused(
            "this run cannot be recorded: its edit '" + input.words() + "' cannot be typed");
      }
    }
    branch = history.moment().branch();
    write(() -> {
      EventLog.View events = history.events();
      for (Input input : history.inputs()) {
        if (input.action() instanceof TypedAction typed) {
          long before = events.countAt(input.moment());
          writeEvents(events, before);
          control(typed.kind(), typed.text(), input.moment(), before);
        }
      }
      writeEvents(events, events.size());
      end = history.end().onBranch(1);
      keep(history);
      writer.flush();
    });
  }

  private boolean isElsewhere(History history) {
    return history.moment().branch() != branch;
  }

  /** The present moment as one of the only branch that there is in a recording. */
  private static Moment now(History history) {
    return history.moment().onBranch(1);
  }

  /** The run has come further and goes on. */
  void moved(History history) {
    if (isElsewhere(history)) {
      return;
    }
    write(() -> {
      catchUp(history);
      Moment now = now(history);
      if (!now.isBefore(end) && now.isBoundary()) {
        keepIfDue(history);
        long since = clock.getAsLong() - hashedAt;
        long executed = now.instruction() - hashed.instruction();
        if (executed > 0 && since >= PAUSE_NANOS && (executed >= SPACING || since >= SECOND)) {
          hash(history);
        }
      }
      writer.flushIfOld();
    });
  }

  /** The run stands still. */
  void rested(History history) {
    if (isElsewhere(history)) {
      return;
    }
    write(() -> {
      catchUp(history);
      Moment now = now(history);
      boolean further = hashed.isBefore(now) && !now.isBefore(end);
      if (further && (now.isBoundary() || history.machine().isHalted())) {
        hash(history);
      }
      if (!now.isBefore(end) && now.isBoundary()) {
        keepIfDue(history);
      }
      writer.flush();
    });
  }

  /**
   * Something is about to come in from outside.
   *
   * @throws Refused if the run was further already
   */
  void input(History history, TypedAction what) {
    requireEnd(history);
    write(() -> {
      catchUp(history);
      control(what.kind(), what.text(), now(history), history.run().events());
      writer.flush();
    });
  }

  private void requireEnd(History history) {
    boolean past = history.moment().isBefore(history.end()) || isElsewhere(history);
    if (failure == null && !closed && past) {
      throw new Refused(
          "this run is being recorded, and goes one way only: go to the end of the run first, or"
              + " end the recording");
    }
  }

  private void control(String kind, String text, Moment moment, long events) throws IOException {
    writer.addInput(
        "{\"" + kind + "\":\"" + escaped(text) + "\"" + place(moment, events),
        events,
        moment.instruction());
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private void catchUp(History history) throws IOException {
    long now = history.run().events();
    if (written < now) {
      writeEvents(history.events(), now);
    }
    if (end.isBefore(now(history))) {
      end = now(history);
    }
  }

  private void writeEvents(EventLog.View events, long until) throws IOException {
    while (written < until) {
      Event event = events.get(written);
      writer.add(new Event(written, event.moment().onBranch(1), event.pe(), event.what()));
      written++;
    }
  }

  private void hash(History history) throws IOException {
    String state = history.machine().isHalted() ? ",\"halted\":true" : "";
    Moment now = now(history);
    writer.add(
        "{\"hash\":\""
            + Hex.plain(history.stateHash())
            + "\""
            + state
            + place(now, history.run().events()),
        written,
        now.instruction());
    hashed = now;
    hashedAt = clock.getAsLong();
  }

  private static String place(Moment moment, long events) {
    return ",\"moment\":\"" + moment + "\",\"events\":" + events + "}";
  }

  private void keepIfDue(History history) throws IOException {
    long now = clock.getAsLong();
    long pause =
        Math.max(PAUSE_NANOS, Math.max(keptCost * COST_SHARE, (now - beganAt) / AGE_SHARE));
    if (now - keptAt >= pause && kept.isBefore(now(history))) {
      keep(history);
    }
  }

  private void keep(History history) throws IOException {
    if (!history.moment().isBoundary()) {
      return;
    }
    long before = clock.getAsLong();
    History.Standing standing = history.standing();
    writer.checkpoint(
        standing.state(),
        now(history),
        new RecordedCheckpoint.Counts(standing.events(), standing.exits(), standing.microSteps()),
        history.stateHash());
    kept = now(history);
    keptAt = clock.getAsLong();
    keptCost = keptAt - before;
  }

  /** Ends the recording; its last line says that it is whole. */
  @Override
  public void close() {
    write(() -> {
      writer.add(
          "{\"end\":\"" + end + "\",\"events\":" + written + "}", written, end.instruction());
      writer.close();
      closed = true;
    });
  }
}
