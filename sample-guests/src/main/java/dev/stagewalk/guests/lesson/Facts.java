package dev.stagewalk.guests.lesson;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What expressions can ask of one moment of a run. Nothing is computed before it is asked for. */
public final class Facts {
  private final Snapshot snapshot;
  private final Map<String, Value> kept;

  /**
   * @param kept values that steps have kept, by their names
   */
  Facts(Snapshot snapshot, Map<String, Value> kept) {
    this.snapshot = snapshot;
    this.kept = Map.copyOf(kept);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  Value named(String name) {
    if (name.startsWith(FactNames.KEPT)) {
      Value value = kept.get(name.substring(FactNames.KEPT.length()));
      if (value == null) {
        throw new IllegalArgumentException("no step has kept " + name);
      }
      return value;
    }
    return FactNames.name(this, name);
  }

  Value call(String name, List<Value> arguments) {
    return FactNames.call(this, name, arguments);
  }

  /** The newest event of a kind up to this moment. */
  Optional<Event> newest(Predicate<SimEvent> kind) {
    for (long n = snapshot.eventCount() - 1; n >= 0; n--) {
      Event event = snapshot.events().get(n);
      if (kind.test(event.what())) {
        return Optional.of(event);
      }
    }
    return Optional.empty();
  }

  /** How many events of a kind there were up to this moment. */
  long count(Predicate<SimEvent> kind) {
    long found = 0;
    for (long n = 0; n < snapshot.eventCount(); n++) {
      if (kind.test(snapshot.events().get(n).what())) {
        found++;
      }
    }
    return found;
  }
}
