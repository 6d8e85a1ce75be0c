package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.time.Branch;
import dev.stagewalk.time.EventLog;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Input;
import dev.stagewalk.trace.RecordedCheckpoint;
import dev.stagewalk.trace.RecordingWriter;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** One branch of a run as it is written down: what lies behind its parting. */
final class RecordedBranch {
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

  private final int number;
  private final RecordingWriter writer;
  private final LongSupplier clock;
  private final long beganAt;
  private long written;
  private int inputs;
  private Moment hashed;
  private long hashedAt;
  private Moment kept;
  private long keptAt;
  private long keptCost;
  private Moment end;

  /**
   * @param written events before the parting
   * @param inputs that came in before it
   * @param parting where it begins, as a moment of its own
   * @param clock nanoseconds
   */
  RecordedBranch(
      int number,
      RecordingWriter writer,
      long written,
      int inputs,
      Moment parting,
      LongSupplier clock) {
    this.number = number;
    this.writer = writer;
    this.written = written;
    this.inputs = inputs;
    this.hashed = parting;
    this.kept = parting;
    this.end = parting;
    this.clock = clock;
    this.beganAt = clock.getAsLong();
    this.hashedAt = beganAt;
    this.keptAt = beganAt;
  }

  /** Its first line. */
  void begin(Branch branch) throws IOException {
    writer.add(
        "{\"branch\":"
            + number
            + ",\"parent\":"
            + branch.parent()
            + ",\"words\":\""
            + escaped(branch.words())
            + "\""
            + place(branch.parting(), written),
        written,
        branch.parting().instruction());
  }

  /** The furthest moment that is written. */
  Moment end() {
    return end;
  }

  /** Writes what came in and what happened, up to the end of the branch. */
  void catchUp(History history) throws IOException {
    List<Input> given = history.inputs(number);
    EventLog.View events = history.events(number);
    while (inputs < given.size()) {
      Input input = given.get(inputs);
      if (input.action() instanceof TypedAction typed) {
        long before = events.countAt(input.moment());
        writeEvents(events, before);
        writer.addInput(
            "{\""
                + typed.kind()
                + "\":\""
                + escaped(typed.text())
                + "\""
                + place(input.moment().onBranch(number), before),
            before,
            input.moment().instruction());
      }
      inputs++;
    }
    writeEvents(events, events.size());
    Moment now = history.branches().get(number).end();
    end = end.isBefore(now) ? now : end;
  }

  private void writeEvents(EventLog.View events, long until) throws IOException {
    while (written < until) {
      Event event = events.get(written);
      writer.add(new Event(written, event.moment().onBranch(number), event.pe(), event.what()));
      written++;
    }
  }

  /** The run is in this branch, has come further and goes on. */
  void moved(History history) throws IOException {
    Moment now = history.moment();
    if (!now.isBefore(end) && now.isBoundary()) {
      keepIfDue(history);
      long since = clock.getAsLong() - hashedAt;
      long executed = now.instruction() - hashed.instruction();
      if (executed > 0 && since >= PAUSE_NANOS && (executed >= SPACING || since >= SECOND)) {
        hash(history);
      }
    }
    writer.flushIfOld();
  }

  /** The run is in this branch and stands still. */
  void rested(History history) throws IOException {
    Moment now = history.moment();
    boolean further = hashed.isBefore(now) && !now.isBefore(end);
    if (further && (now.isBoundary() || history.machine().isHalted())) {
      hash(history);
    }
    if (!now.isBefore(end) && now.isBoundary()) {
      keepIfDue(history);
    }
    writer.flush();
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

  private void hash(History history) throws IOException {
    String state = history.machine().isHalted() ? ",\"halted\":true" : "";
    Moment now = history.moment();
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
    if (now - keptAt >= pause && kept.isBefore(history.moment())) {
      keep(history);
    }
  }

  /** Keeps the present state, which is one of this branch, if it is between two instructions. */
  void keep(History history) throws IOException {
    if (!history.moment().isBoundary()) {
      return;
    }
    long before = clock.getAsLong();
    History.Standing standing = history.standing();
    writer.checkpoint(
        standing.state(),
        history.moment(),
        new RecordedCheckpoint.Counts(standing.events(), standing.exits(), standing.microSteps()),
        history.stateHash());
    kept = history.moment();
    keptAt = clock.getAsLong();
    keptCost = keptAt - before;
  }

  /** What has been added up to here outlives this program. */
  void flush() throws IOException {
    writer.flush();
  }

  /** Ends it without what has not been written. */
  void abandon() throws IOException {
    writer.abandon();
  }

  /** Ends it with its last line. */
  void close() throws IOException {
    writer.add("{\"end\":\"" + end + "\",\"events\":" + written + "}", written, end.instruction());
    writer.close();
  }
}
