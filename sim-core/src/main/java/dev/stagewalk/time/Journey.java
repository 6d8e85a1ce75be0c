package dev.stagewalk.time;

import dev.stagewalk.event.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes a {@link Run} to any moment of a line, back or forward, and leaves checkpoints on the way.
 *
 * <p>Every way may be interrupted, between two slices by the caller's {@code meanwhile} and after
 * any micro-step by what the run itself asks; it then ends where it has come to.
 */
final class Journey {
  private static final long SLICE = 1 << 14;
  private static final long LONGEST_SLICE = 1 << 18;
  private static final long SHORT_SLICE_NANOS = 2_000_000;
  private static final long LONG_SLICE_NANOS = 10_000_000;

  /** Work between checkpoints close to where somebody goes back to, in instructions. */
  private static final long FINE_SPACING = 8192;

  /** How far before that place they begin. */
  private static final long FINE_REACH = 32 * FINE_SPACING;

  /** Work that may take so long that it must be interruptible. */
  private static final long LONG_WAY = Checkpoints.SPACING * 3 / 2;

  private final Run run;
  private final Checkpoints checkpoints;
  private final Runnable whenGrown;
  private Line line;
  private long framesAtCheckpoint;
  private long slice = SLICE;

  /** The state before the instruction that somebody steps inside of. */
  private Run.@Nullable Point anchor;

  /**
   * @param line that the run goes along, from its start
   * @param whenGrown called where something may have been added to what is kept
   */
  Journey(Run run, Checkpoints checkpoints, Line line, Runnable whenGrown) {
    this.run = run;
    this.checkpoints = checkpoints;
    this.line = line;
    this.whenGrown = whenGrown;
    checkpoints.lay(run.save(), line);
  }

  /** Goes on along a line that has come to the present moment as this one has. */
  void continueOn(Line next) {
    line = next;
    Run.Point known = anchor;
    if (known != null && known.instruction() > run.moment().instruction()) {
      anchor = null;
    }
    run.setInputs(next.inputs());
  }

  /** Leaves for another line, to a place of it near an instruction and not after it. */
  void changeTo(Line next, long instruction) {
    line = next;
    anchor = null;
    run.setInputs(next.inputs());
    restore(checkpoints.atOrBefore(next, instruction).point());
  }

  /** Goes back to the start of the instruction that execution is inside of, and keeps it. */
  Run.Stop toStartOfInstruction() {
    Run.Stop stop = Run.Stop.REACHED;
    if (run.isInside()) {
      stop = toBoundary(run.machine().instructions(), () -> true);
    }
    if (stop == Run.Stop.REACHED) {
      anchor = run.save();
    }
    return stop;
  }

  /** Executes whole instructions for a short while, at most up to an instruction count. */
  Run.Stop slice(long until, @Nullable LongPredicate breakpoint) {
    long began = System.nanoTime();
    long from = run.machine().instructions();
    Run.Stop stop = run.runTo(Math.min(until, from + slice), breakpoint);
    long nanos = System.nanoTime() - began;
    long executed = run.machine().instructions() - from;
    if (nanos > LONG_SLICE_NANOS) {
      slice = Math.max(1, slice / 2);
    } else if (nanos < SHORT_SLICE_NANOS && executed == slice) {
      slice = Math.min(LONGEST_SLICE, slice * 2);
    }
    arrived(Checkpoints.SPACING);
    return stop;
  }

  /** One stretch inside the instruction at whose start execution is. */
  Run.Stop inside(long micro) {
    Run.Stop stop = run.runInside(micro);
    arrived(Checkpoints.SPACING);
    return stop;
  }

  /** As {@link Run#runInsideToReturn}. */
  Run.Stop insideToReturn(int depth, long after) {
    Run.Stop stop = run.runInsideToReturn(depth, after);
    arrived(Checkpoints.SPACING);
    return stop;
  }

