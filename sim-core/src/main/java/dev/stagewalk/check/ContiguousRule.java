package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.EntryFormat;
import dev.stagewalk.mmu.ExternalAbort;
import java.util.Optional;

/**
 * Whether the entries that a Contiguous bit joins go together.
 *
 * <p>Source: Arm ARM, "The Contiguous bit".
 */
final class ContiguousRule {
  private ContiguousRule() {}

  /**
   * Looks at the whole run of an entry that has the bit.
   *
   * @param base of the table
   * @param entries in it
   * @param index of the entry
   * @return what is wrong with it, in words; empty if nothing
   */
  static Optional<String> wrong(
      EntryFormat format, DescriptorReader reader, long base, int entries, int index) {
    int size = format.contiguousEntries();
    int first = index & -size;
    if (first + size > entries) {
      return Optional.of(
          "the Contiguous bit is set, but the table has "
              + entries
              + " entries, fewer than a run of "
              + size);
    }
    // An entry may be marked as used before its neighbours are.
    long leaf = format.withAccessFlag(read(reader, base + 8L * index));
    for (int i = first; i < first + size; i++) {
      if (i == index) {
        continue;
      }
      long other = read(reader, base + 8L * i);
      if (format.kind(other) == Verdict.INVALID) {
        return Optional.of(
            "entry "
                + index
                + " has the Contiguous bit, but entry "
                + i
                + " of its run "
                + run(first, size)
                + " is invalid ("
                + Hex.plain(other)
                + ")");
      }
      if (!format.contiguous(other)
          || !format.goesBeside(leaf, format.withAccessFlag(other), i - index)) {
        return Optional.of(
            "entry "
                + index
                + " ("
                + Hex.plain(leaf)
                + ") has the Contiguous bit, but entry "
                + i
                + " of its run "
                + run(first, size)
                + " does not continue it ("
                + Hex.plain(other)
                + ")");
      }
    }
    long bytes = (long) size << format.shift();
    long output = format.output(leaf) - ((long) (index - first) << format.shift());
    return (output & bytes - 1) == 0
        ? Optional.empty()
        : Optional.of(
            "the run "
                + run(first, size)
                + " maps from "
                + Hex.address(output)
                + ", which is not aligned to its "
                + Size.words(bytes));
  }

  private static String run(int first, int size) {
    return first + " to " + (first + size - 1);
  }

  private static long read(DescriptorReader reader, long at) {
    try {
      return reader.read(at);
    } catch (ExternalAbort _) {
      return 0;
    }
  }
}
