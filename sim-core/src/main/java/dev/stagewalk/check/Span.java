package dev.stagewalk.check;

import java.util.ArrayList;
import java.util.List;

/**
 * A range of input addresses, in the bits that a TLBI can name.
 *
 * @param first first address
 * @param bytes at least 1
 */
record Span(long first, long bytes) {

  /** What is left of ranges without another. */
  static List<Span> without(List<Span> spans, long first, long bytes) {
    List<Span> left = new ArrayList<>();
    long from = EntryPlace.comparable(first);
    long to = from + bytes;
    for (Span span : spans) {
      long end = span.first + span.bytes;
      if (to <= span.first || end <= from) {
        left.add(span);
        continue;
      }
      if (span.first < from) {
        left.add(new Span(span.first, from - span.first));
      }
      if (to < end) {
        left.add(new Span(to, end - to));
      }
    }
    return left;
  }
}
