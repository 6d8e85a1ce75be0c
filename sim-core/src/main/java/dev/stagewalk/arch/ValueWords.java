package dev.stagewalk.arch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words for the values of a field. Every value has words: the rest has common ones. */
record ValueWords(List<Entry> entries, @Nullable String rest) {
  ValueWords {
    entries = List.copyOf(entries);
  }

  /** The values from {@code first} to {@code last}. */
  record Entry(long first, long last, String words) {}

  String of(long value) {
    for (Entry entry : entries) {
      if (entry.first() <= value && value <= entry.last()) {
        return entry.words();
      }
    }
    return rest == null ? "" : rest;
  }

  boolean isReserved(long value) {
    return of(value).startsWith("reserved");
  }

  /** Why these words do not fit a field of this width; null when they do. */
  @Nullable String flaw(int width) {
    long max = Bits.mask(width);
    long covered = 0;
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (entry.last() > max) {
        return Bits.hex(entry.last()) + " does not fit a field of " + width + " bits";
      }
      for (Entry earlier : entries.subList(0, i)) {
        if (entry.first() <= earlier.last() && earlier.first() <= entry.last()) {
          return "value " + Bits.hex(entry.first()) + " is given words twice";
        }
      }
      covered += entry.last() - entry.first() + 1;
    }
    boolean all = covered == max + 1;
    if (!all && rest == null) {
      return covered + " of " + (max + 1) + " values have words and there is no 'rest'";
    }
    if (all && rest != null) {
      return "every value has words already, 'rest' is never reached";
    }
    return null;
  }
}
