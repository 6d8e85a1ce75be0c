package dev.stagewalk.app.tables;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moments of a run as they are typed: {@code 1:18364.2}, start, end, {@code exit 3}. */
public final class SampleMoment {
  private static final Pattern EXIT = Pattern.compile("exit\\s+(\\d{1,9})");

  private SampleMoment() {}

  /**
   * Leads a session that stands at its start to a moment.
   *
   * @throws IllegalArgumentException if the run has no such moment, in words
   */
  public static Snapshot go(Session session, String text) {
    Matcher exit = EXIT.matcher(text.strip());
    try {
      if (exit.matches()) {
        return toExit(session, Integer.parseInt(exit.group(1)));
      }
      if (text.equals("end")) {
        session.submit(new Command.StopAtExits(false)).join();
        return session.submit(new Command.Run()).join();
      }
      if (text.equals("start")) {
        return session.snapshot();
      }
      Snapshot there = session.submit(new Command.GoTo(Moment.parse(text))).join();
      if (!there.notice().isEmpty()) {
        throw new IllegalArgumentException(there.notice());
      }
      return there;
    } catch (CompletionException e) {
      throw new IllegalArgumentException(
          String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage()), e);
    }
  }

  private static Snapshot toExit(Session session, int number) {
    Snapshot there = session.snapshot();
    for (int n = 1; n <= number; n++) {
      there = session.submit(new Command.NextExit()).join();
      if (there.state() != RunState.AT_EXIT) {
        throw new IllegalArgumentException(
            "this run has "
                + (n - 1)
                + (n == 2 ? " exit" : " exits")
                + ", so there is no exit "
                + number);
      }
    }
    return there;
  }
}
