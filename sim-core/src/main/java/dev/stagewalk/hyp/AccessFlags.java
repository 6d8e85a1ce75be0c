package dev.stagewalk.hyp;

/**
 * An Access flag fault is answered by setting the flag: the page was touched. The posted handler
 * knows no such fault.
 */
public final class AccessFlags implements ExitHandler {

  @Override
  public String name() {
    return "access_flag";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    if (!Syndrome.accessFlagFault(exit.esr()) || exit.defects().has(Defect.RESUME_ALWAYS)) {
      return HandlerAnswer.NOT_MINE;
    }
    long ipa = Syndrome.ipaPage(exit.hpfar());
    Result set = exit.stage2().setAccess(ipa);
    // If nothing maps it by now, the guest finds that out when it tries again.
    String what = set.ok() ? Words.address(ipa) + " was touched" : set.words();
    return new HandlerAnswer.Resume(name(), what);
  }
}
