package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.ask.EventField;
import dev.stagewalk.ask.EventKind;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import java.util.Optional;

/** What a face needs to offer breakpoints: texts for what is pointed at, and what is wrong. */
public final class BreakpointTexts {
  private BreakpointTexts() {}

  /**
   * What is wrong with a text; empty if a breakpoint can be made of it.
   *
   * @param now whose program labels and lines are of
   */
  public static Optional<String> problem(String text, Snapshot now) {
    try {
      BreakpointGrammar.Typed typed = BreakpointGrammar.parse(text, now.program());
      return now.recording().isPresent() && !typed.asksEventAlone()
          ? Optional.of(TraceStops.refusal(text))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The breakpoint on all events of the class of one, such as {@code on exit ec=0x24 permission}.
   */
  public static String ofClass(Event event) {
    return switch (event.what()) {
      case SimEvent.ExceptionTaken e -> ofClass(e);
      case SimEvent.HostCallBegan e -> "on call name=" + e.name();
      case SimEvent.HostCallEnded e -> "on return name=" + e.name();
      case SimEvent.RegisterWritten e -> "on register name=" + e.register();
      case SimEvent.Recorded e when e.exit() && e.exceptionClass().isPresent() ->
          "on exit ec=" + Hex.plain(e.exceptionClass().getAsInt());
      case SimEvent.Recorded e when e.name().matches("\\S+") -> "on recorded name=" + e.name();
      default -> "on " + EventKind.of(event.what()).word();
    };
  }

  private static String ofClass(SimEvent.ExceptionTaken e) {
    String kind = EventKind.EXIT.includes(e) ? EventKind.EXIT.word() : EventKind.EXCEPTION.word();
    // An interrupt leaves the syndrome as it was.
    boolean interrupt = (e.vector() & 3) == 1 || (e.vector() & 3) == 2;
    return "on "
        + kind
        + (interrupt ? "" : " ec=" + Hex.plain(e.exceptionClass()))
        + e.fault().map(Translation.Fault::kind).map(k -> " " + EventField.word(k)).orElse("");
  }
}
