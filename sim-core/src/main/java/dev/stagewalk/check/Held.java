package dev.stagewalk.check;

import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.mmu.EntryFormat;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value that stands in a descriptor no more, but that TLBs may hold still; and how far its
 * invalidation has come.
 *
 * <p>Source: Arm ARM, "TLB maintenance"; "Ordering and completion of TLB maintenance instructions".
 */
final class Held {

  /** The kinds of copies that must go. */
  enum Part {
    /** Of the entry itself: a leaf, or a table descriptor in a walk cache. */
    ENTRY,
    /** Of the leaves below a table descriptor. */
    BELOW,
    /** Of stage 1 and stage 2 in one. */
    COMBINED
  }

  private record Key(Holder holder, Part part) {}

  private enum State {
    NEEDED,
    ISSUED,
    DONE
  }

  /**
   * @param tlbi the TLBI that covered it, once issued
   * @param issuer PE that executed it
   * @param failure why no TLBI, or no DSB, has sufficed so far
   * @param left addresses that no TLBI has named yet, of {@link Part#BELOW}
   */
  private record Progress(
      State state,
      @Nullable TlbiScope tlbi,
      int issuer,
      @Nullable MissingStep failure,
      List<Span> left) {

    Progress failed(MissingStep step, List<Span> stillLeft) {
      return new Progress(
          state, tlbi, issuer, failure == null ? step : failure.nearer(step), stillLeft);
    }
  }

  private final EntryPlace place;
  private final EntryFormat format;
  private final long value;
  private final int storer;
  private final Map<Key, Progress> parts = new LinkedHashMap<>();
  private @Nullable Domain visible;

  /**
   * @param value what the descriptor was
   * @param storer PE that stored something else
   * @param below ranges that leaves below it translate; empty for a leaf
   * @param combined whether stage 1 was in use over this stage 2
   */
  Held(
      EntryPlace place,
      EntryFormat format,
      long value,
      int storer,
      Collection<Holder> holders,
      List<Span> below,
      boolean combined) {
    this.place = place;
    this.format = format;
    this.value = value;
    this.storer = storer;
    for (Holder holder : holders) {
      need(holder, Part.ENTRY, List.of());
      if (!below.isEmpty()) {
        need(holder, Part.BELOW, below);
      }
      if (combined) {
        need(holder, Part.COMBINED, List.of());
      }
    }
  }

  private Held(Held other) {
    this.place = other.place;
    this.format = other.format;
    this.value = other.value;
    this.storer = other.storer;
    this.visible = other.visible;
    this.parts.putAll(other.parts);
  }

  Held copy() {
    return new Held(this);
  }

  private void need(Holder holder, Part part, List<Span> left) {
    parts.put(new Key(holder, part), new Progress(State.NEEDED, null, -1, null, left));
  }

  EntryPlace place() {
    return place;
  }

  EntryFormat format() {
    return format;
  }

  long value() {
    return value;
  }

  boolean isTable() {
    return format.kind(value) == Verdict.TABLE;
  }

  boolean isDone() {
    return parts.values().stream().allMatch(p -> p.state == State.DONE);
  }

  /** Something else stands in the descriptor; before a DSB, a walker need not see that. */
  private boolean visibleTo(int pe) {
    Domain domain = visible;
    return domain != null && (pe == storer || domain.covers(Domain.INNER_SHAREABLE));
  }

  /**
   * A TLBI was executed.
   *
   * @param doubt why it may not have done what it says; null if it has
   */
  void invalidated(TlbiScope tlbi, int pe, @Nullable MissingStep doubt) {
    for (Map.Entry<Key, Progress> part : parts.entrySet()) {
      Progress now = part.getValue();
      if (now.state != State.DONE) {
        part.setValue(next(part.getKey(), now, tlbi, pe, doubt));
      }
    }
  }

