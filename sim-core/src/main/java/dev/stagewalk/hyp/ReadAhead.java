package dev.stagewalk.hyp;

import java.util.Optional;

/**
 * Demand paging that expects more of the same: the whole block around the fault is mapped at once,
 * where the region holds it and there is memory in one piece; otherwise it is left to demand paging
 * by granules.
 */
public final class ReadAhead implements ExitHandler {

  @Override
  public String name() {
    return "read_ahead";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    long esr = exit.esr();
    if (!Syndrome.translationFault(esr) || !Syndrome.hpfarValid(esr)) {
      return HandlerAnswer.NOT_MINE;
    }
    long ipa = Syndrome.ipaPage(exit.hpfar());
    Optional<GuestRegion> region = exit.guest().plan().regionAt(ipa);
    if (region.isEmpty() || region.get().kind() != GuestRegion.Kind.ON_DEMAND) {
      return HandlerAnswer.NOT_MINE;
    }
    Optional<Result> mapped = exit.guest().provideBlock(ipa);
    if (mapped.isEmpty() || !mapped.get().ok()) {
      return HandlerAnswer.NOT_MINE;
    }
    long size = 1L << exit.guest().plan().granule().levelShift(2);
    return new HandlerAnswer.Resume(
        name(),
        "mapped all "
            + Words.size(size)
            + " around "
            + Words.address(ipa)
            + " in "
            + region.get().name());
  }
}
