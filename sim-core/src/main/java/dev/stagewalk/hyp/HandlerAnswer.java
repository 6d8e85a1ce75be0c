package dev.stagewalk.hyp;

/** What an exit handler decides. */
public sealed interface HandlerAnswer {

  /**
   * Return to the guest with ELR_EL2, SPSR_EL2, SP_EL1 and x0 to x30 as they now stand in its
   * structure; without defects also with its HCR_EL2, VTCR_EL2, VTTBR_EL2 and SCTLR_EL1.
   *
   * @param what what was done, in words
   */
  record Resume(String handler, String what) implements HandlerAnswer {}

  /**
   * Let the next guest run, and this one go on later: as RESUME where there is no other.
   *
   * @param what why, in words
   */
  record Yield(String handler, String what) implements HandlerAnswer {}

  /**
   * Switch this PE of the guest off; the guest ends if it was the last.
   *
   * @param what why, in words
   */
  record SwitchOff(String handler, String what) implements HandlerAnswer {}

  /**
   * End the guest.
   *
   * @param why in words
   * @param wished whether the guest asked for it
   */
  record Exit(String handler, String why, boolean wished) implements HandlerAnswer {}

  /** This handler does not deal with such an exit. */
  record NotMine() implements HandlerAnswer {}

  HandlerAnswer NOT_MINE = new NotMine();
}
