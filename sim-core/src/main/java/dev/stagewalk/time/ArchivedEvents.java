package dev.stagewalk.time;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fetches events of a recorded run from its archive, as far as a line shares them, and has all
 * others executed again.
 */
final class ArchivedEvents implements EventLog.Refetch {
  private final Archive archive;
  private final EventLog.Refetch others;

  ArchivedEvents(Archive archive, EventLog.Refetch others) {
    this.archive = archive;
    this.others = others;
  }

  /** Where a line has left the recorded run; null if it is that run. */
  private static @Nullable Moment parting(Line line) {
    Moment parting = null;
    for (Line from = line; from.parent() != null; from = from.parent()) {
      parting = parting == null || from.parting().isBefore(parting) ? from.parting() : parting;
    }
    return parting;
  }

  @Override
  public @Nullable Event event(long number, Line line) {
    if (number >= archive.events()) {
      return null;
    }
    Event event = archive.event(number);
    Moment parting = parting(line);
    if (parting == null) {
      return event;
    }
    return parting.isBefore(event.moment())
        ? null
        : new Event(number, event.moment().onBranch(line.number()), event.pe(), event.what());
  }

  /** Blocks of which not all is recorded. */
  @Override
  public EventLog.Content events(long first, int count, Line line, Moment end) {
    return others.events(first, count, line, end);
  }

  @Override
  public long countAt(Moment moment, Line line) {
    Moment parting = parting(line);
    boolean archived =
        moment.compareTo(archive.end()) <= 0 && (parting == null || moment.compareTo(parting) <= 0);
    return archived ? archive.countAt(moment) : others.countAt(moment, line);
  }

  @Override
  public Optional<Events.Stretch> stretch(long number, Line line) {
    return line.parent() == null && number < archive.events()
        ? archive.stretch(number)
        : Optional.empty();
  }
}
