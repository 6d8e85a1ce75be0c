package dev.stagewalk.trace;

import java.util.ArrayList;
import java.util.List;

/** Counts what was not understood and keeps the first ten to show. */
final class UnreadLines {
  private static final int SHOWN = 10;
  private static final int WIDTH = 160;

  private final List<String> first = new ArrayList<>();
  private long count;

  void add(long line, String text) {
    addWords("line " + line + ": " + shortened(text));
  }

  void addWords(String words) {
    count++;
    if (first.size() < SHOWN) {
      first.add(words);
    }
  }

  long count() {
    return count;
  }

  Trace.Unread report() {
    return new Trace.Unread(count, List.copyOf(first));
  }

  /** A line as it can be shown: control characters as dots, the end cut. */
  private static String shortened(String text) {
    String printable = text.strip().replaceAll("\\p{Cntrl}|\ufffd", "·");
    return printable.length() > WIDTH ? printable.substring(0, WIDTH) + "…" : printable;
  }
}
