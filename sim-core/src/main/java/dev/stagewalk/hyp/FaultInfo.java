package dev.stagewalk.hyp;

/**
 * Prints what the syndrome registers say of an abort ({@code s2mmu_print_fault_info}), and leaves
 * the answer to the handlers behind it.
 */
public final class FaultInfo implements ExitHandler {

  @Override
  public String name() {
    return "fault-info";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    if (Syndrome.abort(exit.esr())) {
      exit.stage2().printFaultInfo();
    }
    return HandlerAnswer.NOT_MINE;
  }
}
