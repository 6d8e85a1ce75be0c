package dev.stagewalk.check;

import dev.stagewalk.event.TlbiScope;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of input addresses, in the bits that a TLBI can name, that leaves of one level translate.
 *
 * @param first first address
 * @param bytes at least 1
 * @param shift log2 of the bytes that one leaf covers: an address anywhere in it names all of it
 * @param level level of the leaves; {@link #MIXED} if they are of several
 */
record Span(long first, long bytes, int shift, int level) {
  /** Leaves of several levels. */
  static final int MIXED = -3;

  /** Whether a TLBI names addresses of one of these, but a level that its leaves are not of. */
  static boolean refuses(List<Span> spans, TlbiScope tlbi) {
    long from = EntryPlace.comparable(tlbi.first());
    return spans.stream().anyMatch(s -> s.meets(from, from + tlbi.bytes()) && !s.isOf(tlbi));
  }

  /** What is left of ranges once what a TLBI is sure to remove has gone. */
  static List<Span> without(List<Span> spans, TlbiScope tlbi) {
    List<Span> left = new ArrayList<>();
    for (Span span : spans) {
      long unit = 1L << span.shift;
      long from = EntryPlace.comparable(tlbi.first()) & -unit;
      long to = EntryPlace.comparable(tlbi.first()) + tlbi.bytes() + unit - 1 & -unit;
      long end = span.first + span.bytes;
      if (!span.meets(from, to) || !span.isOf(tlbi)) {
        left.add(span);
        continue;
      }
      if (span.first < from) {
        left.add(new Span(span.first, from - span.first, span.shift, span.level));
      }
      if (to < end) {
        left.add(new Span(to, end - to, span.shift, span.level));
      }
    }
    return left;
  }

  private boolean meets(long from, long to) {
    return from < first + bytes && first < to;
  }

  private boolean isOf(TlbiScope tlbi) {
    return tlbi.hint() == TlbiScope.NO_HINT || tlbi.hint() == level;
  }
}
