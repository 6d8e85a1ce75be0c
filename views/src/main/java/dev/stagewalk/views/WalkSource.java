package dev.stagewalk.views;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The walk that the table walk pane shows, and why this one: of stage 2 alone, or of a VA.
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

  /** Whose translations: "EL1&0, VMID 1", "EL2". */
  String regime() {
    Regime regime = translation.stages() == null ? Regime.EL1_0 : translation.stages().regime();
    return regime.text() + (translation.vmid() < 0 ? "" : ", VMID " + translation.vmid());
  }

  /** The walk to show when the guest is followed. */
  static Optional<WalkSource> following(Snapshot snapshot) {
    if (snapshot.walk().isPresent()) {
      Snapshot.OpenWalk walk = snapshot.walk().get();
      return Optional.of(
          new WalkSource(
              Kind.OPEN, walk.translation(), walk.reads(), null, snapshot.moment(), null));
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
        new WalkSource(Kind.PROBE, walk, walk.steps(), null, snapshot.moment(), null));
  }

  private static Optional<WalkSource> of(Snapshot snapshot, Event event, Kind kind) {
    return switch (event.what()) {
      case SimEvent.Translated t ->
          Optional.of(
              new WalkSource(
                  kind,
                  t.translation(),
                  t.translation().steps(),
                  event,
                  event.moment(),
                  exceptionAfter(snapshot, event.number(), t.translation())));
      case SimEvent.ExceptionTaken e when e.cause() != null ->
          Optional.of(new WalkSource(kind, e.cause(), e.cause().steps(), event, event.moment(), e));
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

  /** The IPA that stage 2 was asked for last; empty where it was not asked. */
  OptionalLong ipa() {
    return translation
        .lastStage2()
        .map(stage2 -> OptionalLong.of(stage2.input()))
        .orElse(OptionalLong.empty());
  }

  /** All lookups in the order they were made, those of stage 2 on the walk of stage 1 too. */
  List<Lookup> inOrder() {
    List<Lookup> order = new ArrayList<>();
    for (Lookup lookup : translation.lookups()) {
      order.addAll(lookup.nested());
      order.add(lookup);
    }
    return order;
  }

  boolean isComplete() {
    return reads >= translation.steps();
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
