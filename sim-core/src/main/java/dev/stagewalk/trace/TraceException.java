package dev.stagewalk.trace;

/**
 * A file that cannot be read as a trace; the message names it, the place, the cause, what to do.
 */
public final class TraceException extends Exception {
  private static final long serialVersionUID = 1;

  public TraceException(String message) {
    super(message);
  }

  public TraceException(String message, Throwable cause) {
    super(message, cause);
  }
}
