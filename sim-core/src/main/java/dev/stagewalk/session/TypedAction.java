package dev.stagewalk.session;

import dev.stagewalk.time.Input;
import dev.stagewalk.time.Run;

/**
 * What somebody did to a machine together with what can be typed to do it again, so that a
 * recording can be begun after it.
 *
 * @param kind {@code input}, or {@code answer} for an exit answered in the place of its handler
 * @param text as it is typed
 * @param action what it does
 */
record TypedAction(String kind, String text, Input.Action action) implements Input.Action {

  @Override
  public void applyAtOnce(Run run) {
    action.applyAtOnce(run);
  }

  @Override
  public void apply(Run run) {
    action.apply(run);
  }
}
