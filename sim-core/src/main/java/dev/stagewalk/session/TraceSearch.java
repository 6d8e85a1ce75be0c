package dev.stagewalk.session;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.time.Events;
import dev.stagewalk.time.Sighting;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Searches in what a real machine recorded of itself. Its events tell faults of stage 2; of stores,
 * registers and translations they tell nothing.
 */
final class TraceSearch {
  private static final int INSTRUCTION_ABORT_FROM_BELOW = 0x20;
  private static final int DATA_ABORT_FROM_BELOW = 0x24;

  private final Events events;
  private final Program program;

  TraceSearch(Events events, Program program) {
    this.events = events;
    this.program = program;
  }

  /**
   * Searches from a moment.
   *
   * @param now events before it
   * @throws Refused if events do not tell it
   */
  SearchResult perform(String text, long now) {
    WatchGrammar.Search search = WatchGrammar.readSearch(text, program);
    if (!(search.watch() instanceof Watch.Fault fault)) {
      throw new Refused(
          "a recording of a real machine tells its events, and neither stores nor registers nor"
              + " uses of translations: search it for 'fault ipa ADDRESS'");
    }
    if (fault.vmid() >= 0) {
      throw new Refused("this recording does not tell the VMID of a fault: leave it out");
    }
    boolean back = search.direction() == WatchGrammar.Direction.LAST;
    String subject = "IPA " + fault.text().replaceFirst("fault ipa ", "");
    for (long n = back ? now - 1 : now; n >= 0 && n < events.size(); n += back ? -1 : 1) {
      Event event = events.get(n);
      if (isFault(event.what(), fault)) {
        String words =
            subject
                + (back ? " last faulted" : " next faults")
                + " in event "
                + n
                + ": "
                + words(event);
        return new SearchResult(search.text(), words, Optional.of(sighting(event)), true);
      }
    }
    return new SearchResult(
        search.text(),
        subject
            + (back
                ? " has not faulted before in this recording."
                : " does not fault any more in this recording."),
        Optional.empty(),
        true);
  }

  private static Sighting sighting(Event event) {
    return new Sighting(
        0,
        event.moment(),
        event.pe(),
        new Sighting.Happened(event.number(), event.what()),
        new Sighting.Author(null, ""));
  }

  private static boolean isFault(SimEvent event, Watch.Fault fault) {
    if (!(event instanceof SimEvent.Recorded recorded)) {
      return false;
    }
    OptionalLong ipa = recorded.ipa();
    return ipa.isPresent()
        && isAbort(recorded)
        && Long.compareUnsigned(fault.first(), ipa.getAsLong()) <= 0
        && Long.compareUnsigned(ipa.getAsLong(), fault.last()) <= 0;
  }

  private static boolean isAbort(SimEvent.Recorded recorded) {
    OptionalInt known = recorded.exceptionClass();
    int ec =
        recorded.esr().isPresent()
            ? (int) (recorded.esr().getAsLong() >>> 26) & 0x3f
            : known.orElse(-1);
    return ec == INSTRUCTION_ABORT_FROM_BELOW
        || ec == DATA_ABORT_FROM_BELOW
        || recorded.name().contains("fault");
  }

  private static String words(Event event) {
    return event.what() instanceof SimEvent.Recorded recorded
        ? (recorded.name() + " " + recorded.text()).strip()
        : "";
  }
}
