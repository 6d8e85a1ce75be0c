package dev.stagewalk.session.compare;

import dev.stagewalk.event.Lookup.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers descriptors that differ; neighbours that changed alike become one. */
final class EntryGroups {
  /** Groups that are kept; of the others only the number. */
  static final int MOST = 1000;

  /** Levels of lookup, −1 to 3. */
  private static final int LEVELS = 5;

  private final List<Open> groups = new ArrayList<>();
  private final @Nullable Open[] open = new Open[LEVELS];
  private long count;
  private long descriptors;

  /** A group that neighbours may still join. */
  private static final class Open {
    private final EntryDifference begin;
    private long length = 1;
    private long lastFirst;
    private long lastSecond;
    private long firstBelow;
    private long secondBelow;

    Open(EntryDifference begin) {
      this.begin = begin;
      lastFirst = begin.first();
      lastSecond = begin.second();
      firstBelow = begin.firstBelow();
      secondBelow = begin.secondBelow();
    }

    EntryDifference done() {
      return new EntryDifference(
          begin.place(),
          begin.firstPa(),
          begin.secondPa(),
          length,
          begin.first(),
          begin.second(),
          begin.firstWords(),
          begin.secondWords(),
          firstBelow,
          secondBelow,
          begin.sameEffect());
    }
  }

  /** Whether a descriptor that differs in such a way goes on with the group before it. */
  boolean join(EntryDifference next, Meaning first, Meaning second) {
    descriptors += next.count();
    int slot = next.place().level() + 1;
    Open group = open[slot];
    if (group == null || !alike(group, next, first, second)) {
      return false;
    }
    group.length++;
    group.lastFirst = next.first();
    group.lastSecond = next.second();
    group.firstBelow += next.firstBelow();
    group.secondBelow += next.secondBelow();
    return true;
  }

  /** Begins a group with a descriptor that joins none. */
  void begin(EntryDifference next) {
    Open group = new Open(next);
    open[next.place().level() + 1] = group;
    count++;
    if (groups.size() < MOST) {
      groups.add(group);
    }
  }

  private static boolean alike(Open group, EntryDifference next, Meaning first, Meaning second) {
    EntryDifference begin = group.begin;
    if (next.place().input() != begin.place().input() + group.length * begin.place().bytes()
        || next.sameEffect() != begin.sameEffect()
        || !first.sameButAddress(group.lastFirst, next.first())
        || !second.sameButAddress(group.lastSecond, next.second())) {
      return false;
    }
    if (first.kind(next.first()) == Verdict.TABLE && second.kind(next.second()) == Verdict.TABLE) {
      return true; // where tables lie says nothing to people: what is in them is compared
    }
    return goesOn(first, group.lastFirst, next.first())
        && goesOn(second, group.lastSecond, next.second());
  }

  private static boolean goesOn(Meaning meaning, long last, long next) {
    Verdict kind = meaning.kind(next);
    return switch (kind) {
      case PAGE, BLOCK ->
          meaning.format().output(next) - meaning.format().output(last)
              == 1L << meaning.format().shift();
      case TABLE -> true;
      case INVALID, REFUSED, EXTERNAL_ABORT, UNREACHED -> last == next;
    };
  }

  long count() {
    return count;
  }

  long descriptors() {
    return descriptors;
  }

  List<EntryDifference> done() {
    return groups.stream().map(Open::done).toList();
  }
}
