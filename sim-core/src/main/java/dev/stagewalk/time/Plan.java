package dev.stagewalk.time;

import dev.stagewalk.event.Moment;
import java.util.List;

/** All that is planned for a run, and what of it is due. */
final class Plan {
  private final List<Planned> planned;

  Plan(List<Planned> planned) {
    this.planned = planned;
  }

  boolean isEmpty() {
    return planned.isEmpty();
  }

  /** What is due at a boundary. */
  List<Planned> dueAt(Moment boundary) {
    return planned.isEmpty() ? planned : due(boundary, -1, -1);
  }

  /**
   * What is due after a micro-step.
   *
   * @param event number of the event that it has ended with; −1 if with none
   * @param exit number of the exit that it was; −1 if none
   */
  List<Planned> due(Moment now, long event, long exit) {
    return planned.stream()
        .filter(plan ->
            switch (plan.when()) {
              case When.AtMoment(Moment moment) -> moment.equals(now);
              case When.AtExit(long number) -> number == exit;
              case When.AtEvent(long number) -> number == event;
            })
        .toList();
  }

  /** The next boundary behind an instruction that something is planned for. */
  long nextBoundary(long instruction) {
    long next = Long.MAX_VALUE;
    for (Planned plan : planned) {
      if (plan.when() instanceof When.AtMoment(Moment moment)
          && moment.instruction() > instruction) {
        next = Math.min(next, moment.instruction());
      }
    }
    return next;
  }
}
