package dev.stagewalk.session;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.time.Branch;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Input;
import dev.stagewalk.trace.RecordingOutput;
import dev.stagewalk.trace.RecordingWriter;
import dev.stagewalk.trace.TraceException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run down while a session executes it: every event, every input, and now and then a
 * checkpoint and the hash of the state. It may begin when the run has gone some way already: then
 * that is written first.
 *
 * <p>All branches of the run are recorded, each in a stream of its own. Where nothing more can be
 * written, as on a full disk, the recording ends there and the run goes on.
 */
public final class Recorder implements Closeable {
  private final Path path;
  private final RecordingOutput output;
  private final LongSupplier clock;

  /** By number from 1: what is written of each branch. */
  private final List<RecordedBranch> branches = new ArrayList<>();

  /** The branch that the run was in when it was last told of. */
  private int present = 1;

  private volatile Moment end = Moment.START;
  private volatile boolean closed;

  /** Why nothing more is written; null while all is well. */
  private volatile @Nullable String failure;

  /** What writes a part of it. */
  @FunctionalInterface
  private interface Part {
    void write() throws IOException;
  }

  private Recorder(Path path, RecordingOutput output, RecordingWriter writer, LongSupplier clock) {
    this.path = path;
    this.output = output;
    this.clock = clock;
    branches.add(new RecordedBranch(1, writer, 0, 0, Moment.START, clock));
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
    return new Recorder(path, output, scenario.begin(output, tool), clock);
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
        for (RecordedBranch branch : branches) {
          branch.abandon();
        }
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
    for (Branch branch : history.branches().all()) {
      for (Input input : history.inputs(branch.number())) {
        if (!(input.action() instanceof TypedAction)) {
          throw new Refused(
              "this run cannot be recorded: its edit '" + input.words() + "' cannot be typed");
        }
      }
    }
    present = history.moment().branch();
    write(() -> {
      branch(1).catchUp(history);
      addBranches(history);
      branch(present).keep(history);
      branch(present).flush();
    });
  }

  private RecordedBranch branch(int number) {
    return branches.get(number - 1);
  }

  /** Branches that have begun, each with all that is known of it. */
  private void addBranches(History history) throws IOException {
    for (Branch branch : history.branches().all()) {
      int number = branch.number();
      if (number > branches.size()) {
        // What it shares with the branch that it left is in that one's stream.
        branch(branch.parent()).catchUp(history);
        branch(branch.parent()).flush();
        Moment parting = branch.parting().onBranch(number);
        long events = history.events(number).countAt(branch.parting().onBranch(1));
        int inputs =
            (int)
                history.inputs(number).stream()
                    .filter(i -> i.moment().isBefore(branch.parting().onBranch(1)))
                    .count();
        RecordedBranch added =
            new RecordedBranch(
                number, RecordingWriter.branch(output, number), events, inputs, parting, clock);
        branches.add(added);
        added.begin(branch);
        added.catchUp(history);
        added.flush();
      }
    }
  }

  private RecordedBranch here(History history) throws IOException {
    int number = history.moment().branch();
    if (number != present || number > branches.size()) {
      branch(present).catchUp(history);
      branch(present).flush();
      addBranches(history);
      present = number;
    }
    RecordedBranch branch = branch(number);
    branch.catchUp(history);
    end = branch.end();
    return branch;
  }

  /** The run has come further and goes on. */
  void moved(History history) {
    write(() -> here(history).moved(history));
  }

  /** The run stands still. */
  void rested(History history) {
    write(() -> here(history).rested(history));
  }

  /** Something is about to come in from outside, or has: all before it is on the disk. */
  void input(History history) {
    write(() -> here(history).flush());
  }

  /** Ends the recording; its last line says that it is whole. */
  @Override
  public void close() {
    write(() -> {
      // The first one last: where it has an end, all others have theirs.
      for (RecordedBranch branch : branches.reversed()) {
        branch.close();
      }
      closed = true;
    });
  }
}
