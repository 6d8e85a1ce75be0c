package dev.stagewalk.time;

import dev.stagewalk.event.Moment;

/** When something planned takes effect. */
public sealed interface When {

  /** At a moment, before what comes next. */
  record AtMoment(Moment moment) implements When {
    @Override
    public String toString() {
      if (moment.equals(Moment.START)) {
        return "start";
      }
      return moment.isBoundary() ? "instruction " + moment.instruction() : moment.toString();
    }
  }

  /**
   * At an exit to EL2, before the hypervisor acts.
   *
   * @param number from 1
   */
  record AtExit(long number) implements When {
    @Override
    public String toString() {
      return "exit " + number;
    }
  }

  /**
   * Right after an event.
   *
   * @param number from 0
   */
  record AtEvent(long number) implements When {
    @Override
    public String toString() {
      return "event " + number;
    }
  }

  /** As it is typed: {@code exit 3}. */
  @Override
  String toString();
}
