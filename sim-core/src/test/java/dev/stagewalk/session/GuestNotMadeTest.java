package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.SimEvent;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest that could not be made leaves nothing behind. */
final class GuestNotMadeTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void aGuestForWhichMemoryFailsIsRefusedAndGivesBackWhatItHad(int before) {
    Scenario scenario = TestScenarios.of("hvc #0\n");
    try (Session session = Session.open(scenario)) {
      while (allocated(session.snapshot()).size() < before) {
        session.submit(new Command.MicroStep()).join();
      }
      session.submit(new Command.Inject(new Injection.FailAllocation())).join();
      while (session.snapshot().state() != RunState.ENDED) {
        session.submit(new Command.NextExit()).join();
      }
      Snapshot end = session.snapshot();
      assertThat(allocated(end)).hasSizeGreaterThanOrEqualTo(before).isEqualTo(freed(end));
      assertThat(end.events().get(end.eventCount() - 1).what())
          .isInstanceOfSatisfying(
              SimEvent.GuestStopped.class,
              stop -> assertThat(stop.reason()).startsWith("the guest could not be made: out of"));
      assertThat(end.checks().ofRun().groups()).isEmpty();
    }
  }

  private static Set<Long> allocated(Snapshot snapshot) {
    Set<Long> pages = new HashSet<>();
    for (long n = 0; n < snapshot.eventCount(); n++) {
      if (snapshot.events().get(n).what() instanceof SimEvent.Allocated e && e.pa() != 0) {
        pages.add(e.pa());
      }
    }
    return pages;
  }

  private static Set<Long> freed(Snapshot snapshot) {
    Set<Long> pages = new HashSet<>();
    for (long n = 0; n < snapshot.eventCount(); n++) {
      if (snapshot.events().get(n).what() instanceof SimEvent.Freed e) {
        pages.add(e.pa());
      }
    }
    return pages;
  }
}
