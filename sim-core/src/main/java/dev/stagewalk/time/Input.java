package dev.stagewalk.time;

import dev.stagewalk.event.Moment;

/**
 * Something that came from outside the machine at a moment of a run. The initial state and the
 * inputs determine a run.
 *
 * @param moment when it takes effect
 * @param words what it is, for people
 * @param action what it does to the machine; executed again whenever the run is
 */
public record Input(Moment moment, String words, Action action) {

  /** What an input does, deterministically. */
  @FunctionalInterface
  public interface Action {
    void apply(Run run);
  }
}
