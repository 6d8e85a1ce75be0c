package dev.stagewalk.hyp;

/**
 * The hypervisor itself cannot go on: it used a null pointer, or an assertion of it failed. Only
 * defects lead here.
 */
public final class HostFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public HostFault(String reason) {
    super(reason);
  }
}
