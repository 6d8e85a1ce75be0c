package dev.stagewalk.stops;

import static dev.stagewalk.stops.StopsOnTheWay.toEnd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Breakpoint;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forward and backward a run stops at the same moments, whatever it is to stop at. */
final class BreakpointsInTimeTest {

  private static Session open(String sample) {
    return open(Catalogue.standard().find(sample).orElseThrow());
  }

  private static Session open(Scenario scenario) {
    Session session = Session.open(scenario);
    session.submit(new Command.StopAtExits(false)).join();
    return session;
  }

  private static List<Moment> forward(Session session) {
    return StopsOnTheWay.forward(session, Snapshot::moment);
  }

  private static List<Moment> backward(Session session) {
    return StopsOnTheWay.backward(session, Snapshot::moment);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          demand-paging | on exit
          demand-paging | on fault translation level=3 stage=2
          demand-paging | on exit ec=0x24 if ESR_EL2.WnR == 1
          demand-paging | on exit vmid=1 iss.WnR=1
          demand-paging | on tlbi
          demand-paging | on walk ok=0 if event.reads >= 2
          demand-paging | on call name=s2mmu_map if x1 != 0 || 1
          demand-paging | on store if [event.address] == event.value
          demand-paging | on register name=VTTBR_EL2
          demand-paging | on any if event.number % 7 == 3
          two-pes       | on any pe=1
          two-pes       | on exception to=2
          hvc           | on exit ec=0x16
          """)
  void backFromTheEndARunStopsWhereItStopsForward(String sample, String text) {
    try (Session session = open(sample)) {
      session.submit(new Command.AddBreakpoint(text)).join();
      List<Moment> forward = forward(session);
      toEnd(session);
      assertThat(backward(session)).isEqualTo(forward).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          on finding tlbi-vmid
          on finding stale-entry
          on finding
          on finding if VTTBR_EL2.VMID >= 1
          """)
  void aRunStopsWhereAFindingArisesForwardAndBackward(String text) {
    Scenario mistaken =
        Catalogue.scenario("zoo/unmap-one")
            .withInjections(
                List.of(InjectionGrammar.parsePlanned("narrow-next tlbi vmid 7 @ exit 1")));
    try (Session session = open(mistaken)) {
      session.submit(new Command.AddBreakpoint(text)).join();
      List<Moment> forward = forward(session);
      assertThat(forward).isSorted().isNotEmpty();
      toEnd(session);
      assertThat(backward(session)).isEqualTo(forward);
      assertThat(session.snapshot().notice()).startsWith("breakpoint 1: error ");
      // An exit between two findings is met in its place.
      session.submit(new Command.AddBreakpoint("on exit")).join();
      toEnd(session);
      List<Moment> both = backward(session);
      assertThat(both).containsAll(forward).isSorted().hasSizeGreaterThan(forward.size());
      session.submit(new Command.ToStart()).join();
      assertThat(forward(session)).isEqualTo(both);
    }
  }

  @Test
  void severalBreakpointsOfEveryKindAreMetInTheOrderOfTime() {
    try (Session session = open("demand-paging")) {
      long pc = session.snapshot().program().addresses().get(6);
      session.submit(new Command.Breakpoint(pc, true)).join();
      session.submit(new Command.AddBreakpoint("on fault level=3")).join();
      session.submit(new Command.AddBreakpoint("on tlbi if x0 >= 0")).join();
      List<Moment> forward = forward(session);
      assertThat(forward).isSorted().hasSizeGreaterThan(5);
      toEnd(session);
      assertThat(backward(session)).isEqualTo(forward);
    }
  }

  @Test
  void aStopSaysWhichBreakpointAndWhy() {
    try (Session session = open("demand-paging")) {
      session.submit(new Command.AddBreakpoint("on tlbi vmid=77")).join();
      session.submit(new Command.AddBreakpoint("on fault translation stage=2")).join();
      Snapshot there = session.submit(new Command.Run()).join();
      assertThat(there.notice())
          .startsWith("breakpoint 2: data abort")
          .contains("Translation fault, level ", "VMID ", "IPA 0x");
      assertThat(there.state()).isEqualTo(RunState.AT_EXIT);
      assertThat(there.breakpoints()).extracting(Breakpoint::here).containsExactly(false, true);
      assertThat(there.breakpoints()).extracting(Breakpoint::hits).containsExactly(0L, 1L);
    }
  }

  @Test
  void aDisabledBreakpointStopsNothingAndARemovedOneIsGone() {
    try (Session session = open("demand-paging")) {
      session.submit(new Command.AddBreakpoint("on exit")).join();
      session.submit(new Command.AddBreakpoint("on exit")).join();
      session.submit(new Command.EnableBreakpoint(1, false)).join();
      session.submit(new Command.RemoveBreakpoint(2)).join();
      assertThat(session.submit(new Command.Run()).join().state()).isEqualTo(RunState.ENDED);
      assertThat(session.snapshot().breakpoints()).hasSize(1);
      assertThatThrownBy(() -> session.submit(new Command.NextBreakpoint(1)).join())
          .hasMessageContaining("breakpoint 1 is disabled");
      assertThatThrownBy(() -> session.submit(new Command.RemoveBreakpoint(2)).join())
          .hasMessageContaining("there is no breakpoint 2");
    }
  }

