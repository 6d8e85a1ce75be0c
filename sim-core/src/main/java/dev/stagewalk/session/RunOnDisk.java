package dev.stagewalk.session;

import dev.stagewalk.event.Moment;
import dev.stagewalk.time.History;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What of a run is on disk: the recording that it is of, and the one that is being written. */
final class RunOnDisk {
  private @Nullable OpenedRun opened;
  private @Nullable Recorder recorder;

  /** Whether it was said that nothing more can be written. */
  private boolean told;

  /**
   * @param recorder what writes the run down; null if nothing does
   */
  RunOnDisk(@Nullable Recorder recorder) {
    this.recorder = recorder;
  }

  /** The run is that of a recording from now on; null if it is of none. */
  void opened(@Nullable OpenedRun run) {
    opened = run;
  }

  /** What writes the run down; null if nothing does, or cannot any more. */
  private @Nullable Recorder writing() {
    Recorder to = recorder;
    return to == null || !to.isOpen() ? null : to;
  }

  /** Whether the run is being written down. */
  boolean isWriting() {
    return writing() != null;
  }

  /**
   * A command is about to be carried out.
   *
   * @throws Refused if it would make what was recorded untrue
   */
  void requireAllowed(Command command) {
    if (isWriting() && command instanceof Command.Record) {
      throw new Refused("this run is being recorded already: end that recording first");
    }
  }

  /** What is called every so often while the run goes on: that, once it is written so far. */
  BooleanSupplier writingBefore(BooleanSupplier meanwhile, Supplier<History> run) {
    return () -> {
      Recorder to = writing();
      if (to != null) {
        to.moved(run.get());
      }
      return meanwhile.getAsBoolean();
    };
  }

  /**
   * The run stands still.
   *
   * @return what should be known now: that no more is recorded, or that the run parts from its
   *     recording; empty if all is well
   */
  Optional<String> rested(History history) {
    Recorder to = recorder;
    if (to != null) {
      to.rested(history);
      if (to.failure().isPresent() && !told) {
        told = true;
        return to.failure();
      }
    }
    return parting(history);
  }

  private Optional<String> parting(History history) {
    OpenedRun open = opened;
    Moment now = history.moment();
    if (open == null || now.branch() != 1 || open.run().end().isBefore(now)) {
      return Optional.empty();
    }
    long then = open.run().countAt(now);
    long again = history.run().events();
    return then == again
        ? Optional.empty()
        : Optional.of(
            "the run parts from its recording: up to "
                + now
                + " it has "
                + again
                + " events, and had "
                + then
                + "; `stagewalk replay --verify` finds the first that differs");
  }

  /** Something is about to come in from outside. */
  void input(History history) {
    Recorder to = writing();
    if (to != null) {
      to.input(history);
    }
  }

  /**
   * Begins to write a run down, with all that it has gone through.
   *
   * @return what to say
   * @throws Refused if it cannot be recorded
   */
  String begin(Recorder to, History history) {
    to.attach(history);
    recorder = to;
    told = to.failure().isPresent();
    return to.failure().orElse("recorded from its start on, and from now on");
  }

  /**
   * Ends the recording if there is one, because another run takes the place of this one, or none.
   *
   * @return what to say
   */
  Optional<String> endIfWriting(History history) {
    return isWriting() ? Optional.of("the run before was " + end(history)) : Optional.empty();
  }

  /**
   * Ends the recording.
   *
   * @return what to say
   * @throws Refused if there is none
   */
  String end(History history) {
    Recorder ended = recorder;
    if (ended == null) {
      throw new Refused("this run is not being recorded");
    }
    ended.rested(history);
    ended.close();
    recorder = null;
    return ended.failure().orElse("recorded up to " + history.end());
  }
}
