package dev.stagewalk.hyp;

import java.util.List;

/**
 * The handlers a guest has for its own exceptions: {@code guest_install_el1_handler}. Each is a
 * function of the guest, called with the address of the saved registers in x0 and ESR_EL1 in x1; it
 * may change the registers, and ELR_EL1 among them.
 *
 * @param installed at most one a vector
 */
public record El1Handlers(List<Installed> installed) {

  /**
   * A handler.
   *
   * @param vector 0 to 15; 4 to 7 are synchronous, IRQ, FIQ and SError taken from EL1 itself
   * @param address of its first instruction, as the guest sees it
   */
  public record Installed(int vector, long address) {}

  public El1Handlers {
    installed = List.copyOf(installed);
  }
}
