package dev.stagewalk.trace;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The forms in which a line of a Linux trace names thread, CPU, time and event. The trace options
 * of the one who recorded decide which.
 */
enum KvmLine {
  /** tracefs {@code trace} and {@code trace_pipe}; {@code trace-cmd report} and its -R. */
  FTRACE(
      "^\\s*(?<task>\\S.{0,15}?)-(?<thread>\\d+)\\s+(?:\\(\\s*(?<process>\\d+|-+)\\)\\s+)?"
          + "\\[(?<cpu>\\d+)\\]\\s+(?:[^\\s\\d]\\S{2,6}\\s+)?(?<time>\\d+(?:\\.\\d+)?):"
          + "\\s+(?<name>\\w+):\\s*(?<body>.*)$"),
  /** {@code trace-cmd report -t -l}. */
  LATENCY(
      "^\\s*(?<task>\\S.{0,15}?)-(?<thread>\\d+)\\s+(?<cpu>\\d+)[^\\s\\d]\\S{2,6}\\s+"
          + "(?<time>\\d+\\.\\d+):\\s+(?<name>\\w+):\\s*(?<body>.*)$"),
  /** {@code perf script}. */
  PERF(
      "^\\s*(?<task>\\S.{0,15}?)\\s+(?:(?<process>\\d+)/)?(?<thread>\\d+)\\s+\\[(?<cpu>\\d+)\\]\\s+"
          + "(?<time>\\d+\\.\\d+):\\s+(?:\\d+\\s+)?\\w+:(?<name>\\w+):\\s*(?<body>.*)$"),
  /** {@code perf trace}: times in milliseconds since it began. */
  PERF_TRACE(
      "^\\s*(?<time>\\d+\\.\\d+)\\s+(?:\\(.*?\\):\\s+)?(?<task>\\S.{0,15}?)/(?<thread>\\d+)\\s+"
          + "\\w+:(?<name>\\w+)\\((?<body>.*)\\)$"),
  /** The trace option {@code raw}: the event is the number the running kernel gave it. */
  RAW("^\\s*(?<thread>\\d+) (?<cpu>\\d+) (?<time>\\d+) (?<name>type: \\d+)(?<body>.*)$"),
  /** Without the trace option {@code context-info}: the event and nothing around it. */
  BARE("^(?<name>(?:kvm|vgic|trap_reg|hyp_)\\w*): (?<body>.*)$");

  private final Pattern pattern;
  private final List<String> groups;

  KvmLine(String regex) {
    pattern = Pattern.compile(regex);
    groups = List.copyOf(pattern.namedGroups().keySet());
  }

  /**
   * Reads a line of this form.
   *
   * @param number of the line
   * @return empty if it has another form
   */
  Optional<TraceEvent> read(String line, long number) {
    Matcher m = pattern.matcher(line);
    if (!m.matches()) {
      return Optional.empty();
    }
    try {
      String name = group(m, "name").orElse("");
      return Optional.of(
          new TraceEvent(
              0,
              number,
              group(m, "time").map(this::nanos).orElse(TraceEvent.UNKNOWN),
              group(m, "cpu").map(Integer::parseInt).orElse(-1),
              group(m, "thread").map(Integer::parseInt).orElse(-1),
              group(m, "process").filter(p -> p.charAt(0) != '-').map(Integer::parseInt).orElse(-1),
              group(m, "task").orElse(""),
              this == RAW ? name.replace(":", "") : name,
              group(m, "body").orElse("").stripTrailing()));
    } catch (NumberFormatException e) {
      return Optional.empty(); // more digits than a thread, a CPU or a time can have
    }
  }

  private Optional<String> group(Matcher m, String name) {
    @Nullable String found = groups.contains(name) ? m.group(name) : null;
    return Optional.ofNullable(found);
  }

  private long nanos(String text) {
    return switch (this) {
      case RAW -> Long.parseLong(text);
      case PERF_TRACE -> scaled(text, 6);
      case FTRACE, LATENCY, PERF, BARE -> scaled(text, 9);
    };
  }

  /** A decimal number times ten to the power of some places, exactly; further digits are cut. */
  private static long scaled(String text, int places) {
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    String fraction = point < 0 ? "" : text.substring(point + 1);
    if (point < 0 && places == 9) {
      return Long.parseLong(whole); // a counter such as trace_clock=counter or x86-tsc: no unit
    }
    StringBuilder digits = new StringBuilder(whole);
    for (int place = 0; place < places; place++) {
      digits.append(place < fraction.length() ? fraction.charAt(place) : '0');
    }
    return Long.parseLong(digits.toString());
  }
}
