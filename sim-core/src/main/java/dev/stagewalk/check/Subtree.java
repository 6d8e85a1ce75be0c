package dev.stagewalk.check;

import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.mmu.EntryChange;
import dev.stagewalk.mmu.EntryFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What stands below a descriptor of a table, in memory as it is now.
 *
 * @param table where the descriptor stands
 * @param memory reads a word; 0 where there is none
 */
record Subtree(TableUse table, LongUnaryOperator memory) {

  /** Leaves after which the whole range counts as mapped. */
  private static final int MOST_LEAVES = 1 << 12;

  /** Tables after which it does too; of those that name themselves there is no end. */
  private static final int MOST_TABLES = 1 << 11;

  /** Ranges that the leaves below a descriptor translate; none if it is no table descriptor. */
  List<Span> leaves(long at, long descriptor) {
    List<Span> found = new ArrayList<>();
    EntryFormat format = table.format();
    if (format.kind(descriptor) == Verdict.TABLE) {
      EntryPlace place = table.place(at);
      long input = EntryPlace.comparable(place.input());
      long below = next(format.output(descriptor));
      int left = collect(below, table.level() + 1, input, found, MOST_TABLES);
      if (found.size() >= MOST_LEAVES || left < 0) {
        return List.of(new Span(input, place.bytes(), format.granule().shift(), Span.MIXED));
      }
    }
    return found;
  }

  private long next(long address) {
    return table.tree().pa(address, memory::applyAsLong);
  }

  /**
   * @param tables how many more tables may be looked at
   * @return what is left of that, negative if it was not enough
   */
  private int collect(long base, int level, long input, List<Span> found, int tables) {
    int left = tables - 1;
    if (base < 0 || left < 0) {
      return left;
    }
    EntryFormat format = table.tree().format(level);
    for (int i = 0;
        i < format.granule().entries() && found.size() < MOST_LEAVES && left >= 0;
        i++) {
      long descriptor = memory.applyAsLong(base + 8L * i);
      long from = input + ((long) i << format.shift());
      if (format.kind(descriptor) == Verdict.TABLE) {
        left = collect(next(format.output(descriptor)), level + 1, from, found, left);
      } else if (format.mayBeCached(descriptor)) {
        add(found, from, format.shift(), level);
      }
    }
    return left;
  }

  private static void add(List<Span> found, long from, int shift, int level) {
    long bytes = 1L << shift;
    if (!found.isEmpty()) {
      Span last = found.getLast();
      if (last.first() + last.bytes() == from && last.level() == level) {
        found.set(found.size() - 1, new Span(last.first(), last.bytes() + bytes, shift, level));
        return;
      }
    }
    found.add(new Span(from, bytes, shift, level));
  }

  /**
   * What it takes to have a new value of a descriptor beside a held one, which covers the same
   * addresses or some of them; null if they share none.
   */
  @Nullable EntryChange against(
      Held held, EntryPlace place, long value, EntryChange.Contents contents) {
    EntryFormat format = table.format();
    if (held.place().level() == place.level()) {
      return EntryChange.between(format, held.value(), value, contents);
    }
    if (held.place().level() < place.level() || held.isTable()) {
      return null;
    }
    if (format.kind(value) != Verdict.TABLE) {
      return EntryChange.merge(format, value);
    }
    long base = next(format.output(value));
    for (int level = place.level() + 1; base >= 0; level++) {
      EntryFormat here = table.tree().format(level);
      long index = held.place().input() >>> here.shift() & here.granule().entries() - 1;
      long descriptor = memory.applyAsLong(base + 8L * index);
      if (!here.mayBeCached(descriptor)) {
        return null;
      }
      if (level == held.place().level()) {
        return EntryChange.between(held.format(), held.value(), descriptor, contents);
      }
      if (here.kind(descriptor) != Verdict.TABLE) {
        return EntryChange.merge(here, descriptor);
      }
      base = next(here.output(descriptor));
    }
    return null;
  }
}
