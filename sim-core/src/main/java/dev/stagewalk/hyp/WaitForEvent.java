package dev.stagewalk.hyp;

/** A trapped WFI or WFE ends at once, as it always may: the guest looks again and waits again. */
public final class WaitForEvent implements ExitHandler {

  @Override
  public String name() {
    return "wait";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    if (exit.exceptionClass() != Syndrome.WFX) {
      return HandlerAnswer.NOT_MINE;
    }
    exit.skipInstruction();
    boolean wfe = (exit.esr() & 1) != 0;
    return new HandlerAnswer.Resume(name(), (wfe ? "WFE" : "WFI") + " ends at once");
  }
}
