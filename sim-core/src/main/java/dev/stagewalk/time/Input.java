package dev.stagewalk.time;

import dev.stagewalk.event.Moment;
import java.util.function.Consumer;

/**
 * Something that came from outside the machine at a moment of a run. The initial state and the
 * inputs determine a run.
 *
 * @param moment when it takes effect; told as of branch 1, since every branch that leaves later has
 *     it too
 * @param words what it is, for people
 * @param action what it does to the machine; executed again whenever the run is
 */
public record Input(Moment moment, String words, Action action) {

  public Input {
    moment = moment.onBranch(1);
  }

  /** What an input does, deterministically. */
  @FunctionalInterface
  public interface Action {
    /** What is done step by step, after the edit is on record; each step reports itself. */
    void apply(Run run);

    /** What is done when the edit is put on record, as its own effect. */
    default void applyAtOnce(Run run) {}

    /** An action in one step. */
    static Action atOnce(Consumer<Run> effect) {
      return new Action() {
        @Override
        public void apply(Run run) {}

        @Override
        public void applyAtOnce(Run run) {
          effect.accept(run);
        }
      };
    }
  }
}
