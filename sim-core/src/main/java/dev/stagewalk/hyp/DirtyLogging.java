package dev.stagewalk.hyp;

import java.util.OptionalLong;

/**
 * The first write to a page whose writes are logged is answered by logging it. So is a Permission
 * fault on a walk of the guest's own tables: the walker wanted to update a descriptor.
 */
public final class DirtyLogging implements ExitHandler {

  @Override
  public String name() {
    return "log_write";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    long esr = exit.esr();
    if (!Syndrome.permissionFault(esr) || !Syndrome.mayWrite(esr)) {
      return HandlerAnswer.NOT_MINE;
    }
    OptionalLong ipa =
        Syndrome.hpfarValid(esr)
            ? OptionalLong.of(Syndrome.ipaPage(exit.hpfar()))
            : FaultIpa.of(exit.el2(), exit.far());
    if (ipa.isEmpty()) {
      return new HandlerAnswer.Resume(
          name(), "the guest no longer maps VA " + Words.address(exit.far()) + ": it tries again");
    }
    if (exit.stage2().query(ipa.getAsLong()).filter(Mapping::logged).isEmpty()) {
      return HandlerAnswer.NOT_MINE;
    }
    long page = ipa.getAsLong() & -exit.stage2().granule().bytes();
    Result logged = exit.stage2().logWrite(page);
    return logged.ok()
        ? new HandlerAnswer.Resume(name(), Words.address(page) + " is dirty")
        : HandlerAnswer.NOT_MINE;
  }
}