  @Test
  void aConditionThatCannotBeToldIsNotTrueAndSaysWhy() {
    try (Session session = open("demand-paging")) {
      session.submit(new Command.AddBreakpoint("on exit if [0x1000] == 0")).join();
      assertThat(session.submit(new Command.Run()).join().state()).isEqualTo(RunState.ENDED);
      assertThat(session.snapshot().breakpoints().getFirst().trouble())
          .contains("there is no memory at 0x0000_1000");
    }
  }

  @Test
  void eventsForwardAreTheEventsBackward() {
    try (Session session = open("hvc")) {
      List<Moment> forward = new ArrayList<>();
      while (session.snapshot().state() != RunState.ENDED && forward.size() < 60) {
        forward.add(session.submit(new Command.NextEvent()).join().moment());
      }
      List<Moment> back = new ArrayList<>(List.of(session.snapshot().moment()));
      for (int i = 1; i < forward.size(); i++) {
        back.addFirst(session.submit(new Command.PreviousEvent()).join().moment());
      }
      assertThat(back).isEqualTo(forward);
      assertThat(forward)
          .isEqualTo(
              java.util.stream.LongStream.range(0, forward.size())
                  .mapToObj(n -> session.snapshot().events().get(n).moment())
                  .toList());
    }
  }

  @Test
  void whereNoBreakpointStoodBeforeOneStaysWhereOneIs() {
    try (Session session = open("hvc")) {
      session.submit(new Command.AddBreakpoint("on exit ec=0x24 if x0 == 0x123456")).join();
      toEnd(session);
      Moment end = session.snapshot().moment();
      assertThatThrownBy(() -> session.submit(new Command.PreviousBreakpoint(0)).join())
          .hasMessageContaining("no breakpoint stops before " + end);
      assertThat(session.snapshot().moment()).isEqualTo(end);
    }
  }

  @Test
  void aSourceLineWithoutInstructionsMeansTheNextThatHasSome() {
    try (Session session = open("hvc")) {
      session.submit(new Command.AddBreakpoint("at hvc.s:1")).join();
      Breakpoint set = session.snapshot().breakpoints().getFirst();
      assertThat(set.text()).matches("at hvc\\.s:\\d+").isNotEqualTo("at hvc.s:1");
      assertThatThrownBy(() -> session.submit(new Command.AddBreakpoint("at hvc.s:4000")).join())
          .hasMessageContaining("hvc.s has no instruction at or after line 4000");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          when exit                  | column 1: expected where to stop, one of at, on, watch, not 'when'
          on exi                     | column 4: expected a kind of event
          on exit ecc=3              | column 9: expected FIELD=VALUE: no event has a field 'ecc'
          on exit ec=                | column 9: expected FIELD=VALUE: a value is missing in 'ec='
          on tlbi translation        | column 9: expected FIELD=VALUE: 'translation' compares no field
          on exit tranlation         | did you mean translation
          on exit if                 | column 11: expected a condition, but the line ends here
          on exit if x0 = 1          | column 15: '= 1' cannot be read: equal is written ==
          on exit if x99 == 1        | column 12: there is no 'x99'; did you mean x19, x29, x9?
          on exit if [va x0, 3] == 1 | how many bytes, 1, 2, 4 or 8
          on finding stale-entri     | column 12: expected the id of a finding: no finding is called 'stale-entri'; did you mean stale-entry
          at nowhere                 | column 4: expected an address, a label or FILE:LINE: the program has no label 'nowhere'
          at hvc.c:12                | no instruction is known to come from 'hvc.c'
          """)
  void badTextIsRefusedWithThePlaceAndWhatMayStandThere(String text, String message) {
    try (Session session = open("hvc")) {
      assertThatThrownBy(() -> session.submit(new Command.AddBreakpoint(text)).join())
          .hasMessageContaining(message);
      assertThat(session.snapshot().breakpoints()).isEmpty();
    }
  }

  @Test
  void aConditionThatNestsBeyondAllReasonIsRefused() {
    try (Session session = open("hvc")) {
      for (String deep : List.of("(".repeat(4000) + "1", "!".repeat(20_000) + "1")) {
        assertThatThrownBy(
                () -> session.submit(new Command.AddBreakpoint("on exit if " + deep)).join())
            .hasMessageContaining("more than 50 brackets or signs in one another");
      }
      String chain = "1" + "+1".repeat(20_000);
      assertThatThrownBy(
              () -> session.submit(new Command.AddBreakpoint("on exit if " + chain)).join())
          .hasMessageContaining("too long: an expression has at most 500 words and signs");
      String most = "(".repeat(49) + "x0 != 0x1234" + " || x0 == 1".repeat(90) + ")".repeat(49);
      session.submit(new Command.AddBreakpoint("on exit if " + most)).join();
      assertThat(session.submit(new Command.NextBreakpoint(0)).join().isAtBreakpoint()).isTrue();
    }
  }
}
