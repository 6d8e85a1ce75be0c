package dev.stagewalk.app.tables;

import dev.stagewalk.session.Command;
import dev.stagewalk.session.Place;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.concurrent.CompletionException;

/** Leads a run that nobody watches to a moment as it is typed; its end is where it ends. */
public final class SampleMoment {
  private SampleMoment() {}

  /**
   * Leads a session that stands at its start to a moment.
   *
   * @throws IllegalArgumentException if the run has no such moment, in words
   */
  public static Snapshot go(Session session, String text) {
    Place place = Place.parse(text);
    try {
      switch (place) {
        case Place.Start _,
            Place.AtMoment _,
            Place.InThisBranch _,
            Place.OfBranch _,
            Place.AtExit _ -> {}
        case Place.End _,
            Place.Share _,
            Place.AtEvent _,
            Place.NumberedMark _,
            Place.NamedMark _ -> {
          // These are counted in what was executed, which so far is nothing.
          if (session.snapshot().recording().isEmpty()) {
            session.submit(new Command.StopAtExits(false)).join();
            session.submit(new Command.Run()).join();
          }
        }
      }
      if (place instanceof Place.Start) {
        return session.snapshot();
      }
      Snapshot there = session.submit(place.from(session.snapshot())).join();
      if (!there.notice().isEmpty()) {
        throw new IllegalArgumentException(there.notice());
      }
      return there;
    } catch (CompletionException e) {
      throw new IllegalArgumentException(
          String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage()), e);
    }
  }
}
