package dev.stagewalk.views;

import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.session.Snapshot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The walk that the table walk pane shows, and why this one. Of a translation of a VA it is the
 * last walk of stage 2: the pane draws stage-2 tables.
 *
 * @param kind why
 * @param translation the walk
 * @param reads descriptor reads made so far
 * @param event the event that reports the walk; null while it is open and for a probe
 * @param moment when it was made
 * @param taken the exception this walk led to; null if none, or none yet
 */
record WalkSource(
    Kind kind,
    Translation translation,
    int reads,
    @Nullable Event event,
    Moment moment,
    SimEvent.@Nullable ExceptionTaken taken) {

  /** Why this walk is shown. */
  enum Kind {
    /** It is going on. */
    OPEN,
    /** The last one the guest made. */
    LAST,
    /** It belongs to the event that is selected. */
    EVENT,
    /** Nobody made it: what a read of the selected IPA would do now. */
    PROBE
  }

  /** How far back the last walk is looked for, in events: a pulse must not take longer. */
  private static final long LOOK_BACK = 1024;

  /** The walk to show when the guest is followed. */
  static Optional<WalkSource> following(Snapshot snapshot) {
    if (snapshot.walk().isPresent()) {
      Snapshot.OpenWalk walk = snapshot.walk().get();
      Optional<Translation> stage2 = walk.translation().lastStage2();
      if (stage2.isPresent()) {
        Translation shown = stage2.get();
        int before = walk.translation().reads() - shown.reads();
        int reads = Math.max(0, walk.reads() - before);
        return Optional.of(new WalkSource(Kind.OPEN, shown, reads, null, snapshot.moment(), null));
      }
    }
    long last = Math.min(snapshot.eventCount(), snapshot.events().size()) - 1;
    for (long n = last; n >= 0 && last - n < LOOK_BACK; n--) {
      Optional<WalkSource> source = of(snapshot, snapshot.events().get(n), Kind.LAST);
      if (source.isPresent()) {
        return source;
      }
    }
    return Optional.empty();
  }

  /** The walk of an event that is selected. */
  static Optional<WalkSource> ofEvent(Snapshot snapshot, long number) {
    if (number < 0 || number >= snapshot.events().size()) {
      return Optional.empty();
    }
    return of(snapshot, snapshot.events().get(number), Kind.EVENT);
  }

  /** What a read of 8 bytes at an IPA would do at the moment shown. */
  static Optional<WalkSource> probe(Snapshot snapshot, long ipa) {
    Stage2Parameters parameters = Stage2.parameters(snapshot);
    if (!parameters.enabled()) {
      return Optional.empty();
    }
    Translation walk =
        Stage2Walk.walk(parameters, ipa, Access.read(8), Stage2.reader(snapshot.memory()));
    return Optional.of(
        new WalkSource(Kind.PROBE, walk, walk.reads(), null, snapshot.moment(), null));
  }

  private static Optional<WalkSource> of(Snapshot snapshot, Event event, Kind kind) {
    return switch (event.what()) {
      case SimEvent.Translated t ->
          t.translation()
              .lastStage2()
              .map(shown ->
                  new WalkSource(
                      kind,
                      shown,
                      shown.reads(),
                      event,
                      event.moment(),
                      exceptionAfter(snapshot, event.number(), t.translation())));
      case SimEvent.ExceptionTaken e when e.cause() != null ->
          e.cause()
              .lastStage2()
              .map(shown -> new WalkSource(kind, shown, shown.reads(), event, event.moment(), e));
      default -> Optional.empty();
    };
  }

  private static SimEvent.@Nullable ExceptionTaken exceptionAfter(
      Snapshot snapshot, long number, Translation walk) {
    boolean fault = walk.outcome() instanceof Translation.Fault;
    boolean known = number + 1 < snapshot.events().size() && number + 1 < snapshot.eventCount();
    if (fault
        && known
        && snapshot.events().get(number + 1).what() instanceof SimEvent.ExceptionTaken e
        && walk.equals(e.cause())) {
      return e;
    }
    return null;
  }

  boolean isComplete() {
    return reads >= translation.reads();
  }

  /** "last walk, event 47: write of 8 bytes". */
  String heading() {
    Access access = translation.access();
    String what =
        access.kind() == Access.Kind.FETCH
            ? access.kind().words()
            : access.kind().words()
                + " of "
                + access.size()
                + (access.size() == 1 ? " byte" : " bytes");
    return switch (kind) {
      case OPEN -> "walking now: " + what;
      case LAST -> "last walk, " + eventWords() + ": " + what;
      case EVENT -> "selected " + eventWords() + ": " + what;
      case PROBE -> "what a read would do now";
    };
  }

  private String eventWords() {
    return event == null ? "" : "event " + event.number();
  }
}
