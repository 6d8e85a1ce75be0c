package dev.stagewalk.trace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The lines of a member that are events, made when they are asked for. */
final class MemberLines {
  private static final byte[] EVENT = "{\"seq\"".getBytes(StandardCharsets.UTF_8);

  private final byte[] raw;

  /** Where each begins. */
  private final int[] begins;

  MemberLines(byte[] raw) {
    this.raw = raw;
    int[] found = new int[RecordingWriter.MOST_LINES];
    int count = 0;
    for (int at = 0; at < raw.length; at = end(at) + 1) {
      int last = Math.min(raw.length, at + EVENT.length);
      if (Arrays.equals(raw, at, last, EVENT, 0, EVENT.length)) {
        if (count == found.length) {
          found = Arrays.copyOf(found, 2 * count);
        }
        found[count++] = at;
      }
    }
    begins = Arrays.copyOf(found, count);
  }

  private int end(int begin) {
    int at = begin;
    while (at < raw.length && raw[at] != '\n') {
      at++;
    }
    return at;
  }

  /** How many events there are. */
  int events() {
    return begins.length;
  }

  /** The line of one, by its place in the member. */
  String event(int place) {
    int begin = begins[place];
    return new String(raw, begin, end(begin) - begin, StandardCharsets.UTF_8);
  }
}
