package dev.stagewalk.board;

import static dev.stagewalk.board.InterruptPrograms.GIC;
import static dev.stagewalk.board.InterruptPrograms.OFF;
import static dev.stagewalk.board.InterruptPrograms.VECTORS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.Tlb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that wait: for each other, for the timer, for events, for a time. */
class WaitingProgramsTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 10, 1000})
  void anSgiWakesAnotherPe(long quantum) {
    String source =
        GIC
            + """
                mov   w0, #2
                str   w0, [x12, #0x100]
                mov   x13, #0x40200000
                cbnz  x9, second
            ready:
                ldar  x0, [x13]
                cbz   x0, ready
                movz  x0, #0x0100, lsl #16
                orr   x0, x0, #2
                msr   icc_sgi1r_el1, x0
                add   x14, x13, #128
            answered:
                ldar  x0, [x14]
                cbz   x0, answered
                b     off
            second:
                msr   daifclr, #2
                mov   x0, #1
                stlr  x0, [x13]
            again:
                wfi
                b     again
            irq:
                mrs   x21, icc_iar1_el1
                msr   icc_eoir1_el1, x21
                add   x14, x13, #128
                stlr  x21, [x14]
                eret
            lower:
                brk   #1
            """
            + OFF
            + VECTORS;
    Boards boards = Boards.together(2, quantum, source).toEnd(100_000);
    assertThat(boards.end().ok()).isTrue();
    assertThat(boards.machine.pes().get(1).x(21)).isEqualTo(1);
  }

  @Test
  void aRunWithTimersIsTheSameHoweverItIsCut() {
    String source =
        GIC
            + """
                mov   w0, #1
                lsl   w0, w0, #26
                str   w0, [x12, #0x100]
                mov   x25, #20
                mov   x1, #137
                msr   cnthp_tval_el2, x1
                mov   x2, #1
                msr   cnthp_ctl_el2, x2
                msr   daifclr, #2
            work:
                add   x26, x26, #1
                tbz   x26, #5, work
                wfi
                cbnz  x25, work
                cbnz  x9, park
                b     off
            park:
                wfi
                b     park
            irq:
                mrs   x21, icc_iar1_el1
                mov   x1, #137
                msr   cnthp_tval_el2, x1
                msr   icc_eoir1_el1, x21
                cbz   x25, last
                sub   x25, x25, #1
            last:
                eret
            lower:
                brk   #1
            """
            + OFF
            + VECTORS;
    Boards whole = Boards.together(2, 16, source).toEnd(100_000);
    assertThat(whole.end().ok()).isTrue();
    Boards cut = Boards.together(2, 16, source);
    for (long step = 1; !cut.machine.isHalted(); step = step % 23 + 1) {
      cut.machine.run(cut.machine.instructions() + step);
      if (step == 7 || step == 8) {
        Machine.State state = cut.machine.save();
        long hash = cut.machine.stateHash();
        cut.machine.restore(state);
        assertThat(cut.machine.stateHash()).isEqualTo(hash);
      }
    }
    assertThat(cut.machine.instructions()).isEqualTo(whole.machine.instructions());
    assertThat(cut.machine.stateHash()).isEqualTo(whole.machine.stateHash());
    assertThat(cut.events).isEqualTo(whole.events);
  }

  @Test
  void aWaitWithTimeoutEndsAtTheCountItNames() {
    Boards boards =
        new Boards(
            BoardPlan.USUAL,
            Tlb.Mode.REALISTIC,
            "mrs x19, cntvct_el0\nmov x1, #700\nadd x1, x1, x19\nwfit x1\nmrs x20, cntvct_el0\n"
                + OFF);
    boards.machine.pe().setSystem(SystemRegisters.index("ID_AA64ISAR2_EL1"), 2);
    boards.toEnd(100);
    assertThat(boards.machine.pe().x(20) - boards.machine.pe().x(19)).isBetween(700L, 702L);
  }

  private static Boards alone(String body) {
    Boards boards = new Boards(BoardPlan.USUAL, Tlb.Mode.REALISTIC, body + OFF);
    boards.machine.pe().setSystem(SystemRegisters.index("ID_AA64ISAR2_EL1"), 2);
    return boards.toEnd(2000);
  }

  @Test
  void aWaitWithATimeoutFarAheadDoesNotEndAtOnce() {
    Boards boards = new Boards(BoardPlan.USUAL, Tlb.Mode.REALISTIC, "mov x1, #-1\nwfit x1\n" + OFF);
    boards.machine.pe().setSystem(SystemRegisters.index("ID_AA64ISAR2_EL1"), 2);
    boards.toEnd(100);
    assertThat(boards.end().ok()).as(boards.end().reason()).isFalse();
    assertThat(boards.end().reason()).contains("waits for an interrupt");
  }

  @Test
  void aWaitWithATimeoutThatHasPassedEndsAtOnce() {
    Boards boards =
        alone("nop\nnop\nmrs x19, cntvct_el0\nsub x1, x19, #1\nwfit x1\nmrs x20, cntvct_el0\n");
    assertThat(boards.machine.pe().x(20) - boards.machine.pe().x(19)).isEqualTo(3);
  }

  @Test
  void theEventStreamSetsTheEventRegisterWhileNobodyWaits() {
    // An event each 64 ticks: the first WFE finds one, the second waits for the next.
    String program =
        "mov x1, #0x54\nmsr cntkctl_el1, x1\nisb\n"
            + "nop\n".repeat(100)
            + "mrs x19, cntpct_el0\nwfe\nmrs x20, cntpct_el0\nwfe\nmrs x21, cntpct_el0\n";
    Boards boards = alone(program);
    assertThat(boards.machine.pe().x(20) - boards.machine.pe().x(19)).isEqualTo(2);
    assertThat(boards.machine.pe().x(21) - boards.machine.pe().x(20)).isBetween(3L, 66L);
    assertThat((boards.machine.pe().x(21) - 1) % 64).as("0 to 1 of bit 5").isBetween(32L, 34L);
  }

  @Test
  void aHostHasTheEventStreamOfItsOwnControlRegister() {
    // HCR_EL2.{E2H, TGE} = {1, 1}: CNTKCTL_EL1 is CNTHCTL_EL2, and the register of EL1 is idle.
    String host = "movz x0, #4, lsl #32\nmovk x0, #0x800, lsl #16\nmsr hcr_el2, x0\nisb\n";
    String wait = "wfe\nmrs x19, cntpct_el0\nwfe\nmrs x20, cntpct_el0\n";
    Boards boards = alone(host + "mov x1, #0x34\nmsr cntkctl_el1, x1\n" + wait);
    assertThat(boards.machine.pe().system(SystemRegisters.index("CNTHCTL_EL2"))).isEqualTo(0x34);
    assertThat(boards.machine.pe().x(20) - boards.machine.pe().x(19)).isBetween(3L, 18L);
    boards = alone(host + "mov x1, #0x34\nmsr cntkctl_el12, x1\n" + wait);
    assertThat(boards.events).noneMatch(SimEvent.TimePassed.class::isInstance);
  }
}
