package dev.stagewalk.hyp;

import dev.stagewalk.arch.Hex;

/**
 * Calls of the guest: HVC #0 ends it, PSCI SYSTEM_OFF and SYSTEM_RESET too; HVC #0xFFFF ends it as
 * its own exception vectors do when they have no handler; other HVCs are counted. An SMC is not
 * passed on.
 *
 * <p>Source: Arm Power State Coordination Interface; SMC Calling Convention.
 */
public final class HypervisorCalls implements ExitHandler {
  private static final int PSCI_SYSTEM_OFF = 0x8400_0008;
  private static final int PSCI_SYSTEM_RESET = 0x8400_0009;
  private static final long NOT_SUPPORTED = -1;

  @Override
  public String name() {
    return "hypercall";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    return switch (exit.exceptionClass()) {
      case Syndrome.HVC64 -> hvc(exit);
      case Syndrome.SMC64 -> smc(exit);
      default -> HandlerAnswer.NOT_MINE;
    };
  }

  private HandlerAnswer hvc(GuestExit exit) {
    int immediate = (int) exit.esr() & 0xffff;
    if (immediate == 0) {
      return switch ((int) exit.x(0)) {
        case PSCI_SYSTEM_OFF -> new HandlerAnswer.Exit(name(), "PSCI SYSTEM_OFF", true);
        case PSCI_SYSTEM_RESET -> new HandlerAnswer.Exit(name(), "PSCI SYSTEM_RESET", true);
        default -> new HandlerAnswer.Exit(name(), "HVC #0: the guest has finished", true);
      };
    }
    if (immediate == El1Vectors.UNHANDLED_CALL) {
      return new HandlerAnswer.Exit(
          name(),
          "HVC #0xFFFF: the guest has no handler for an exception of its own, ESR_EL1 "
              + Words.number(exit.el2().register("ESR_EL1")),
          false);
    }
    long count = exit.guest().countCall();
    return new HandlerAnswer.Resume(
        name(),
        "HVC #" + Hex.immediate(immediate) + ", " + Words.count((int) count, "call") + " so far");
  }

  /** A trapped SMC leaves ELR_EL2 at the SMC itself; an HVC leaves it behind the HVC. */
  private HandlerAnswer smc(GuestExit exit) {
    exit.setX(0, NOT_SUPPORTED);
    exit.skipInstruction();
    return new HandlerAnswer.Resume(name(), "SMC is not passed on: NOT_SUPPORTED");
  }
}
