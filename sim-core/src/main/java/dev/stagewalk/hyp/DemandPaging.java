package dev.stagewalk.hyp;

import java.util.Optional;

/**
 * Demand paging: a translation fault inside a declared region is answered with its memory. What was
 * once given to the guest comes back with its content; what was not is zero.
 */
public final class DemandPaging implements ExitHandler {

  @Override
  public String name() {
    return "demand_page";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    long esr = exit.esr();
    boolean fromFar = exit.defects().has(Defect.FAR_NOT_HPFAR);
    if (fromFar ? exit.exceptionClass() != Syndrome.DATA_ABORT_LOWER : !mendable(esr)) {
      return HandlerAnswer.NOT_MINE;
    }
    long ipa = fromFar ? exit.far() : Syndrome.ipaPage(exit.hpfar());
    Optional<GuestRegion> region = exit.guest().plan().regionAt(ipa);
    if (region.isEmpty() || region.get().kind() == GuestRegion.Kind.EMULATED) {
      return HandlerAnswer.NOT_MINE;
    }
    boolean already = exit.stage2().query(ipa).isPresent();
    Result mapped = exit.guest().provide(ipa);
    String where = Words.address(ipa) + " in " + region.get().name();
    if (mapped.ok()) {
      return new HandlerAnswer.Resume(name(), (already ? "found mapped " : "mapped ") + where);
    }
    if (exit.defects().has(Defect.RESUME_ALWAYS)) {
      return new HandlerAnswer.Resume(name(), "did not map " + where + ": " + mapped.words());
    }
    return new HandlerAnswer.Exit(name(), "no memory for " + where + ": " + mapped.words(), false);
  }

  /** HPFAR_EL2 is valid, and mapping something is the cure. */
  private static boolean mendable(long esr) {
    return Syndrome.translationFault(esr) && Syndrome.hpfarValid(esr);
  }
}
