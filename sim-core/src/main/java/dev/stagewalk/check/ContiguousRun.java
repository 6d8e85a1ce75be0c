package dev.stagewalk.check;

import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.mmu.EntryFormat;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The entries that a Contiguous bit joins. A TLB may hold all of them as one entry once it has read
 * one, so those that are valid must have the bit too, the same attributes, and outputs that follow
 * each other.
 *
 * <p>Source: Arm ARM, "The Contiguous bit".
 *
 * @param table where they stand
 * @param memory reads a word; 0 where there is none
 * @param mayHold whether a TLB may hold what stands at an address
 */
record ContiguousRun(TableUse table, LongUnaryOperator memory, LongPredicate mayHold) {

  /** An entry that a TLB may hold and that does not go with a new one; null if there is none. */
  @Nullable EntryPlace misfit(long at, long value) {
    EntryFormat format = table.format();
    Verdict kind = format.kind(value);
    int size = format.contiguousEntries();
    if (size < 2 || (kind != Verdict.BLOCK && kind != Verdict.PAGE) || !format.mayBeCached(value)) {
      return null;
    }
    int index = (int) ((at - table.base()) / 8);
    int first = index & -size;
    for (int i = first; i < Math.min(first + size, table.entries()); i++) {
      long other = table.base() + 8L * i;
      long beside = i == index ? 0 : memory.applyAsLong(other);
      if (format.mayBeCached(beside)
          && mayHold.test(other)
          && !format.goesBeside(value, beside, i - index)) {
        return table.place(other);
      }
    }
    return null;
  }
}
