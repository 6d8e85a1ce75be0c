package dev.stagewalk.hyp;

/**
 * Handles exits of a guest. A handler is a pure function: what it wants to remember lies in the
 * guest's structure or memory, so that it goes back in time with them.
 */
public interface ExitHandler {

  /** As the trap log names it: {@code demand_page}. */
  String name();

  /** Handles an exit, or leaves it to another handler. */
  HandlerAnswer handle(GuestExit exit);
}
