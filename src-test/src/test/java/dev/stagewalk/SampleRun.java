package dev.stagewalk;

import dev.stagewalk.event.SimEvent;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A sample that has run to its end, and what tests ask of it. */
final class SampleRun {
  private SampleRun() {}

  static Scenario sample(String name) {
    return Catalogue.standard().find(name).orElseThrow();
  }

  static Snapshot run(Scenario scenario) {
    try (Session session = Session.open(scenario)) {
      submit(session, new Command.StopAtExits(false));
      return submit(session, new Command.Run());
    }
  }

  static Snapshot submit(Session session, Command command) {
    return session.submit(command).orTimeout(30, TimeUnit.SECONDS).join();
  }

  /** What the handlers said they did. */
  static Stream<String> answers(Snapshot end) {
    return events(end)
        .filter(SimEvent.HandlerAnswered.class::isInstance)
        .map(what -> ((SimEvent.HandlerAnswered) what).reason());
  }

  static Stream<SimEvent> events(Snapshot end) {
    return LongStream.range(0, end.eventCount()).mapToObj(n -> end.events().get(n).what());
  }

  static SimEvent.GuestStopped stop(Snapshot end) {
    for (long n = end.eventCount() - 1; n >= 0; n--) {
      if (end.events().get(n).what() instanceof SimEvent.GuestStopped stop) {
        return stop;
      }
    }
    throw new AssertionError("the guest did not stop: " + end.status());
  }
}
