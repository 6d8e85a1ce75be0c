package dev.stagewalk.app;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.TrapRow;
import dev.stagewalk.session.TrapRows;
import dev.stagewalk.time.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The trap log as lines of text, with what the guest and the hypervisor printed in its place. */
final class TrapLogText {
  private TrapLogText() {}

  /** A line of a console, at the event that ended it. */
  private record ConsoleLine(long event, String text) {}

  /** The log up to the moment of a snapshot, a heading first. */
  static List<String> lines(Snapshot snapshot) {
    Events events = snapshot.events();
    boolean bare = snapshot.scenario().bare();
    List<ConsoleLine> console = console(events, snapshot.eventCount(), bare);
    List<String> lines = new ArrayList<>();
    lines.add(TrapRow.heading());
    TrapRows rows = TrapRows.of(events);
    int printed = 0;
    for (int i = 0; i < rows.size() && rows.first(i) < snapshot.eventCount(); i++) {
      while (printed < console.size() && console.get(printed).event() < rows.first(i)) {
        lines.add(console.get(printed++).text());
      }
      lines.add(rows.row(i, events, bare, snapshot.program().names()).line());
    }
    while (printed < console.size()) {
      lines.add(console.get(printed++).text());
    }
    return lines;
  }

  private static List<ConsoleLine> console(Events events, long count, boolean bare) {
    String uart = bare ? "console" : "guest console";
    List<ConsoleLine> lines = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    for (long n = 0; n < count; n++) {
      Event event = events.get(n);
      if (event.what() instanceof SimEvent.UartByte(int value)) {
        if (value == '\n') {
          lines.add(new ConsoleLine(n, marked(uart, open.toString())));
          open.setLength(0);
        } else if (value != '\r') {
          open.append((char) (value & 0xff));
        }
      } else if (event.what() instanceof SimEvent.Printed(String text)) {
        lines.add(new ConsoleLine(n, marked("host console", text)));
      }
    }
    if (!open.isEmpty()) {
      lines.add(new ConsoleLine(count, marked(uart, open.toString())));
    }
    return lines;
  }

  private static String marked(String console, String text) {
    return "%18s  %s | %s".formatted("", console, text);
  }

  /** How the guest came to its end, if it has. */
  static Optional<SimEvent.GuestStopped> stop(Snapshot snapshot) {
    for (long n = snapshot.eventCount() - 1; n >= 0; n--) {
      if (snapshot.events().get(n).what() instanceof SimEvent.GuestStopped stopped) {
        String reason = snapshot.program().names().named(stopped.reason());
        return Optional.of(new SimEvent.GuestStopped(reason, stopped.ok()));
      }
    }
    return Optional.empty();
  }
}