  private Progress next(
      Key key, Progress now, TlbiScope tlbi, int pe, @Nullable MissingStep doubt) {
    Holder holder = key.holder;
    MissingStep failure = Coverage.ofTags(tlbi, pe, holder, place, global());
    List<Span> left = now.left;
    if (failure == null) {
      failure =
          switch (key.part) {
            case ENTRY -> Coverage.ofEntry(tlbi, place, format, isTable());
            case BELOW -> Coverage.ofLeaves(tlbi, place.stage(), format);
            case COMBINED -> Coverage.ofCombined(tlbi);
          };
    }
    if (failure == null && !visibleTo(holder.pe())) {
      failure =
          visible == null ? MissingStep.DSB_BEFORE_TLBI : MissingStep.DSB_BEFORE_TLBI_TOO_NARROW;
    }
    if (failure == null) {
      failure = doubt;
    }
    if (failure == null && key.part == Part.COMBINED) {
      failure = afterStage2(holder, tlbi);
    }
    if (failure == null && key.part == Part.BELOW && !tlbi.everyAddress()) {
      failure = Span.refuses(left, tlbi) ? MissingStep.WRONG_LEVEL : MissingStep.OTHER_ADDRESS;
      left = Span.without(left, tlbi);
      failure = left.isEmpty() ? null : failure;
    }
    return failure == null
        ? new Progress(State.ISSUED, tlbi, pe, null, left)
        : now.failed(failure, left);
  }

  private boolean global() {
    return !isTable() && format.isGlobal(value);
  }

  /** Combined entries can be made again from stage-2 entries that are still there. */
  private @Nullable MissingStep afterStage2(Holder holder, TlbiScope tlbi) {
    if (tlbi.ipas()) {
      return null;
    }
    MissingStep failure = null;
    for (Part part : new Part[] {Part.ENTRY, Part.BELOW}) {
      Progress other = parts.get(new Key(holder, part));
      if (other != null && other.state == State.ISSUED) {
        failure = MissingStep.DSB_BETWEEN_TLBIS;
      } else if (other != null && other.state == State.NEEDED) {
        return MissingStep.COMBINED_TOO_EARLY;
      }
    }
    return failure;
  }

  /** A barrier was executed. */
  void ordered(Barrier barrier, int pe) {
    if (barrier.kind() != Barrier.Kind.DSB) {
      return;
    }
    Domain before = visible;
    if (pe == storer
        && barrier.completesStores()
        && (before == null || barrier.domain().covers(before))) {
      visible = barrier.domain();
    }
    for (Map.Entry<Key, Progress> part : parts.entrySet()) {
      Progress now = part.getValue();
      TlbiScope tlbi = now.tlbi;
      if (now.state != State.ISSUED || tlbi == null || now.issuer != pe) {
        continue;
      }
      if (barrier.completes(tlbi)) {
        part.setValue(new Progress(State.DONE, tlbi, pe, null, List.of()));
      } else {
        part.setValue(now.failed(incomplete(barrier, tlbi), now.left));
      }
    }
  }

  /** Why a DSB has not completed a TLBI. */
  private static MissingStep incomplete(Barrier barrier, TlbiScope tlbi) {
    if (barrier.types() != Barrier.Types.ALL) {
      return MissingStep.DSB_AFTER_TLBI_NOT_FOR_ALL;
    }
    return barrier.domain().covers(tlbi.domain())
        ? MissingStep.DSB_AFTER_TLBI_NXS
        : MissingStep.DSB_AFTER_TLBI_TOO_NARROW;
  }

  /** What its invalidation lacks; it is not {@link #isDone}. */
  MissingStep missing() {
    for (Progress part : parts.values()) {
      if (part.state != State.DONE) {
        MissingStep otherwise =
            part.state == State.ISSUED ? MissingStep.DSB_AFTER_TLBI : MissingStep.TLBI;
        MissingStep failure = part.failure;
        return failure == null ? otherwise : failure;
      }
    }
    throw new IllegalStateException("nothing is missing");
  }
}
