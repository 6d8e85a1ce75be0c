package dev.stagewalk.trace;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads Tarmac, the instruction trace of Arm's models and of gem5. Each line is one event, named by
 * the word that begins it: IT and IS (instructions), R (registers), MR and MW (memory), E
 * (exceptions) and others. A line without a time belongs to the one before it. The registers that
 * an exception writes are lines of their own behind it; the exception is told with them.
 */
final class Tarmac {
  private static final String EVENT =
      "(?<name>I[TS]|ES|EXC|R|M[A-Z]*\\d+[A-Z_]*|[RW]\\d+|LD|ST|BR|E|CADI|SIGNAL|TTW|CACHE"
          + "|CCFAIL|HTM|PROTO|INFO_\\w+|DBG\\w*|BRANCH_\\w+|EVENT\\w*)";
  private static final Pattern TIMED =
      Pattern.compile(
          "^\\s*(?<time>\\d{1,19})\\s*(?<unit>clk|tic|cyc|cs|ps|ns|us)\\s+(?:cpu(?<cpu>\\d{1,6})\\s+)?"
              + EVENT
              + ":?(?:\\s+(?<body>.*))?$");
  private static final Pattern UNTIMED =
      Pattern.compile("^\\s*(?:cpu(?<cpu>\\d{1,6})\\s+)?" + EVENT + ":?(?:\\s+(?<body>.*))?$");
  private static final Pattern BETWEEN = Pattern.compile("^(?:#.*|\\s*|Tarmac Text Rev .*)$");

  private final TraceEvents events = new TraceEvents();
  private final Set<String> remarks = new LinkedHashSet<>();
  private final UnreadLines unread = new UnreadLines();
  private final Set<String> units = new LinkedHashSet<>();
  private final TarmacException exception = new TarmacException();
  private long time = TraceEvent.UNKNOWN;
  private int cpu = -1;

  /** Whether a line is certainly Tarmac: it has a time with a unit, or it is the banner. */
  static boolean isLine(String line) {
    return TIMED.matcher(line).matches() || line.startsWith("Tarmac Text Rev ");
  }

  Trace read(String file, TraceLines lines, long room) throws IOException {
    for (String line = lines.read(); line != null; line = lines.read()) {
      if (events.exceed(room)) {
        remarks.add(events.leftOut(room));
        break;
      }
      take(line, lines.number());
    }
    exception.end(events);
    if (units.size() > 1) {
      remarks.add(
          "the lines use several units of time ("
              + String.join(", ", units)
              + "): their order is that of the file");
    }
    return new Trace(
        file, TraceKind.TARMAC, events, List.of(), List.copyOf(remarks), unread.report());
  }

  private void take(String line, long number) {
    if (BETWEEN.matcher(line).matches()) {
      return;
    }
    Matcher m = TIMED.matcher(line);
    if (m.matches()) {
      units.add(m.group("unit"));
      time = nanos(m.group("time"), m.group("unit"));
    } else {
      m = UNTIMED.matcher(line);
      if (!m.matches()) {
        unread.add(number, line);
        return;
      }
    }
    @Nullable String named = m.group("cpu");
    if (named != null) {
      cpu = Integer.parseInt(named);
    }
    @Nullable String body = m.group("body");
    exception.take(
        new TraceEvent(
            0, number, time, cpu, -1, -1, "", m.group("name"), body == null ? "" : body.strip()),
        events);
  }

  /** Nanoseconds; a clock whose rate the trace does not say counts as one nanosecond a tick. */
  private long nanos(String digits, String unit) {
    try {
      long value = Long.parseLong(digits);
      return switch (unit) {
        case "ps" -> value / 1000;
        case "us" -> Math.multiplyExact(value, 1000L);
        case "cs" -> Math.multiplyExact(value, 10_000_000L);
        case "ns" -> value;
        default -> {
          remarks.add(
              "times in "
                  + unit
                  + " are ticks of a clock whose rate is unknown; a tick is shown as 1 ns");
          yield value;
        }
      };
    } catch (NumberFormatException | ArithmeticException e) {
      return TraceEvent.UNKNOWN;
    }
  }
}
