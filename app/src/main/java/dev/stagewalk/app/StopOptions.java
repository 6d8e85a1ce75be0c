package dev.stagewalk.app;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Breakpoint;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.NoStop;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Option;

/** Options that stop a run, or what is left of one, at breakpoints. */
final class StopOptions {
  @Option(
      names = "--break",
      paramLabel = "BREAKPOINT",
      description =
          "stop where this stops first, such as 'at loop if x0 == 3', and print registers and"
              + " event; as often as needed (`stagewalk run --list-breakpoints`)")
  private List<String> breaks = List.of();

  @Option(
      names = "--back-to",
      paramLabel = "BREAKPOINT",
      description =
          "from the end, or from where --break has stopped, go back to where this stopped last")
  private List<String> backTo = List.of();

  @Option(
      names = "--watch",
      paramLabel = "WATCH",
      description =
          "as --break 'watch WATCH': stop where memory, a descriptor or a register changes, such as"
              + " 'write ipa 0x40090000+0x1000'; as often as needed (`stagewalk search --list`)")
  private List<String> watches = List.of();

  /** The breakpoints to run to. */
  private List<String> forward() {
    List<String> all = new ArrayList<>(breaks);
    watches.forEach(watch -> all.add("watch " + watch));
    return all;
  }

  boolean isGiven() {
    return !forward().isEmpty() || !backTo.isEmpty();
  }

  /**
   * What leads there.
   *
   * @param toEnd what leads to the end, where there is no --break
   * @param most instructions to run at most
   */
  List<Command> commands(List<Command> toEnd, long most) {
    List<Command> all = new ArrayList<>();
    forward().forEach(text -> all.add(new Command.AddBreakpoint(text)));
    if (forward().isEmpty()) {
      all.addAll(toEnd);
    } else {
      all.add(new Command.NextBreakpoint(0, most));
    }
    if (!backTo.isEmpty()) {
      for (int number = 1; number <= forward().size(); number++) {
        all.add(new Command.EnableBreakpoint(number, false));
      }
      backTo.forEach(text -> all.add(new Command.AddBreakpoint(text)));
      all.add(new Command.PreviousBreakpoint(0));
    }
    return all;
  }

  /** Of a run that has been to its end and is there. */
  List<Command> from(Moment end) {
    List<Command> all = new ArrayList<>();
    if (!forward().isEmpty()) {
      all.add(new Command.ToStart());
    }
    all.addAll(commands(List.of(), end.instruction() + (end.isBoundary() ? 0 : 1)));
    return all;
  }

  /**
   * Where a session has come to.
   *
   * @param whyNot why no breakpoint has stopped it there; empty if one has
   */
  record Reached(Snapshot at, String whyNot) {
    static Reached of(Snapshot at) {
      return at.isAtBreakpoint() ? new Reached(at, "") : none(at, "no breakpoint stops this run");
    }

    /** Where nothing has stopped it, with the conditions that could not be told. */
    private static Reached none(Snapshot at, String words) {
      StringBuilder all = new StringBuilder(words);
      for (Breakpoint b : at.breakpoints()) {
        if (!b.trouble().isEmpty()) {
          all.append(System.lineSeparator())
              .append("breakpoint " + b.number() + ", " + b.text() + ", could not be told: ")
              .append(b.trouble());
        }
      }
      return new Reached(at, all.toString());
    }
  }

  /**
   * Goes there.
   *
   * @throws CompletionException if a breakpoint cannot be read
   */
  Reached go(Session session, long most) {
    return go(session, commands(List.of(new Command.GoTo(Moment.at(most))), most));
  }

  /**
   * Goes there in a recording of a real machine.
   *
   * @throws CompletionException likewise
   */
  Reached goInRecording(Session session) {
    return go(session, commands(List.of(new Command.ToPresent()), Long.MAX_VALUE));
  }

  private static Reached go(Session session, List<Command> commands) {
    try {
      commands.forEach(command -> session.submit(command).join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof NoStop none) {
        return Reached.none(session.snapshot(), String.valueOf(none.getMessage()));
      }
      throw e;
    }
    return Reached.of(session.snapshot());
  }
}
