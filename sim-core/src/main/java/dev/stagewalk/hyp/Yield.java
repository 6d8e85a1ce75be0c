package dev.stagewalk.hyp;

/**
 * The scheduler's part in the exits: a guest that waits (WFI, WFE) gives its turn to the next one.
 */
public final class Yield implements ExitHandler {

  @Override
  public String name() {
    return "schedule";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    if (exit.exceptionClass() != Syndrome.WFX) {
      return HandlerAnswer.NOT_MINE;
    }
    exit.skipInstruction();
    boolean wfe = (exit.esr() & 1) != 0;
    return new HandlerAnswer.Yield(
        name(), exit.guest().plan().name() + " waits (" + (wfe ? "WFE" : "WFI") + ")");
  }
}
