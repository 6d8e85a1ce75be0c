package dev.stagewalk.stops;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** All stops of a session at its breakpoints, in order of time. */
final class StopsOnTheWay {
  private StopsOnTheWay() {}

  /** Those from the present moment to the end, each as it is told. */
  static <T> List<T> forward(Session session, Function<Snapshot, T> told) {
    List<T> found = new ArrayList<>();
    Snapshot now = session.submit(new Command.NextBreakpoint(0)).join();
    while (now.isAtBreakpoint()) {
      found.add(told.apply(now));
      if (now.state() == RunState.ENDED) {
        break;
      }
      now = session.submit(new Command.NextBreakpoint(0)).join();
    }
    return found;
  }

  /** Those before the present moment, by the command that refuses to go where none is. */
  static <T> List<T> backward(Session session, Function<Snapshot, T> told) {
    List<T> found = new ArrayList<>();
    while (true) {
      try {
        found.addFirst(told.apply(session.submit(new Command.PreviousBreakpoint(0)).join()));
      } catch (CompletionException _) {
        return found;
      }
    }
  }

  static void toEnd(Session session) {
    while (session.snapshot().state() != RunState.ENDED) {
      session.submit(new Command.GoTo(Moment.at(10_000_000))).join();
    }
  }
}
