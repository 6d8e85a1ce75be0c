package dev.stagewalk.app;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Place;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.SearchResult;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** A run that is compared or searched: executed to its end, then led to moments of it. */
final class ExaminedRun implements AutoCloseable {
  private final String name;
  private final Session session;

  private ExaminedRun(String name, Session session) {
    this.name = name;
    this.session = session;
  }

  /**
   * Executes a run.
   *
   * @param named a sample, or a file that can be opened
   * @param change what is different in this run
   * @param most instructions after which a run that goes on is stopped
   * @throws IllegalArgumentException in words
   */
  static ExaminedRun of(String named, UnaryOperator<Scenario> change, long most) {
    Session session = open(named, change);
    if (!session.snapshot().isImported()) {
      session.submit(new Command.StopAtExits(false)).join();
      // Of a recorded run all is known that there is.
      boolean known = !session.snapshot().end().isStart();
      session.submit(known ? new Command.ToPresent() : new Command.GoTo(Moment.at(most))).join();
    }
    return new ExaminedRun(named, session);
  }

  private static Session open(String named, UnaryOperator<Scenario> change) {
    Catalogue catalogue = Catalogue.standard();
    Scenario sample = catalogue.find(named).orElse(null);
    if (sample != null) {
      return Session.open(change.apply(sample));
    }
    Path file = Path.of(named);
    if (!Files.exists(file) && !OpenedFile.isDump(file)) {
      throw new IllegalArgumentException(
          "'" + named + "' is no file and no sample" + Alike.choice(named, catalogue.names()));
    }
    return switch (OpenedFile.read(file)) {
      case OpenedFile.Guest(Scenario scenario) -> Session.open(change.apply(scenario));
      case OpenedFile.Run run -> unchanged(run.session(), change);
      case OpenedFile.Imported recording -> unchanged(recording.session(), change);
      case OpenedFile.Dump dump -> unchanged(dump.session(), change);
    };
  }

  private static Session unchanged(Session session, UnaryOperator<Scenario> change) {
    Scenario scenario = session.snapshot().scenario();
    if (!change.apply(scenario).equals(scenario)) {
      throw new IllegalArgumentException(
          "'"
              + scenario.name()
              + "' comes from a machine elsewhere or was recorded, so that nothing can be different"
              + " in it");
    }
    return session;
  }

  String name() {
    return name;
  }

  /** The run at its end. */
  Snapshot end() {
    return session.submit(new Command.ToPresent()).join();
  }

  /**
   * The run at a moment as it is typed; at its end if it is shorter.
   *
   * @throws IllegalArgumentException if it has no such moment
   */
  Snapshot at(String moment) {
    return session.submit(Place.parse(moment).from(end())).join();
  }

  /**
   * What a search from the moment where the run is comes to; the run stays there.
   *
   * @param text see {@link dev.stagewalk.session.WatchGrammar}
   */
  SearchResult search(String text) {
    return session.submit(new Command.Search(text, true)).join().search().orElseThrow();
  }

  @Override
  public void close() {
    session.close();
  }
}