  /**
   * Goes to a moment. Beyond the end of the run it stops where the machine halts.
   *
   * @param meanwhile called every so often; false stops
   * @return {@link Run.Stop#REACHED} if it is there
   */
  Run.Stop to(Moment target, BooleanSupplier meanwhile) {
    Run.Stop stop = toBoundary(target.instruction(), meanwhile);
    if (stop != Run.Stop.REACHED || target.isBoundary()) {
      return stop;
    }
    anchor = run.save();
    return inside(target.micro());
  }

  Run.Stop toBoundary(long instruction, BooleanSupplier meanwhile) {
    run.stopAtExitsAfter(null);
    long work = run.work();
    boolean back = instruction <= run.machine().instructions();
    startBefore(instruction);
    if (!back || work - run.work() > LONG_WAY) {
      return forwardTo(instruction, meanwhile);
    }
    // A short way back is not worth being interrupted: one would end up before where one wanted.
    run.setPausable(false);
    try {
      return forwardTo(instruction, () -> true);
    } finally {
      run.setPausable(true);
    }
  }

  private Run.Stop forwardTo(long instruction, BooleanSupplier meanwhile) {
    boolean known = instruction <= line.end().instruction();
    Run.Stop stop = Run.Stop.REACHED;
    while (stop == Run.Stop.REACHED && run.machine().instructions() < instruction) {
      if (!meanwhile.getAsBoolean()) {
        return Run.Stop.PAUSED;
      }
      long left = instruction - run.machine().instructions();
      if (!known || left > FINE_REACH) {
        stop = slice(known ? instruction - FINE_REACH : instruction, null);
      } else {
        long until = run.machine().instructions() + Math.min(left, FINE_SPACING);
        stop = run.runTo(until, null);
        arrived(FINE_SPACING);
      }
    }
    return stop;
  }

  /** Restores what is nearest before an instruction, unless the present is. */
  private void startBefore(long instruction) {
    Run.Point start = checkpoints.atOrBefore(line, instruction).point();
    Run.Point known = anchor;
    if (known != null
        && known.instruction() <= instruction
        && known.instruction() > start.instruction()) {
      start = known;
    }
    long now = run.machine().instructions();
    if (run.isInside() || now > instruction || now < start.instruction()) {
      restore(start);
    }
  }

  private void restore(Run.Point start) {
    run.restore(start);
    framesAtCheckpoint = run.machine().ram().framesCopied();
  }

  /**
   * Goes back to an exit.
   *
   * @param number of the exit, from 1
   */
  Run.Stop toExit(long number, BooleanSupplier meanwhile) {
    run.stopAtExitsAfter(null);
    restore(checkpoints.beforeExit(line, number).point());
    run.stopAtExit(number);
    try {
      Run.Stop stop = Run.Stop.REACHED;
      while (stop == Run.Stop.REACHED) {
        if (!meanwhile.getAsBoolean()) {
          return Run.Stop.PAUSED;
        }
        stop = slice(Long.MAX_VALUE, null);
      }
      return stop;
    } finally {
      run.stopAtExit(-1);
    }
  }

  /**
   * Goes to the last moment before another at which an execution would have stopped.
   *
   * @param floor where to go if there is none after it
   * @param seen gets what was sighted at the moment where it stops
   * @return {@link Run.Stop#BREAKPOINT}, {@link Run.Stop#EVENT} or {@link Run.Stop#SIGHTED} if
   *     there is one
   */
  Run.Stop backToStop(
      Stops stops,
      Moment floor,
      Moment before,
      Consumer<Sighting> seen,
      BooleanSupplier meanwhile) {
    Moment high = before;
    while (floor.isBefore(high)) {
      long last = high.isBoundary() ? high.instruction() - 1 : high.instruction();
      long from = Math.max(floor.instruction(), checkpoints.atOrBefore(line, last).instruction());
      LastStop search = new LastStop(floor, before);
      Run.Stop stop = toBoundary(from, meanwhile);
      if (stop == Run.Stop.REACHED) {
        stop = search(search, stops, high, meanwhile);
      }
      if (stop == Run.Stop.PAUSED) {
        return stop;
      }
      Moment found = search.found;
      if (found != null) {
        search.sightings.forEach(seen);
        stop = to(found, meanwhile);
        return stop != Run.Stop.REACHED ? stop : search.kind;
      }
      high = Moment.at(from);
    }
    return to(floor, meanwhile);
  }

