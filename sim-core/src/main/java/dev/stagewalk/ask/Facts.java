package dev.stagewalk.ask;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.TlbEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What expressions can ask of one moment of a run. Nothing is computed before it is asked for. */
public final class Facts {
  /** Names of everything that can be selected as an event. */
  public static final List<String> SELECTABLE = EventFacts.SELECTABLE;

  private final Present present;
  private final Map<String, Value> kept;

  /**
   * @param kept values that were kept before, by their names
   */
  public Facts(Present present, Map<String, Value> kept) {
    this.present = present;
    this.kept = Map.copyOf(kept);
  }

  /** Of a moment before which nothing was kept. */
  public Facts(Present present) {
    this(present, Map.of());
  }

  Present present() {
    return present;
  }

  /** The newest event of a name of {@link #SELECTABLE}. */
  public Event selectable(String name) {
    return EventFacts.selectable(this, name);
  }

  /** The lookup at a level on the way of an IPA; the walk may be refused there. */
  public Lookup lookup(int level, long ipa) {
    return TableFacts.lookup(this, level, ipa);
  }

  /** The entry that translates an IPA under the VMID of now, by stage 2 or by both at once. */
  public Optional<TlbEntry> tlbEntry(long ipa) {
    return MachineFacts.find(this, ipa);
  }

  /** What the last event up to this moment says of itself. */
  Value ofLastEvent(String field) {
    Event event =
        present
            .lastEvent()
            .orElseThrow(
                () -> new IllegalArgumentException("there was no event up to this moment"));
    return EventField.of(field, event, present)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "event "
                    + event.number()
                    + ", of the kind "
                    + EventKind.of(event.what()).word()
                    + ", says no "
                    + field));
  }

  /** Memory at a physical address, zero-extended. */
  long read(long pa, int bytes) {
    if (!present.hasMemory(pa, bytes)) {
      throw new IllegalArgumentException("there is no memory at " + Value.address(pa).text());
    }
    return present.read(pa, bytes);
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
    for (long n = present.eventCount() - 1; n >= 0; n--) {
      Event event = present.events().get(n);
      if (kind.test(event.what())) {
        return Optional.of(event);
      }
    }
    return Optional.empty();
  }

  /** How many events of a kind there were up to this moment. */
  long count(Predicate<SimEvent> kind) {
    long found = 0;
    for (long n = 0; n < present.eventCount(); n++) {
      if (kind.test(present.events().get(n).what())) {
        found++;
      }
    }
    return found;
  }
}
