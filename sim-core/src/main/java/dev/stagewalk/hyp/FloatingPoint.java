package dev.stagewalk.hyp;

/**
 * Gives the guest the SIMD and floating-point registers when it first uses them: CPTR_EL2 traps no
 * more, and the instruction is tried again. The host has nothing in them.
 *
 * <p>Source: Arm ARM, CPTR_EL2, FPEN and TFP: its layout depends on HCR_EL2.E2H.
 */
public final class FloatingPoint implements ExitHandler {
  private static final long HCR_E2H = 1L << 34;
  private static final long FPEN = 3L << 20;
  private static final long TFP = 1L << 10;

  @Override
  public String name() {
    return "floating_point";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    if (exit.exceptionClass() != Syndrome.FLOATING_POINT) {
      return HandlerAnswer.NOT_MINE;
    }
    boolean e2h = (exit.el2().register("HCR_EL2") & HCR_E2H) != 0;
    long cptr = exit.el2().register("CPTR_EL2");
    exit.el2().writeRegister("CPTR_EL2", e2h ? cptr | FPEN : cptr & ~TFP);
    return new HandlerAnswer.Resume(name(), "V0 to V31 are the guest's from now on");
  }
}
