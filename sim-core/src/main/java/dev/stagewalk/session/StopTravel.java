package dev.stagewalk.session;

import dev.stagewalk.check.Finding;
import dev.stagewalk.event.Moment;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Run;
import dev.stagewalk.time.Stops;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Goes from one stop of breakpoints to the next, forward and backward, those among them that stop
 * at findings.
 */
final class StopTravel {
  private final History history;
  private final Breakpoints breakpoints;

  StopTravel(History history, Breakpoints breakpoints) {
    this.history = history;
    this.breakpoints = breakpoints;
  }

  /** Runs on from the present moment until something asks it to stop. */
  @FunctionalInterface
  interface Advance {
    void run(BooleanSupplier meanwhile);
  }

  /**
   * Runs to the next stop.
   *
   * @param which the breakpoints that may stop it
   * @param advance to the next stop of any other cause
   */
  void forward(Predicate<Breakpoint> which, Advance advance, BooleanSupplier meanwhile) {
    Predicate<Finding> wanted = breakpoints.findings(which).orElse(null);
    if (wanted == null) {
      advance.run(meanwhile);
      return;
    }
    Judge judge = breakpoints.judge();
    while (true) {
      Moment from = history.moment();
      advance.run(() ->
          meanwhile.getAsBoolean()
              && judge.first(wanted, from, history.moment(), meanwhile).isEmpty());
      Optional<Moment> first = judge.first(wanted, from, history.moment(), meanwhile);
      if (first.isEmpty()) {
        return;
      }
      if (history.goTo(first.get(), meanwhile) == Run.Stop.PAUSED || breakpoints.isAtOne(which)) {
        return;
      }
      if (!meanwhile.getAsBoolean() || history.machine().isHalted()) {
        return;
      }
    }
  }

  /**
   * Goes back to the last stop before a moment.
   *
   * @param floor where to go if there is none after it
   * @return {@link Run.Stop#REACHED} if it is at the floor
   */
  Run.Stop back(
      Predicate<Breakpoint> which, Moment floor, Moment before, BooleanSupplier meanwhile) {
    Stops stops = breakpoints.stops(false, which);
    Predicate<Finding> wanted = breakpoints.findings(which).orElse(null);
    Moment from = before;
    while (true) {
      Optional<Moment> finding =
          wanted == null
              ? Optional.empty()
              : breakpoints.judge().last(wanted, floor, from, meanwhile);
      Run.Stop stop = toStop(stops, finding.map(StopTravel::below).orElse(floor), from, meanwhile);
      if (finding.isEmpty() || stop == Run.Stop.PAUSED) {
        return stop;
      }
      if (stop != Run.Stop.REACHED && !history.moment().isBefore(finding.get())) {
        return stop;
      }
      if (history.goTo(finding.get(), meanwhile) == Run.Stop.PAUSED) {
        return Run.Stop.PAUSED;
      }
      if (breakpoints.isAtOne(which)) {
        return Run.Stop.EVENT;
      }
      from = finding.get();
    }
  }

  /** A moment below one, so that what else stops at that one is found with it. */
  private static Moment below(Moment moment) {
    return moment.isBoundary()
        ? new Moment(moment.branch(), Math.max(0, moment.instruction() - 1), 0)
        : new Moment(moment.branch(), moment.instruction(), moment.micro() - 1);
  }

  /** The moment of the last event before the present, or the start. */
  static Moment eventBefore(History history) {
    Moment now = history.moment();
    long count = history.events().countAt(now);
    boolean standsAtIt = count > 0 && history.events().get(count - 1).moment().equals(now);
    long number = count - (standsAtIt ? 2 : 1);
    return number < 0 ? Moment.START.onBranch(now.branch()) : history.events().get(number).moment();
  }

  private Run.Stop toStop(Stops stops, Moment floor, Moment from, BooleanSupplier meanwhile) {
    boolean none = stops.breakpoint() == null && stops.event() == null && stops.sought().isEmpty();
    if (none && floor.equals(history.moment())) {
      return Run.Stop.REACHED;
    }
    return none
        ? history.goTo(floor, meanwhile)
        : history.goToStopBefore(stops, floor, from, meanwhile);
  }
}
