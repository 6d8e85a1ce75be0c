package dev.stagewalk.cpu;

/**
 * Unwinds an instruction that ends in a synchronous exception. It carries no stack trace because it
 * is control flow; what the exception is stands in the PE's {@link PendingException}.
 */
final class GuestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final GuestException TAKEN = new GuestException();

  private GuestException() {
    super("an exception of the simulated PE", null, false, false);
  }
}
