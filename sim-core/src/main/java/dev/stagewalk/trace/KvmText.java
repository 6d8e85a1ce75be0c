package dev.stagewalk.trace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text of tracefs, trace-cmd report, perf script and perf trace. */
final class KvmText {
  private static final Pattern LOST = Pattern.compile("^CPU:(\\d+) \\[LOST (\\d+) EVENTS\\]$");
  private static final Pattern DROPPED =
      Pattern.compile("^\\s*CPU:(\\d+) \\[(?:(\\d+) )?EVENTS DROPPED\\]$");
  private static final Pattern HEADER =
      Pattern.compile("^# entries-in-buffer/entries-written: (\\d+)/(\\d+) .*$");

  /** Lines between the events that carry none: they are understood and say nothing of a guest. */
  private static final Pattern BETWEEN =
      Pattern.compile(
          "^(?:#.*|\\s*|cpus=\\d+|version = \\d+|CPU \\d+ is empty|##### CPU \\d+ buffer started"
              + " ####)$");

  /** Gaps that are told of one trace; more would be a file of nothing else. */
  private static final int MOST_GAPS = 1 << 20;

  private static final int MOST_REMARKS = 20;

  private final TraceKind kind;
  private final Map<Integer, String> names;
  private final TraceEvents events = new TraceEvents();
  private final List<Gap> gaps = new ArrayList<>();
  private final Set<String> remarks = new LinkedHashSet<>();
  private final UnreadLines unread = new UnreadLines();
  private KvmLine likely;

  /**
   * @param names of the events by the number the kernel gave them, for the trace option raw
   */
  KvmText(TraceKind kind, Map<Integer, String> names) {
    this.kind = kind;
    this.names = names;
    likely =
        switch (kind) {
          case PERF_SCRIPT -> KvmLine.PERF;
          case PERF_TRACE -> KvmLine.PERF_TRACE;
          default -> KvmLine.FTRACE;
        };
  }

  /** Reads to the end of the file, or until there is no more room; the remarks say which. */
  Trace read(String file, TraceLines lines, long room) throws IOException {
    for (String line = lines.read(); line != null; line = lines.read()) {
      if (events.exceed(room)) {
        remarks.add(events.leftOut(room));
        break;
      }
      take(line, lines.number());
    }
    if (kind == TraceKind.PERF_TRACE && events.size() > 0) {
      remarks.add(
          "perf trace leaves out fields that are zero and cuts pointers to 32 bits, so some values"
              + " are unknown here: perf script writes all of them");
    }
    return new Trace(file, kind, events, List.copyOf(gaps), List.copyOf(remarks), unread.report());
  }

  private void take(String line, long number) {
    Optional<TraceEvent> event = likely.read(line, number);
    if (event.isPresent()) {
      keep(event.get());
    } else if (!takeNotice(line, number)) {
      takeOtherForm(line, number);
    }
  }

  /** The form a file is in seldom changes; where it does, the new one is tried first from then. */
  private void takeOtherForm(String line, long number) {
    for (KvmLine form : Arrays.asList(KvmLine.values())) {
      Optional<TraceEvent> event = form.read(line, number);
      if (event.isPresent()) {
        if (form != KvmLine.BARE) {
          likely = form;
        }
        keep(event.get());
        return;
      }
    }
    unread.add(number, line);
  }

  private void keep(TraceEvent event) {
    if (!event.name().startsWith("type ")) {
      events.add(event);
      return;
    }
    @Nullable String name = names.get(Integer.parseInt(event.name().substring("type ".length())));
    if (name == null) {
      remarks.add(
          "the trace option raw writes numbers for the events, which differ from kernel to kernel:"
              + " give the text of events/kvm/*/format of that kernel with --formats");
    }
    events.add(
        new TraceEvent(
            0,
            event.line(),
            event.nanos(),
            event.cpu(),
            event.thread(),
            event.process(),
            event.task(),
            name == null ? event.name() : name,
            event.body()));
  }

  private boolean takeNotice(String line, long number) {
    if (BETWEEN.matcher(line).matches()) {
      Matcher header = HEADER.matcher(line);
      if (header.matches()) {
        noteOverwriting(header.group(1), header.group(2));
      }
      return true;
    }
    Matcher lost = LOST.matcher(line);
    if (!lost.matches()) {
      lost = DROPPED.matcher(line);
      if (!lost.matches()) {
        return false;
      }
    }
    @Nullable String count = lost.group(2);
    try {
      if (gaps.size() >= MOST_GAPS) {
        remarks.add("of more than %,d gaps only so many are told".formatted(MOST_GAPS));
        return true;
      }
      gaps.add(
          new Gap(
              events.size(),
              number,
              Integer.parseInt(lost.group(1)),
              count == null ? -1 : Long.parseLong(count)));
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void noteOverwriting(String inBuffer, String written) {
    if (inBuffer.equals(written) || remarks.size() >= MOST_REMARKS) {
      return;
    }
    remarks.add(
        inBuffer.equals("0")
            ? "the header says that "
                + written
                + " events were written and none is in the buffer: they were read before (by"
                + " trace_pipe) or overwritten"
            : "the header says that of "
                + written
                + " events written "
                + inBuffer
                + " were still in the buffer: the earlier ones were overwritten");
  }
}
