package dev.stagewalk.session;

import dev.stagewalk.ask.Condition;
import java.util.Optional;

/**
 * Something that stops a run, forward and backward.
 *
 * @param number from 1; never used again in a run
 * @param stop where
 * @param condition what must be true there as well
 * @param enabled whether it stops
 * @param hits how often a run has stopped at it
 * @param here whether the present moment is one at which it stops
 * @param trouble why its condition could not be told when it was last asked; then it does not stop.
 *     Empty if it could
 */
public record Breakpoint(
    int number,
    Stop stop,
    Optional<Condition> condition,
    boolean enabled,
    long hits,
    boolean here,
    String trouble) {

  /** One that has just been set. */
  Breakpoint(int number, BreakpointGrammar.Typed typed) {
    this(number, typed.stop(), typed.condition(), true, 0, false, "");
  }

  /** As it is typed: {@code at loop if x0 == 3}. */
  public String text() {
    return stop.text() + condition.map(c -> " if " + c.text()).orElse("");
  }

  /** Whether it is one on the instruction at an address. */
  public boolean isAt(long address) {
    return stop instanceof Stop.At at && at.address() == address;
  }

  Breakpoint enabled(boolean on) {
    return new Breakpoint(number, stop, condition, on, hits, here, trouble);
  }

  Breakpoint hit() {
    return new Breakpoint(number, stop, condition, enabled, hits + 1, here, trouble);
  }

  Breakpoint seen(boolean isHere, String whyNot) {
    return new Breakpoint(number, stop, condition, enabled, hits, isHere, whyNot);
  }

  boolean asksEventAlone() {
    return stop.asksEventAlone() && condition.map(Condition::asksEventAlone).orElse(true);
  }
}
