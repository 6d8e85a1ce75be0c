package dev.stagewalk.time;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.List;
import java.util.Optional;

/**
 * A run that was recorded: what happened, what was printed, and states from which it can be
 * executed again, all of it read when it is asked for. Any thread may ask; what cannot be read is
 * an {@link IllegalStateException} in words.
 */
public interface Archive {

  /** How many events there are. */
  long events();

  /** The furthest moment that is known; not before the last event. */
  Moment end();

  /**
   * One event.
   *
   * @param number 0 to {@link #events} − 1
   */
  Event event(long number);

  /** Events that had happened at a moment. */
  long countAt(Moment moment);

  /** Consecutive events of which only the lanes are known without reading them, if there are. */
  Optional<Events.Stretch> stretch(long number);

  /** States that were kept, in order of time, of different moments. */
  List<Kept> kept();

  /**
   * A state.
   *
   * @param number place in {@link #kept}
   * @return empty if it cannot be read: then one from before it will do
   */
  Optional<History.Standing> state(int number);

  /** Sees what was printed, in order. */
  @FunctionalInterface
  interface Printed {
    /**
     * @param what a {@link SimEvent.UartByte} or a {@link SimEvent.Printed}
     */
    void printed(Moment moment, SimEvent what);
  }

  /** Tells what was printed by events from {@code first} on and before {@code until}. */
  void printed(long first, long until, Printed to);

  /**
   * What is known of a state without reading it.
   *
   * @param instruction instructions started before it
   * @param events events before it
   * @param exits exits to EL2 among them
   */
  record Kept(long instruction, long events, long exits) {}
}
