package dev.stagewalk.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Joins an exception of Tarmac with the syndrome that the lines behind it say: registers that are
 * written at the same time on the same CPU. The lines remain events of their own.
 */
final class TarmacException {
  /**
   * Lines that are looked at behind an exception: it writes five registers, and others may come.
   */
  private static final int MOST = 64;

  private static final Pattern REGISTER =
      Pattern.compile(
          "(?<name>ESR|FAR|HPFAR|ELR|SPSR)_EL(?<level>[123])"
              + " (?<value>\\p{XDigit}{1,16})(?:\\s.*)?");

  private final List<TraceEvent> behind = new ArrayList<>();
  private @Nullable TraceEvent exception;

  /** Takes the next event; it is added now, or with the exception that it belongs to. */
  void take(TraceEvent event, TraceEvents into) {
    TraceEvent open = exception;
    if (open != null
        && event.name().equals("R")
        && event.nanos() == open.nanos()
        && event.cpu() == open.cpu()
        && behind.size() < MOST) {
      behind.add(event);
      return;
    }
    end(into);
    if (event.name().equals("E") || event.name().equals("EXC")) {
      exception = event;
    } else {
      into.add(event);
    }
  }

  /** Nothing more belongs to the exception that is open. */
  void end(TraceEvents into) {
    TraceEvent open = exception;
    if (open == null) {
      return;
    }
    exception = null;
    into.add(joined(open));
    behind.forEach(into::add);
    behind.clear();
  }

  private TraceEvent joined(TraceEvent open) {
    StringBuilder body = new StringBuilder(open.body());
    String level = "";
    for (TraceEvent line : behind) {
      Matcher m = REGISTER.matcher(line.body());
      if (m.matches()) {
        String name = m.group("name").toLowerCase(Locale.ROOT);
        level = level.isEmpty() ? m.group("level") : level;
        if (m.group("level").equals(level)) {
          body.append(' ')
              .append(name.equals("hpfar") ? "hpfar_el2" : name)
              .append("=0x")
              .append(m.group("value").replaceFirst("^0+(?=.)", ""));
        }
      }
    }
    if (!level.isEmpty()) {
      body.append(" to=EL").append(level);
    }
    return new TraceEvent(
        open.number(),
        open.line(),
        open.nanos(),
        open.cpu(),
        open.thread(),
        open.process(),
        open.task(),
        open.name(),
        body.toString());
  }
}
