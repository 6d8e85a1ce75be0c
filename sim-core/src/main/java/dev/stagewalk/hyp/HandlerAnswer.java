package dev.stagewalk.hyp;

/** What an exit handler decides. */
public sealed interface HandlerAnswer {

  /**
   * Return to the guest with ELR_EL2, SPSR_EL2, SP_EL1 and x0 to x30 as they now stand in its
   * structure.
   *
   * @param what what was done, in words
   */
  record Resume(String handler, String what) implements HandlerAnswer {}

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
