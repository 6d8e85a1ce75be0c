package dev.stagewalk.session.compare;

import dev.stagewalk.ask.EventKind;
import dev.stagewalk.event.Event;
import java.util.Map;
import java.util.Optional;

/**
 * What happened in one of two runs and not in the other, or between two moments of one run.
 *
 * @param common events that both have in common, from the start
 * @param divergence where the runs part; empty if one goes on from where the other is
 * @param first events up to the first moment that have not happened at the second, by kind
 * @param second events up to the second moment that have not happened at the first
 */
public record EventDifference(
    long common,
    Optional<Divergence> divergence,
    Map<EventKind, Long> first,
    Map<EventKind, Long> second) {

  /**
   * The first events that differ.
   *
   * @param first of the first run
   * @param second of the second run
   * @param firstWords the first one in words
   * @param secondWords the second one in words
   */
  public record Divergence(Event first, Event second, String firstWords, String secondWords) {}

  public boolean isEqual() {
    return divergence.isEmpty() && first.isEmpty() && second.isEmpty();
  }

  /** How many there are in all. */
  public static long total(Map<EventKind, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
