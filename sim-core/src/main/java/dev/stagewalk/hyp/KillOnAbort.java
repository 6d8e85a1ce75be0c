package dev.stagewalk.hyp;

import java.util.OptionalLong;

/** An abort that no handler before it mended ends the guest, with the reason. */
public final class KillOnAbort implements ExitHandler {

  @Override
  public String name() {
    return "kill";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    long esr = exit.esr();
    if (!Syndrome.abort(esr) || exit.defects().has(Defect.RESUME_ALWAYS)) {
      return HandlerAnswer.NOT_MINE;
    }
    if (!Syndrome.permissionFault(esr) || Syndrome.hpfarValid(esr)) {
      return new HandlerAnswer.Exit(name(), reason(exit, esr), false);
    }
    // HPFAR_EL2 is UNKNOWN for a permission fault: the VA is known, the IPA must be found.
    OptionalLong ipa = FaultIpa.of(exit.el2(), exit.far());
    if (ipa.isEmpty()) {
      return new HandlerAnswer.Resume(
          name(), "the guest no longer maps VA " + Words.address(exit.far()) + ": it tries again");
    }
    String at = ipa.getAsLong() == exit.far() ? "" : ", IPA " + Words.address(ipa.getAsLong());
    return new HandlerAnswer.Exit(name(), reason(exit, esr) + at, false);
  }

  private static String reason(GuestExit exit, long esr) {
    String va = "VA " + Words.address(exit.far());
    if (Syndrome.permissionFault(esr)) {
      String what =
          Syndrome.exceptionClass(esr) == Syndrome.INSTRUCTION_ABORT_LOWER
              ? "fetch from a page that may not be executed"
              : Syndrome.write(esr) ? "write to a read-only page" : "read of an unreadable page";
      return what + ", " + va;
    }
    if (Syndrome.translationFault(esr)) {
      return exit.words() + ", outside every region of the guest";
    }
    return exit.words() + ", " + va;
  }
}
