package dev.stagewalk.session.compare;

import dev.stagewalk.ask.EventKind;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.explain.Explainer;
import dev.stagewalk.explain.Explanation;
import dev.stagewalk.session.Scenes;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Events;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Compares what happened: finds the first event that differs, and counts those after it. */
final class EventComparison {
  private EventComparison() {}

  /**
   * Compares the events of two runs.
   *
   * @param known events from the start that both are known to have in common
   */
  static EventDifference of(Snapshot first, Snapshot second, long known) {
    Events one = first.events();
    Events other = second.events();
    long shorter = Math.min(one.size(), other.size());
    long common = Math.min(known, shorter);
    while (common < shorter && isSame(one.get(common), other.get(common))) {
      common++;
    }
    return new EventDifference(
        common,
        common < shorter ? Optional.of(divergence(first, second, common)) : Optional.empty(),
        counts(first, Math.min(common, second.eventCount())),
        counts(second, Math.min(common, first.eventCount())));
  }

  private static boolean isSame(Event one, Event other) {
    return one.pe() == other.pe()
        && one.moment().instruction() == other.moment().instruction()
        && one.moment().micro() == other.moment().micro()
        && one.what().equals(other.what());
  }

  private static EventDifference.Divergence divergence(
      Snapshot first, Snapshot second, long number) {
    Event one = first.events().get(number);
    Event other = second.events().get(number);
    return new EventDifference.Divergence(one, other, words(one, first), words(other, second));
  }

  /** An event in words, with its moment. */
  private static String words(Event event, Snapshot snapshot) {
    Explanation story = Explainer.explain(Scenes.of(event, snapshot));
    // The headline says all of an edit.
    boolean more = !(event.what() instanceof SimEvent.Edited) && !story.sentences().isEmpty();
    String sentence = more ? ". " + story.sentences().getFirst() : "";
    return "event "
        + event.number()
        + " at "
        + event.moment()
        + (event.pe() == 0 ? "" : " on PE " + event.pe())
        + ": "
        + snapshot.program().names().named(story.headline() + sentence);
  }

  /** Events from a number up to the moment of a snapshot, by kind. */
  private static Map<EventKind, Long> counts(Snapshot snapshot, long from) {
    Map<EventKind, Long> counts = new EnumMap<>(EventKind.class);
    for (long n = from; n < snapshot.eventCount(); n++) {
      SimEvent what = snapshot.events().get(n).what();
      counts.merge(EventKind.of(what), 1L, Long::sum);
    }
    return counts;
  }
}
