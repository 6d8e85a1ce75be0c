package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.cpu.Activity;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.time.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeveralPesInTimeTest {
  /** Two PEs count in turns; the second waits for a timer now and then, and ends the run. */
  private static final Scenario SCENARIO =
      TestScenarios.of(
              """
                  mrs   x20, mpidr_el1
                  and   x20, x20, #3
                  mov   x1, #0x40200000
                  cbnz  x20, second
              first:
                  ldxr  x2, [x1]
                  add   x2, x2, #1
                  stxr  w3, x2, [x1]
                  b     first
              second:
                  mov   x21, #5
              again:
                  mrs   x4, cntvct_el0
                  add   x4, x4, #50
                  msr   cnthp_cval_el2, x4
                  mov   x5, #1
                  msr   cnthp_ctl_el2, x5
              spin:
                  mrs   x5, cnthp_ctl_el2
                  tbz   x5, #2, spin
                  mov   w6, #65
                  mov   x7, #0x09000000
                  strb  w6, [x7]
                  sub   x21, x21, #1
                  cbnz  x21, again
                  mov   w0, #0x84000000
                  add   w0, w0, #8
                  smc   #0
              """)
          .with(BoardPlan.ofPes(2, 7).startingAt(TestScenarios.START))
          .bare(true);

  private static List<Event> all(Events events) {
    return LongStream.range(0, events.size()).mapToObj(events::get).toList();
  }

  @Test
  void everyMomentIsReachedAgainWithTheSameState() {
    Travel travel = Travel.begin(SCENARIO);
    List<Long> hashes = new ArrayList<>();
    hashes.add(travel.stateHash());
    while (!travel.isEnded()) {
      travel.step(1);
      hashes.add(travel.stateHash());
    }
    assertThat(hashes.size()).isBetween(200, 5000);
    for (int at = hashes.size() - 1; at >= 0; at -= 13) {
      travel.goTo(Moment.at(at));
      assertThat(travel.stateHash()).as("at %s", at).isEqualTo(hashes.get(at));
    }
    Travel straight = Travel.begin(SCENARIO);
    straight.toEnd();
    assertThat(straight.stateHash()).isEqualTo(hashes.getLast());
  }

  @Test
  void eachEventCarriesThePeItHappenedOn() {
    Travel travel = Travel.begin(SCENARIO);
    travel.toEnd();
    List<Event> bytes =
        all(travel.events()).stream().filter(e -> e.what() instanceof SimEvent.UartByte).toList();
    assertThat(bytes).hasSize(5).allMatch(e -> e.pe() == 1);
    TrapRows rows = TrapRows.of(travel.events());
    TrapRow firmware = rows.row(0, travel.events(), true, SymbolTable.EMPTY);
    assertThat(firmware.pe()).isEqualTo(1);
    assertThat(firmware.lane()).isEqualTo("program");
    assertThat(firmware.line()).contains("PE1").contains("PSCI SYSTEM_OFF");
  }

  @Test
  void aBreakpointIsMetByWhicheverPeComesThere() {
    try (Session session = Session.open(SCENARIO)) {
      long second = TestScenarios.START + 8 * 4;
      session.submit(new Command.Breakpoint(second, true)).join();
      Snapshot met = session.submit(new Command.Run()).join();
      assertThat(met.pe().id()).isEqualTo(1);
      assertThat(met.pe().pc()).isEqualTo(second);
      assertThat(met.pes()).hasSize(2);
      assertThat(met.pes().getFirst().pc()).isNotEqualTo(second);
      assertThat(met.pes().get(1).activity()).isEqualTo(Activity.RUNS);
      Snapshot later = session.submit(new Command.GoTo(Moment.at(300))).join();
      assertThat(later.moment().instruction()).isEqualTo(300);
      Snapshot back = session.submit(new Command.RunBack()).join();
      assertThat(back.moment()).isEqualTo(met.moment());
      assertThat(back.pe().id()).isEqualTo(1);
    }
  }

  @Test
  void whatIsTypedComesInAtTheUart() {
    Scenario scenario =
        TestScenarios.of(
                """
                    mov   x7, #0x09000000
                more:
                    ldr   w6, [x7, #0x18]
                    tbnz  w6, #4, more
                    ldr   w6, [x7]
                    strb  w6, [x7]
                    b     more
                """)
            .bare(true);
    try (Session session = Session.open(scenario)) {
      session.submit(new Command.GoTo(Moment.at(20))).join();
      session.submit(new Command.Inject(new Edit.Type("A"))).join();
      session.submit(new Command.GoTo(Moment.at(100))).join();
      session.submit(new Command.Inject(new Edit.Type("B"))).join();
      Snapshot both = session.submit(new Command.GoTo(Moment.at(200))).join();
      assertThat(both.console()).isEqualTo("AB");
      Snapshot before = session.submit(new Command.GoTo(Moment.at(90))).join();
      assertThat(before.console()).isEqualTo("A");
      assertThatThrownBy(() -> session.submit(new Command.Inject(new Edit.Type(""))).join())
          .hasMessageContaining("no text");
    }
  }

  @Test
  void whoeverSleepsIsWokenByWhatIsTypedAndAgainWhenItIsGoneThroughAgain() {
    Scenario scenario =
        TestScenarios.of(
                """
                    adr   x0, vectors
                    msr   vbar_el2, x0
                    mov   x0, #0x10
                    msr   hcr_el2, x0
                    mov   x10, #0x08000000
                    mov   w0, #2
                    str   w0, [x10]
                    str   w0, [x10, #0x84]
                    str   w0, [x10, #0x104]
                    mov   x0, #0xff
                    msr   icc_pmr_el1, x0
                    mov   x0, #1
                    msr   icc_igrpen1_el1, x0
                    mov   x13, #0x09000000
                    mov   w0, #0x50
                    str   w0, [x13, #0x38]
                    msr   daifclr, #2
                sleep:
                    wfi
                    b     sleep
                    .balign 2048
                vectors:
                    .skip 0x280
                    mrs   x21, icc_iar1_el1
                    ldr   w1, [x13]
                    strb  w1, [x13]
                    msr   icc_eoir1_el1, x21
                    cmp   w1, #'q'
                    b.eq  off
                    eret
                off:
                    movz  x0, #0x8400, lsl #16
                    movk  x0, #8
                    smc   #0
                """)
            .bare(true);
    try (Session session = Session.open(scenario)) {
      Snapshot waiting = session.submit(new Command.Run()).join();
      assertThat(waiting.state()).isEqualTo(RunState.AWAITS_INPUT);
      assertThat(waiting.status()).contains("type it in the console");
      Snapshot still = session.submit(new Command.Run()).join();
      assertThat(still.moment()).isEqualTo(waiting.moment());

      session.submit(new Command.Inject(new Edit.Type("longer than the FIFO is"))).join();
      Snapshot later = session.submit(new Command.Run()).join();
      assertThat(later.console()).isEqualTo("longer than the FIFO is");
      assertThat(later.state()).isEqualTo(RunState.AWAITS_INPUT);

      session.submit(new Command.Inject(new Edit.Type("q"))).join();
      Snapshot end = session.submit(new Command.Run()).join();
      assertThat(end.state()).isEqualTo(RunState.ENDED);
      assertThat(end.console()).isEqualTo("longer than the FIFO isq");
      session.submit(new Command.ToStart()).join();
      Snapshot again = session.submit(new Command.Run()).join();
      assertThat(again.moment()).isEqualTo(end.moment());
      assertThat(again.console()).isEqualTo(end.console());
    }
  }

  @Test
  void aRegisterIsSetOnThePeThatIsNamed() {
    try (Session session = Session.open(SCENARIO)) {
      session.submit(new Command.GoTo(Moment.at(40))).join();
      Snapshot set = session.submit(new Command.Inject(new Edit.SetRegister("x25", 9, 1))).join();
      assertThat(set.pes().getFirst().x(25)).isZero();
      assertThat(set.pes().get(1).x(25)).isEqualTo(9);
      assertThatThrownBy(
              () -> session.submit(new Command.Inject(new Edit.SetRegister("x25", 9, 2))).join())
          .hasMessageContaining("there is no PE 2");
      assertThatThrownBy(
              () -> session.submit(new Command.Inject(new Edit.Unmap(0x4020_0000, 4096))).join())
          .hasMessageContaining("no hypervisor");
    }
  }
}
