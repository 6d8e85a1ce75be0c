package dev.stagewalk.session;

import dev.stagewalk.ask.Condition;
import dev.stagewalk.ask.EventWords;
import dev.stagewalk.ask.Facts;
import dev.stagewalk.event.Event;
import dev.stagewalk.trace.RecordedEvents;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The breakpoints of a recording of a real machine: those that ask what its events say. */
final class TraceStops {
  private static final int ASKED_EVERY = 256;

  private final RecordedEvents events;
  private final Program program;
  private final BreakpointList list = new BreakpointList();

  TraceStops(RecordedEvents events, Program program) {
    this.events = events;
    this.program = program;
  }

  /** Changes them. */
  void settle(Command command) {
    switch (command) {
      case Command.AddBreakpoint add -> add(add.text());
      case Command.RemoveBreakpoint remove -> list.remove(remove.number());
      case Command.EnableBreakpoint enable -> list.enable(enable.number(), enable.on());
      default -> throw new IllegalArgumentException("not one of them: " + command);
    }
  }

  private void add(String text) {
    BreakpointGrammar.Typed typed;
    try {
      typed = BreakpointGrammar.parse(text, program);
    } catch (IllegalArgumentException e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
    if (!typed.asksEventAlone()) {
      throw new Refused(refusal(text));
    }
    list.add(typed);
  }

  /** Why a breakpoint that asks for a machine is none for a recording. */
  static String refusal(String text) {
    return "'"
        + text
        + "' asks for more than an event says itself: of a recording of a real machine there are no"
        + " registers, memory, VMIDs or findings, so it stops 'on' events, and a condition asks"
        + " event.… of them";
  }

  boolean isEmpty() {
    return list.all().isEmpty();
  }

  /**
   * All, and which of them are of the newest event.
   *
   * @param count events up to the present moment
   */
  List<Breakpoint> seen(long count) {
    return list.all().stream()
        .map(b -> b.seen(count > 0 && b.enabled() && isAt(b, count - 1), ""))
        .toList();
  }

  private boolean isAt(Breakpoint b, long number) {
    Event event = events.get(number);
    TracePresent now = new TracePresent(events, event);
    if (!(b.stop() instanceof Stop.On on) || !on.filter().matches(event, now)) {
      return false;
    }
    try {
      return b.condition()
          .map(Condition::expression)
          .map(e -> e.holds(new Facts(now)))
          .orElse(true);
    } catch (IllegalArgumentException _) {
      return false; // the event does not say what is asked
    }
  }

  /** What is seen at the event where a search has ended. */
  String arrived(long count) {
    StringBuilder words = new StringBuilder();
    for (Breakpoint b : seen(count)) {
      if (b.here()) {
        list.change(b.number(), Breakpoint::hit);
        Event event = events.get(count - 1);
        words
            .append(words.isEmpty() ? "" : "; ")
            .append("breakpoint ")
            .append(b.number())
            .append(": ")
            .append(EventWords.of(event, new TracePresent(events, event)));
      }
    }
    return words.toString();
  }

  /**
   * Events up to the next stop.
   *
   * @param number of the breakpoint; 0 for any
   * @param meanwhile asked every so often; false ends the search where it has come to
   * @throws NoStop if there is none
   */
  long next(int number, long count, BooleanSupplier meanwhile) {
    List<Breakpoint> asked = list.enabled(number);
    for (long n = count; n < events.size(); n++) {
      if (stops(asked, n) || isEnough(n, meanwhile)) {
        return n + 1;
      }
    }
    throw new NoStop("no breakpoint stops in the rest of the recording");
  }

  /**
   * Events up to the stop before.
   *
   * @throws Refused likewise
   */
  long previous(int number, long count, BooleanSupplier meanwhile) {
    List<Breakpoint> asked = list.enabled(number);
    for (long n = count - 2; n >= 0; n--) {
      if (stops(asked, n) || isEnough(n, meanwhile)) {
        return n + 1;
      }
    }
    throw new NoStop("no breakpoint stops before this in the recording");
  }

  private boolean stops(List<Breakpoint> asked, long number) {
    return asked.stream().anyMatch(b -> isAt(b, number));
  }

  private static boolean isEnough(long number, BooleanSupplier meanwhile) {
    return number % ASKED_EVERY == 0 && !meanwhile.getAsBoolean();
  }
}
