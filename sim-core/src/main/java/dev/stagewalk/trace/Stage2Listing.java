package dev.stagewalk.trace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the kernel's {@code stage2_page_tables}. It says ranges of IPAs, their level and
 * attributes; it does not say output addresses, memory types or shareability.
 */
final class Stage2Listing {
  private static final Pattern RANGE =
      Pattern.compile(
          "^0x(\\p{XDigit}{16})-0x(\\p{XDigit}{16}) +(\\d+)([KMGTPE]) (-?\\d)((?: .*)?)$");
  private static final Pattern BETWEEN = Pattern.compile("^(?:\\s*|---\\[ .* \\]---\\s*)$");

  private static final int MOST_ODD = 10;

  private Stage2Listing() {}

  static Trace read(String file, TraceLines lines, long room) throws IOException {
    TraceEvents events = new TraceEvents();
    UnreadLines unread = new UnreadLines();
    List<String> remarks = new ArrayList<>();
    long odd = 0;
    long expected = 0;
    for (String line = lines.read(); line != null; line = lines.read()) {
      if (events.exceed(room)) {
        remarks.add(events.leftOut(room));
        break;
      }
      Matcher m = RANGE.matcher(line);
      if (BETWEEN.matcher(line).matches()) {
        continue;
      }
      if (!m.matches()) {
        unread.add(lines.number(), line);
        continue;
      }
      long from = Long.parseUnsignedLong(m.group(1), 16);
      long to = Long.parseUnsignedLong(m.group(2), 16);
      if (Long.compareUnsigned(to, from) <= 0 || from != expected) {
        if (odd++ < MOST_ODD) {
          remarks.add(
              "line %d does not go on where the line before it ends (0x%x)"
                  .formatted(lines.number(), expected));
        }
      }
      expected = to;
      String attributes = m.group(6).strip().replaceAll("\\s+", ",");
      events.add(
          new TraceEvent(
              0,
              lines.number(),
              TraceEvent.UNKNOWN,
              -1,
              -1,
              -1,
              "",
              attributes.isEmpty() ? "hole" : "mapped",
              "ipa=0x%x end=0x%x level=%s%s"
                  .formatted(
                      from,
                      to,
                      m.group(5),
                      attributes.isEmpty() ? "" : " attributes=" + attributes)));
    }
    if (odd > MOST_ODD) {
      remarks.add("so it is with %,d more lines".formatted(odd - MOST_ODD));
    }
    remarks.add("this text says no output address and no memory type, so both are unknown");
    return new Trace(file, TraceKind.STAGE2_TABLES, events, List.of(), remarks, unread.report());
  }
}
