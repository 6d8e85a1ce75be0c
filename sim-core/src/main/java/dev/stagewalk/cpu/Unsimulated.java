package dev.stagewalk.cpu;

/**
 * The guest asked for something this engine does not simulate. The run stops there with the reason:
 * a wrong result would be worse.
 */
public final class Unsimulated extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  Unsimulated(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  /** What was asked for, in words. */
  String reason() {
    return reason;
  }
}
