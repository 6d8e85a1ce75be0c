package dev.stagewalk.time;

import java.util.List;
import java.util.function.BooleanSupplier;

/** What the lines of a run may take of host memory, and what is given up when that is reached. */
final class Allowance {
  /** Part for events at hand, when it is reached: the others are executed again when needed. */
  private static final int EVENTS_SHARE = 4;

  private final Checkpoints checkpoints;
  private final EventLog.Shelf shelf;
  private long budget;

  /**
   * @param checkpoints of all lines
   * @param shelf of the events of all lines
   * @param budget bytes
   */
  Allowance(Checkpoints checkpoints, EventLog.Shelf shelf, long budget) {
    this.checkpoints = checkpoints;
    this.shelf = shelf;
    this.budget = budget;
  }

  long budget() {
    return budget;
  }

  void setBudget(long bytes) {
    budget = bytes;
  }

  /** Bytes that lines take, estimated. */
  long taken(List<Line> lines) {
    long bytes = shelf.bytes() + checkpoints.bytes();
    for (Line each : lines) {
      bytes += each.bytes();
    }
    return bytes;
  }

  /**
   * Gives up as much as is too much, if it is.
   *
   * @param present the line one is on
   * @param hereWork work up to where one is
   */
  void keep(List<Line> lines, Line present, long hereWork) {
    if (taken(lines) <= budget) {
      return;
    }
    // A good deal at once, so that it is not for every checkpoint and every event.
    long goal = budget - budget / 8;
    checkpoints.thinOthers(lines, present, checkpoints.bytes() + goal - taken(lines));
    BooleanSupplier enough = () -> taken(lines) <= goal || shelf.bytes() <= budget / EVENTS_SHARE;
    for (Line other : lines) {
      if (other != present) {
        other.log().giveUpAllBut(present.log(), enough);
      }
    }
    present.log().giveUp(enough);
    checkpoints.thin(lines, present, hereWork, checkpoints.bytes() + goal - taken(lines));
  }
}
