package dev.stagewalk.hyp;

/**
 * Hands an abort that no handler before it mended to the guest itself, as the fault its hardware
 * would report; usually a synchronous External abort, which is what an address with nothing behind
 * it gives on a real machine.
 *
 * @param status the fault status code the guest finds in ESR_EL1
 */
public record ReflectAbort(int status) implements ExitHandler {

  /** As a synchronous External abort. */
  public ReflectAbort() {
    this(GuestException.EXTERNAL_ABORT);
  }

  /**
   * @throws IllegalArgumentException if the status has more than six bits
   */
  public ReflectAbort {
    if (status < 0 || status > 0x3f) {
      throw new IllegalArgumentException(
          "a fault status code is 0x0 to 0x3f, not 0x" + Integer.toHexString(status));
    }
  }

  @Override
  public String name() {
    return "inject_abort";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    if (!Syndrome.abort(exit.esr())) {
      return HandlerAnswer.NOT_MINE;
    }
    String words = exit.words();
    GuestException.abort(exit, status);
    return new HandlerAnswer.Resume(
        name(),
        words
            + ": given to the guest as "
            + (status == GuestException.EXTERNAL_ABORT
                ? "a synchronous External abort"
                : "fault status 0x" + Integer.toHexString(status))
            + ", at "
            + Words.address(exit.elr()));
  }
}
