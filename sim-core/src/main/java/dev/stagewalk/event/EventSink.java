package dev.stagewalk.event;

/**
 * Where the floors below report what they did. A sink may end the current step by throwing {@link
 * StopHere}; whoever reports must have completed the effect before, and must not catch it.
 */
@FunctionalInterface
public interface EventSink {

  /** Reports an event whose effect is complete. */
  void happened(int pe, SimEvent event);

  /** Forgets everything. */
  EventSink NONE = (pe, event) -> {};
}
