package dev.stagewalk.trace;

/**
 * A file that cannot be read as a trace; the message names it, the place, the cause, what to do.
 */
public final class TraceException extends Exception {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** Why, for whoever can do something else then. */
  public enum Reason {
    /** The file is none of the kinds that are known here. */
    UNKNOWN_KIND,
    /** It is known what the file is, and so it cannot be read. */
    UNREADABLE
  }

  public TraceException(String message) {
    this(Reason.UNREADABLE, message);
  }

  TraceException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public TraceException(String message, Throwable cause) {
    super(message, cause);
    reason = Reason.UNREADABLE;
  }

  public Reason reason() {
    return reason;
  }
}
