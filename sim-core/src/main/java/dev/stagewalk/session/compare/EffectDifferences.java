package dev.stagewalk.session.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gathers what translates differently, in order of input addresses, joined where it goes on. */
final class EffectDifferences {
  /** Ranges that are kept; of the others only the number. */
  static final int MOST = 1000;

  private final List<EffectDifference> found = new ArrayList<>();
  private @Nullable EffectDifference open;
  private long ranges;
  private long changes;
  private long onlyFirst;
  private long onlySecond;
  private long both;

  /** A stretch that a leaf, or leaves that go on from each other, translate. */
  record Mapped(long input, long bytes, Effect effect) {

    /** This and another behind it as one; null where they do not go on from each other. */
    @Nullable Mapped with(Mapped next) {
      return next.input == input + bytes && next.effect.equals(effect.plus(bytes))
          ? new Mapped(input, bytes + next.bytes, effect)
          : null;
    }
  }

  /** Adds a stretch behind others, joined to the last if it goes on from that. */
  static void append(List<Mapped> to, Mapped next) {
    Mapped joined = to.isEmpty() ? null : to.getLast().with(next);
    if (joined == null) {
      to.add(next);
    } else {
      to.set(to.size() - 1, joined);
    }
  }

  /** How often something was found that translates differently, joined or not. */
  long changes() {
    return changes;
  }

  /** Compares what two moments make of a range; the stretches are in order. */
  void compare(long input, long bytes, List<Mapped> first, List<Mapped> second) {
    long at = 0;
    int a = 0;
    int b = 0;
    while (Long.compareUnsigned(at, bytes) < 0) {
      a = passed(first, a, input, at);
      b = passed(second, b, input, at);
      long next = Math.min(border(first, a, input, at, bytes), border(second, b, input, at, bytes));
      compare(input + at, next - at, at(first, a, input + at), at(second, b, input + at));
      at = next;
    }
  }

  /** Compares what two moments make of a range that each translates as one or not at all. */
  void compare(long input, long bytes, @Nullable Effect first, @Nullable Effect second) {
    if (Objects.equals(first, second)) {
      return;
    }
    changes++;
    if (first == null) {
      onlySecond += bytes;
    } else if (second == null) {
      onlyFirst += bytes;
    } else {
      both += bytes;
    }
    EffectDifference last = open;
    if (last != null
        && input == last.input() + last.bytes()
        && goesOn(last.first(), last.bytes(), first)
        && goesOn(last.second(), last.bytes(), second)) {
      open = new EffectDifference(last.input(), last.bytes() + bytes, last.first(), last.second());
      return;
    }
    close();
    open = new EffectDifference(input, bytes, first, second);
  }

  private void close() {
    EffectDifference last = open;
    open = null;
    if (last != null) {
      ranges++;
      if (found.size() < MOST) {
        found.add(last);
      }
    }
  }

  /** What was found. */
  Effects done() {
    close();
    return new Effects(List.copyOf(found), ranges, onlyFirst, onlySecond, both);
  }

  private static boolean goesOn(@Nullable Effect begin, long bytes, @Nullable Effect next) {
    return begin == null ? next == null : next != null && begin.plus(bytes).equals(next);
  }

  private static int passed(List<Mapped> list, int from, long input, long at) {
    int next = from;
    while (next < list.size() && list.get(next).input() + list.get(next).bytes() - input <= at) {
      next++;
    }
    return next;
  }

  /** Where the stretch that covers a place ends, or the next begins. */
  private static long border(List<Mapped> list, int index, long input, long at, long bytes) {
    if (index >= list.size()) {
      return bytes;
    }
    Mapped mapped = list.get(index);
    long begin = mapped.input() - input;
    return begin > at ? begin : Math.min(bytes, begin + mapped.bytes());
  }

  private static @Nullable Effect at(List<Mapped> list, int index, long input) {
    if (index >= list.size()) {
      return null;
    }
    Mapped mapped = list.get(index);
    long offset = input - mapped.input();
    return offset >= 0 && offset < mapped.bytes() ? mapped.effect().plus(offset) : null;
  }
}
