package dev.stagewalk.time;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches events of a recorded run from its archive, as far as a line shares them, and has all
 * others executed again.
 */
final class ArchivedEvents implements EventLog.Refetch {
  private static final int REMEMBERED = 32;

  private final Archive archive;
  private final EventLog.Refetch others;
  private final Map<Long, EventLog.Content> blocks =
      new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, EventLog.Content> eldest) {
          return size() > REMEMBERED;
        }
      };

  ArchivedEvents(Archive archive, EventLog.Refetch others) {
    this.archive = archive;
    this.others = others;
  }

  /** Events of a line that the archive has: those before it parted from the recorded run. */
  private long shared(Line line) {
    Moment parting = null;
    for (Line from = line; from.parent() != null; from = from.parent()) {
      parting = parting == null || from.parting().isBefore(parting) ? from.parting() : parting;
    }
    return parting == null ? archive.events() : archive.countAt(parting);
  }

  @Override
  public EventLog.Content events(long first, int count, Line line, Moment end) {
    if (first + count > shared(line)) {
      return others.events(first, count, line, end);
    }
    return block(first, count);
  }

  private synchronized EventLog.Content block(long first, int count) {
    EventLog.Content known = blocks.get(first);
    if (known == null || known.events[count - 1] == null) {
      known = new EventLog.Content();
      for (int i = 0; i < count; i++) {
        Event event = archive.event(first + i);
        known.set(
            i, event.moment().instruction(), event.moment().micro(), event.pe(), event.what());
      }
      blocks.put(first, known);
    }
    return known;
  }

  @Override
  public long countAt(Moment moment, Line line) {
    boolean archived = moment.compareTo(archive.end()) <= 0;
    for (Line from = line; from.parent() != null; from = from.parent()) {
      archived &= moment.compareTo(from.parting()) <= 0;
    }
    return archived ? archive.countAt(moment) : others.countAt(moment, line);
  }

  @Override
  public Optional<Events.Stretch> stretch(long number, Line line) {
    Optional<Events.Stretch> found =
        number < archive.events() ? archive.stretch(number) : Optional.empty();
    return found.filter(stretch -> line.parent() == null || stretch.end() <= shared(line));
  }
}
