package dev.stagewalk.stops;

import static dev.stagewalk.stops.StopsOnTheWay.toEnd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run stops at what is watched, forward and backward, on every engine. */
final class WatchpointsInTimeTest {

  private static Session open(String sample, Engine engine) {
    Session session = Session.open(Catalogue.standard().find(sample).orElseThrow(), engine);
    session.submit(new Command.StopAtExits(false)).join();
    return session;
  }

  private static Snapshot watch(Session session, String text) {
    return session.submit(new Command.AddBreakpoint("watch " + text)).join();
  }

  private static List<String> forward(Session session) {
    return StopsOnTheWay.forward(session, now -> now.moment() + " " + now.notice());
  }

  private static List<String> backward(Session session) {
    return StopsOnTheWay.backward(session, now -> now.moment() + " " + now.notice());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          demand-paging | write ipa 0x40200000+0x3000
          demand-paging | access ipa 0x40201000+0x1000 if x0 != 0
          demand-paging | write ipa 0x40200000+0x3000 if x1 & 1
          demand-paging | write pa 0x48000000+0x4000
          demand-paging | write register ELR_EL2
          demand-paging | register x0
          own-tables    | write va 0x40400000+0x5000
          own-tables    | read pa 0x4800a000+0x1000
          own-tables    | use va 0x70000000+0x2000
          two-pes       | write register x0 pe 1
          two-pes       | write pa 0x40000000+64M
          two-guests    | write ipa 0x40000000+4M vmid 2
          """)
  void backFromTheEndARunStopsWhereItStopsForwardOnEveryEngine(String sample, String text) {
    List<String> expected = null;
    for (Engine engine : List.of(Engine.REFERENCE, Engine.EAGER)) {
      try (Session session = open(sample, engine)) {
        watch(session, text);
        List<String> forward = forward(session);
        assertThat(forward).isNotEmpty().allMatch(w -> w.contains(" breakpoint 1: "));
        toEnd(session);
        assertThat(backward(session)).isEqualTo(forward);
        assertThat(forward).isEqualTo(expected == null ? forward : expected);
        expected = forward;
      }
    }
  }

  @Test
  void watchpointsAndBreakpointsAreMetInTheOrderOfTime() {
    try (Session session = open("demand-paging", Engine.USUAL)) {
      watch(session, "write ipa 0x40200000+0x3000");
      session.submit(new Command.AddBreakpoint("on exit")).join();
      session.submit(new Command.AddBreakpoint("at 0x4008002c")).join();
      watch(session, "register VTTBR_EL2");
      List<String> forward = forward(session);
      assertThat(forward).anyMatch(w -> w.contains("breakpoint 1")).anyMatch(w -> w.contains("4:"));
      toEnd(session);
      assertThat(backward(session)).isEqualTo(forward);
    }
  }

  @Test
  void aWatchAndAFindingOfOneMomentAreBothToldForwardAndBackward() {
    try (Session session = open("two-guests", Engine.USUAL)) {
      watch(session, "fault ipa 0x40200000+0x8000");
      session.submit(new Command.AddBreakpoint("on finding")).join();
      List<String> forward = forward(session);
      assertThat(forward).anyMatch(w -> w.contains("breakpoint 1") && w.contains("breakpoint 2"));
      assertThat(forward)
          .allMatch(
              w -> w.contains(": data abort from a lower Exception level, Translation fault"));
      toEnd(session);
      assertThat(backward(session)).isEqualTo(forward);
    }
  }

  @Test
  void aStoreIsToldAtTheMomentAfterItsInstructionWithOldAndNewValue() {
    try (Session session = open("demand-paging", Engine.USUAL)) {
      watch(session, "write ipa 0x40200018");
      Snapshot now = session.submit(new Command.NextBreakpoint(0)).join();
      assertThat(now.moment().isBoundary()).isTrue();
      assertThat(now.notice())
          .startsWith("breakpoint 1: IPA 0x4020_0018 to 0x4020_001f: write of ")
          .contains(" by the instruction at 0x4008_0028 of EL1: 0x0 became 0x");
    }
  }

  @Test
  void theEntryOfAnIpaIsWatchedInMemoryWhereItWasWhenTheWatchWasSet() {
    try (Session session = open("demand-paging", Engine.USUAL)) {
      session.submit(new Command.GoToExit(2)).join();
      Snapshot set = watch(session, "write entry ipa 0x40200000 level 2");
      assertThat(set.breakpoints().getFirst().text())
          .isEqualTo("watch write entry ipa 0x4020_0000 level 2");
      Snapshot now = session.submit(new Command.NextBreakpoint(0)).join();
      assertThat(now.moment().isBoundary()).isFalse();
      assertThat(now.notice())
          .startsWith("breakpoint 1: the level 2 descriptor of IPA 0x4020_0000 at PA 0x4800_3008")
          .contains(" by s2mmu_map: 0x0 became 0x");
      session.submit(new Command.ToStart()).join();
      assertThatThrownBy(() -> watch(session, "write entry ipa 0x40200000"))
          .hasMessageContaining("describe no stage 2 at this moment");
    }
  }

  @Test
  void stateAndEventsAreThoseOfARunThatNobodyWatches() {
    for (String sample : List.of("demand-paging", "own-tables", "two-pes", "mmio")) {
      try (Session plain = open(sample, Engine.EAGER);
          Session watched = open(sample, Engine.EAGER)) {
        watch(watched, "access ipa 0x40000000+64M");
        watch(watched, "use va 0x40000000+64M");
        watch(watched, "register SP");
        toEnd(plain);
        forward(watched);
        toEnd(watched);
        Snapshot one = plain.snapshot();
        Snapshot two = watched.snapshot();
        assertThat(two.moment()).isEqualTo(one.moment());
        assertThat(two.memory().hash()).isEqualTo(one.memory().hash());
        for (int x = 0; x < 31; x++) {
          assertThat(two.pe().registers().x(x)).isEqualTo(one.pe().registers().x(x));
        }
        assertThat(two.tlb()).isEqualTo(one.tlb());
        assertThat(two.eventCount()).isEqualTo(one.eventCount());
        for (long n = 0; n < one.eventCount(); n++) {
          assertThat(two.events().get(n)).isEqualTo(one.events().get(n));
        }
      }
    }
  }

  @Test
  void aSearchGoesThereOrStaysAsItIsAsked() {
    try (Session session = open("demand-paging", Engine.USUAL)) {
      toEnd(session);
      Moment end = session.snapshot().moment();
      Snapshot stays = session.submit(new Command.Search("last write ipa 0x40200018", true)).join();
      assertThat(stays.moment()).isEqualTo(end);
      Moment there = stays.search().orElseThrow().sighting().orElseThrow().moment();
      Snapshot goes = session.submit(new Command.Search("last write ipa 0x40200018", false)).join();
      assertThat(goes.moment()).isEqualTo(there);
      assertThat(goes.notice()).isEqualTo(stays.notice());
      // Right after the store it is still the last one.
      Snapshot again =
          session.submit(new Command.Search("last write ipa 0x40200018", false)).join();
      assertThat(again.moment()).isEqualTo(there);
    }
  }
}
