package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.time.EventLog;
import dev.stagewalk.time.History;
import dev.stagewalk.trace.EventLine;
import dev.stagewalk.trace.RecordingWriter;
import dev.stagewalk.trace.TraceException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Writes a run down while a session executes it: every event, every input, and now and then the
 * hash of the state. A run that is recorded only goes on from its end: an edit in its past, or
 * taking one back, is refused.
 */
public final class Recorder implements Closeable {
  /** Instructions between two hashes, at least. */
  private static final long SPACING = 1_000_000;

  /** Time between two hashes, at least, so that they cost little. */
  private static final long PAUSE_NANOS = 50_000_000;

  /** Time after which there is a hash however few instructions have been executed. */
  private static final long SECOND = 1_000_000_000;

  private final RecordingWriter writer;
  private final EventLine lines = new EventLine();
  private long written;
  private Moment hashed = Moment.START;
  private final LongSupplier clock;
  private long hashedAt;
  private Moment end = Moment.START;

  private Recorder(RecordingWriter writer, LongSupplier clock) {
    this.writer = writer;
    this.clock = clock;
    this.hashedAt = clock.getAsLong();
  }

  /**
   * Begins a recording of a run that has not begun.
   *
   * @param folder where it is written; holds no recording yet
   * @param image the bytes of the file that the scenario boots, if it boots one
   * @param tool what records, with its version
   * @throws IllegalArgumentException if the scenario cannot be loaded or recorded; one line for
   *     each error of its source
   * @throws TraceException if the folder cannot be written
   */
  public static Recorder begin(Path folder, Scenario scenario, Optional<byte[]> image, String tool)
      throws TraceException {
    return begin(folder, scenario, image, tool, System::nanoTime);
  }

  /**
   * As above.
   *
   * @param clock nanoseconds, which decide where hashes are taken
   */
  static Recorder begin(
      Path folder, Scenario scenario, Optional<byte[]> image, String tool, LongSupplier clock)
      throws TraceException {
    LoadedScenario.load(scenario, Engine.USUAL, () -> false);
    RecordedScenario recorded = new RecordedScenario(scenario, image);
    try {
      return new Recorder(recorded.begin(folder, tool), clock);
    } catch (IOException e) {
      throw new TraceException("'" + folder + "' cannot be written: " + e.getMessage(), e);
    }
  }

  /** The run has come further and goes on. */
  void moved(History history) {
    try {
      catchUp(history);
      Moment now = history.moment();
      long since = clock.getAsLong() - hashedAt;
      long executed = now.instruction() - hashed.instruction();
      if (!now.isBefore(end)
          && now.isBoundary()
          && executed > 0
          && since >= PAUSE_NANOS
          && (executed >= SPACING || since >= SECOND)) {
        hash(history);
      }
      writer.flushIfOld();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The run stands still. */
  void rested(History history) {
    try {
      catchUp(history);
      Moment now = history.moment();
      boolean further = hashed.isBefore(now) && !now.isBefore(end);
      if (further && (now.isBoundary() || history.machine().isHalted())) {
        hash(history);
      }
      writer.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Something is about to come in from outside.
   *
   * @throws Refused if the run was further already
   */
  void input(History history, Edit edit) {
    requireEnd(history);
    control(history, "input", EditText.of(edit));
  }

  /** An exit is about to be answered in the place of its handler. */
  void answer(History history, Answer answer) {
    requireEnd(history);
    control(history, "answer", answer.name());
  }

  private static void requireEnd(History history) {
    if (history.moment().isBefore(history.end())) {
      throw new Refused(
          "this run is being recorded, and an edit here would drop what was recorded after it: go"
              + " to the end of the run first");
    }
  }

  private void control(History history, String kind, String text) {
    try {
      catchUp(history);
      add(history, "{\"" + kind + "\":\"" + escaped(text) + "\"" + place(history));
      writer.flush();
    } catch (IOException e) {
      throw failed(e);
    }
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
      EventLog.View events = history.events();
      while (written < now) {
        Event event = events.get(written);
        writer.add(lines.of(event), written, event.moment().instruction());
        written++;
      }
    }
    if (end.isBefore(history.moment())) {
      end = history.moment();
    }
  }

  private void hash(History history) throws IOException {
    String state = history.machine().isHalted() ? ",\"halted\":true" : "";
    add(history, "{\"hash\":\"" + Hex.plain(history.stateHash()) + "\"" + state + place(history));
    hashed = history.moment();
    hashedAt = clock.getAsLong();
  }

  private static String place(History history) {
    return ",\"moment\":\"" + history.moment() + "\",\"events\":" + history.run().events() + "}";
  }

  private void add(History history, String line) throws IOException {
    writer.add(line, written, history.moment().instruction());
  }

  private static Refused failed(IOException e) {
    return new Refused("the recording cannot be written any further: " + e.getMessage());
  }

  /** Ends the recording; its last line says that it is whole. */
  @Override
  public void close() throws IOException {
    try (writer) {
      writer.add(
          "{\"end\":\"" + end + "\",\"events\":" + written + "}", written, end.instruction());
    }
  }
}
