package dev.stagewalk.check;

import dev.stagewalk.event.Event;

/** Watches a run of a machine and reports what goes wrong in it, to whom it was made with. */
public interface RunCheck {

  /** Takes note of an event, right after its effect. */
  void happened(Event event);

  /** Says what can be said only of a run as a whole; called once, after the last event. */
  void ended();
}