  /** Instruction of the youngest checkpoint before a moment, which is not the start. */
  long checkpointBefore(Moment moment) {
    long last = moment.isBoundary() ? moment.instruction() - 1 : moment.instruction();
    return checkpoints.atOrBefore(line, last).instruction();
  }

  /** The last stop seen between two moments, both excluded. */
  private static final class LastStop {
    private final Moment floor;
    private final Moment before;
    private @Nullable Moment found;
    private Run.Stop kind = Run.Stop.BREAKPOINT;
    private final List<Sighting> sightings = new ArrayList<>();

    LastStop(Moment floor, Moment before) {
      this.floor = floor;
      this.before = before;
    }

    void saw(Moment moment, Run.Stop as) {
      Moment latest = found;
      // A sighting may be told later than a breakpoint that is behind it.
      boolean isLatest = latest == null || !moment.isBefore(latest);
      if (isLatest && floor.isBefore(moment) && moment.isBefore(before)) {
        if (!moment.equals(latest)) {
          sightings.clear();
        }
        found = moment;
        kind = as;
      }
    }

    void saw(Sighting sighting) {
      saw(sighting.moment(), Run.Stop.SIGHTED);
      if (sighting.moment().equals(found)) {
        sightings.add(sighting);
      }
    }
  }

  /** Executes up to a moment and remembers where it would have stopped last. */
  private Run.Stop search(LastStop search, Stops stops, Moment high, BooleanSupplier meanwhile) {
    LongPredicate breakpoint = stops.breakpoint();
    EventStop event = stops.event();
    if (event != null) {
      run.stopAtEventsAfter(
          happened -> {
            if (happened.moment().isBefore(search.before) && event.stopsAfter(happened)) {
              search.saw(happened.moment(), Run.Stop.EVENT);
            }
            return false;
          },
          search.floor);
    }
    if (!stops.sought().isEmpty()) {
      run.lookOut(new Lookout(stops.sought(), false, search.floor, search::saw));
    }
    try {
      long end = high.instruction();
      Run.Stop stop = Run.Stop.REACHED;
      while (stop == Run.Stop.REACHED && run.machine().instructions() < end) {
        if (!meanwhile.getAsBoolean()) {
          return Run.Stop.PAUSED;
        }
        sawBreakpoint(search, breakpoint);
        stop = slice(end, breakpoint);
        stop = stop == Run.Stop.BREAKPOINT ? Run.Stop.REACHED : stop;
      }
      if (stop == Run.Stop.REACHED && !high.isBoundary()) {
        sawBreakpoint(search, breakpoint);
        stop = inside(high.micro());
      }
      return stop;
    } finally {
      run.stopAtEventsAfter(null, search.floor);
      if (!stops.sought().isEmpty()) {
        run.lookOut(null);
      }
    }
  }

  private void sawBreakpoint(LastStop search, @Nullable LongPredicate breakpoint) {
    if (breakpoint != null && run.machine().isAt(breakpoint)) {
      search.saw(Moment.at(run.machine().instructions()), Run.Stop.BREAKPOINT);
    }
  }

  private void arrived(long spacing) {
    Moment now = run.moment();
    line.arrived(now, run.work());
    if (run.isInside()) {
      return;
    }
    Checkpoints.Checkpoint before = checkpoints.atOrBefore(line, now.instruction());
    long since = run.work() - before.point().work();
    long copied = run.machine().ram().framesCopied() - framesAtCheckpoint;
    if (since >= spacing || (since > 0 && copied >= Checkpoints.PAGES)) {
      checkpoints.lay(run.save(), line);
      framesAtCheckpoint = run.machine().ram().framesCopied();
    }
    whenGrown.run();
  }
}
