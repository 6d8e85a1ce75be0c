package dev.stagewalk.event;

/**
 * Unwinds the engine to the place that asked for a stop after a certain micro-step. It carries no
 * stack trace because it is control flow, and is never caught by the code that reports events.
 */
public final class StopHere extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The one instance: it says nothing beyond its kind. */
  public static final StopHere STOP = new StopHere();

  private StopHere() {
    super("stop after this micro-step", null, false, false);
  }
}
