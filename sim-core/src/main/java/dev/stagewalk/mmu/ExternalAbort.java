package dev.stagewalk.mmu;

/**
 * Says that no memory answers at a physical address. It carries no stack trace, because a guest can
 * cause it as often as it likes.
 */
public final class ExternalAbort extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The one instance: who reads knows the address. */
  public static final ExternalAbort ABORT = new ExternalAbort();

  private ExternalAbort() {
    super("no memory answers at this address", null, false, false);
  }
}
