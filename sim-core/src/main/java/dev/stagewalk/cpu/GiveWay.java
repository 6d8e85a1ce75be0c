package dev.stagewalk.cpu;

/**
 * Ends the stretch that a PE executes, between two instructions: it waits or is off now, or the
 * board has to look at its devices first. It carries no stack trace because it is control flow.
 */
final class GiveWay extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final GiveWay NOW = new GiveWay();

  private GiveWay() {
    super("between two instructions", null, false, false);
  }
}
