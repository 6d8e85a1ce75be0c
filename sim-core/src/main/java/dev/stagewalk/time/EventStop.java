package dev.stagewalk.time;

import dev.stagewalk.event.Event;

/** Says after which events an execution is to stop. The same event must get the same answer. */
@FunctionalInterface
public interface EventStop {

  /**
   * Whether to stop right after an event. Asked while the machine is at that event, unless {@link
   * #asksEventAlone}; it must leave the machine as it is.
   */
  boolean stopsAfter(Event event);

  /** Whether the answer can be given from the record, with the machine elsewhere. */
  default boolean asksEventAlone() {
    return false;
  }
}
