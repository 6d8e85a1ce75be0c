package dev.stagewalk.check;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.TlbiScope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The TLBIs executed last, to say which of them did not do what was needed, and why. */
final class LatestTlbis {
  private static final int MOST = 16;

  private final Deque<Event> latest = new ArrayDeque<>();

  void remember(Event tlbi) {
    latest.add(tlbi);
    if (latest.size() > MOST) {
      latest.remove();
    }
  }

  private static TlbiScope scope(Event tlbi) {
    return ((SimEvent.TlbInvalidated) tlbi.what()).scope();
  }

  private @Nullable Event last(long since, Predicate<TlbiScope> which) {
    Event found = null;
    for (Event event : latest) {
      if (event.number() > since && which.test(scope(event))) {
        found = event;
      }
    }
    return found;
  }

  /**
   * What was missing, as somebody would say it who looks at all TLBIs: where one for the stage was
   * there, but under another VMID or of another regime, that is the mistake, though a TLBI that
   * follows came nearer.
   *
   * @param since number of an event; only TLBIs after it count
   */
  MissingStep refine(MissingStep missing, EntryPlace place, long since) {
    if (missing != MissingStep.STAGE_1_ONLY) {
      return missing;
    }
    if (last(since, t -> t.ipas() && isOfOtherVmid(t, place)) != null) {
      return MissingStep.OTHER_VMID;
    }
    return last(since, t -> t.regime() != place.regime()) != null
        ? MissingStep.OTHER_REGIME
        : missing;
  }

  private static boolean isOfOtherVmid(TlbiScope tlbi, EntryPlace place) {
    return tlbi.vmid() >= 0 && place.vmid() >= 0 && tlbi.vmid() != place.vmid();
  }

  /** The TLBI that lacks just this; null if there was none. */
  @Nullable Event culprit(MissingStep missing, EntryPlace place, long since) {
    boolean stage2 = place.stage() == 2;
    Predicate<TlbiScope> which =
        switch (missing) {
          case BREAK, STILL_NAMED, TLBI, ISB -> t -> false;
          case OTHER_REGIME -> t -> t.regime() != place.regime();
          case OTHER_VMID -> t -> isOfOtherVmid(t, place);
          case OTHER_ASID -> t -> t.asid() >= 0;
          case STAGE_1_ONLY -> t -> !t.ipas();
          case STAGE_2_ONLY -> t -> !t.vas();
          case NAMES_NOTHING -> TlbiScope::nothing;
          case OTHER_ADDRESS -> t -> !t.everyAddress() && (stage2 ? t.ipas() : t.vas());
          case LAST_LEVEL_ONLY -> TlbiScope::lastLevelOnly;
          case WRONG_LEVEL -> t -> t.hint() != TlbiScope.NO_HINT || t.granule() != null;
          case OTHER_PES -> t -> t.domain().isLocal();
          case COMBINED_TOO_EARLY, DSB_BETWEEN_TLBIS -> TlbiScope::vas;
          case ISB_BEFORE_TLBI,
              DSB_BEFORE_TLBI,
              DSB_BEFORE_TLBI_TOO_NARROW,
              DSB_AFTER_TLBI,
              DSB_AFTER_TLBI_NOT_FOR_ALL,
              DSB_AFTER_TLBI_NXS,
              DSB_AFTER_TLBI_TOO_NARROW ->
              t -> t.regime() == place.regime() && (stage2 ? t.ipas() : t.vas());
        };
    return last(since, which);
  }

  /** What a TLBI names and what was wrong with it, in a sentence. */
  static String words(Event tlbi, MissingStep missing, EntryPlace place, long old) {
    TlbiScope scope = scope(tlbi);
    String what =
        missing == MissingStep.OTHER_ADDRESS
            ? TlbiOperand.mistake(scope, place, old)
            : missing.words();
    return "The TLBI "
        + scope.title()
        + " of "
        + Report.when(tlbi)
        + " names "
        + scope.words()
        + ": "
        + what
        + ".";
  }
}
