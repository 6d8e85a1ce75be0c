package dev.stagewalk.stops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.NoStop;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On every sample, breakpoints of all kinds together stop at the same moments both ways. */
@Tag("long")
final class BreakpointsOfAllSamplesTest {
  private static final long MOST = 200_000;
  private static final int STOPS = 150;

  static Stream<String> samples() {
    return Catalogue.standard().names().stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void forwardAndBackwardAreTheSame(String sample) {
    try (Session session = Session.open(Catalogue.standard().find(sample).orElseThrow())) {
      long base = session.snapshot().program().base();
      for (String text :
          List.of(
              "on fault",
              "on exit if event.number % 3 == 0",
              "on tlbi vmid=1",
              "on store if [event.address] == event.value && event.value[0] == 1",
              "on finding",
              "at " + (base + 16) + " if x0 != 1")) {
        session.submit(new Command.AddBreakpoint(text)).join();
      }
      List<Moment> forward = new ArrayList<>();
      Snapshot now = session.submit(new Command.NextBreakpoint(0, MOST)).join();
      while (now.isAtBreakpoint()) {
        forward.add(now.moment());
        if (now.state() == RunState.ENDED || forward.size() == STOPS) {
          break;
        }
        now = session.submit(new Command.NextBreakpoint(0, MOST)).join();
      }
      List<Moment> backward = new ArrayList<>();
      if (now.isAtBreakpoint()) {
        // The last stop is not before itself.
        backward.add(now.moment());
      }
      try {
        while (true) {
          backward.addFirst(session.submit(new Command.PreviousBreakpoint(0)).join().moment());
        }
      } catch (CompletionException e) {
        assertThat(e.getCause()).isInstanceOf(NoStop.class);
      }
      assertThat(backward).isEqualTo(forward);
    }
  }
}
