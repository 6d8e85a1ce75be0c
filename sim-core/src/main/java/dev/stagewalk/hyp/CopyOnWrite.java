package dev.stagewalk.hyp;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Copy-on-write: a write to a granule that the guest shares is answered with a copy of its own. A
 * walk of stage 1 that stage 2 denies permission can only have wanted to write (to set an Access
 * flag or the dirty state), whatever the access was for, and counts as one.
 *
 * <p>HPFAR_EL2 is not read where it is UNKNOWN: for a Permission fault without S1PTW the IPA comes
 * from translating the VA once more.
 *
 * <p>Source: Arm ARM, HPFAR_EL2, Hypervisor IPA Fault Address Register; ESR_EL2, ISS encoding for
 * an exception from a Data Abort, S1PTW.
 */
public final class CopyOnWrite implements ExitHandler {

  @Override
  public String name() {
    return "copy_on_write";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    long esr = exit.esr();
    if (!Syndrome.permissionFault(esr) || !Syndrome.mayWrite(esr)) {
      return HandlerAnswer.NOT_MINE;
    }
    OptionalLong found =
        Syndrome.hpfarValid(esr)
            ? OptionalLong.of(Syndrome.ipaPage(exit.hpfar()))
            : FaultIpa.of(exit.el2(), exit.far());
    if (found.isEmpty()) {
      return new HandlerAnswer.Resume(
          name(), "the guest no longer maps VA " + Words.address(exit.far()) + ": it tries again");
    }
    long ipa = found.getAsLong();
    Optional<GuestRegion> region = exit.guest().plan().regionAt(ipa);
    if (region.isEmpty() || region.get().kind() != GuestRegion.Kind.COPY_ON_WRITE) {
      return HandlerAnswer.NOT_MINE;
    }
    String where = Words.address(ipa) + " in " + region.get().name();
    if (exit.stage2().query(ipa).filter(Mapping::writable).isPresent()) {
      return new HandlerAnswer.Resume(name(), where + " is the guest's own already");
    }
    Result copied = exit.guest().copyOnWrite(ipa);
    if (!copied.ok()) {
      return new HandlerAnswer.Exit(name(), "no copy of " + where + ": " + copied.words(), false);
    }
    String why = Syndrome.onStage1Walk(esr) ? ", for a walk of stage 1 that writes" : "";
    return new HandlerAnswer.Resume(name(), "copied the page of " + where + why);
  }
}
