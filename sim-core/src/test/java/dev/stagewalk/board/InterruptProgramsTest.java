package dev.stagewalk.board;

import static dev.stagewalk.board.InterruptPrograms.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.SimEvent;
import org.junit.jupiter.api.Test;

/** Programs at EL2 that use timers, devices and the interrupt controller. */
class InterruptProgramsTest {
  @Test
  void theTimerWakesAWaitingPeAtItsCompareValueAndIsSeenInItsControlRegister() {
    Boards boards =
        run(
            """
                mov   w0, #1
                lsl   w0, w0, #26
                str   w0, [x12, #0x100]
                mrs   x19, cntpct_el0
                movz  x1, #0x98, lsl #16
                add   x1, x1, x19
                msr   cnthp_cval_el2, x1
                mov   x2, #1
                msr   cnthp_ctl_el2, x2
                mrs   x24, cnthp_ctl_el2
                msr   daifclr, #2
                wfi
                b     off
            """,
            """
            irq:
                mrs   x20, cntpct_el0
                mrs   x21, icc_iar1_el1
                mrs   x22, cnthp_ctl_el2
                msr   cnthp_ctl_el2, xzr
                msr   icc_eoir1_el1, x21
                eret
            lower:
                brk   #1
            """);
    Pe pe = boards.machine.pe();
    assertThat(boards.end().ok()).isTrue();
    assertThat(pe.x(21)).as("INTID").isEqualTo(26);
    assertThat(pe.x(22)).as("control with ISTATUS").isEqualTo(5);
    assertThat(pe.x(24)).as("control before").isEqualTo(1);
    assertThat(pe.x(20) - pe.x(19)).isBetween(0x98_0000L, 0x98_0004L);
    assertThat(boards.events).anyMatch(e -> e instanceof SimEvent.TimePassed);
    assertThat(boards.machine.instructions()).isLessThan(200);
  }

  @Test
  void aTimerInterruptsARunningPeAtExactlyItsCompareValue() {
    Boards boards =
        run(
            """
                mov   w0, #1
                lsl   w0, w0, #27
                str   w0, [x12, #0x100]
                mov   x1, #5000
                msr   cntvoff_el2, x1
                mov   x2, #1
                msr   cntv_ctl_el0, x2
                mrs   x19, cntvct_el0
                mov   w1, #1000
                msr   cntv_tval_el0, x1
                msr   daifclr, #2
            spin:
                b     spin
            """,
            """
            irq:
                mrs   x20, cntvct_el0
                mrs   x23, cntpct_el0
                mrs   x21, icc_iar1_el1
                b     off
            lower:
                brk   #1
            """);
    Pe pe = boards.machine.pe();
    assertThat(pe.x(21)).as("INTID").isEqualTo(27);
    // TVAL is written two instructions after the count was read; the attempt that is interrupted
    // counts, and the branch in the vector table.
    assertThat(pe.x(20) - pe.x(19)).isEqualTo(1000 + 2 + 1 + 1);
    assertThat(pe.x(23) - pe.x(20)).as("CNTVOFF_EL2, and one instruction").isEqualTo(5001);
  }

  @Test
  void aPendingInterruptThatIsMaskedEndsAWfiWithoutBeingTaken() {
    Boards boards =
        run(
            """
                mov   w0, #1
                lsl   w0, w0, #30
                str   w0, [x12, #0x100]
                mov   x1, #500
                msr   cntp_tval_el0, x1
                mov   x2, #1
                msr   cntp_ctl_el0, x2
                wfi
                mrs   x20, isr_el1
                b     off
            """,
            """
            irq:
                brk   #1
            lower:
                brk   #1
            """);
    assertThat(boards.end().ok()).isTrue();
    assertThat(boards.machine.pe().x(20)).as("ISR_EL1.I").isEqualTo(1 << 7);
  }

  @Test
  void anInterruptOfHigherPriorityPreemptsAndOneOfTheSameDoesNot() {
    // SGI 1 has priority 0xa0, SGI 2 0xa0, SGI 3 0x40. The handler of 1 raises 2 and 3.
    Boards boards =
        run(
            """
                movz  w0, #0xa000
                movk  w0, #0x40a0, lsl #16
                str   w0, [x12, #0x400]
                mov   w0, #0xe
                str   w0, [x12, #0x100]
                mov   x25, #0
                msr   daifclr, #2
                movz  x0, #0x0100, lsl #16
                orr   x0, x0, #1
                msr   icc_sgi1r_el1, x0
                isb
                b     off
            """,
            """
            irq:
                mrs   x21, icc_iar1_el1
                lsl   x25, x25, #8
                orr   x25, x25, x21
                cmp   x21, #1
                b.ne  done
                mrs   x26, elr_el2
                mrs   x27, spsr_el2
                mrs   x24, icc_rpr_el1
                movz  x0, #0x0200, lsl #16
                orr   x0, x0, #1
                msr   icc_sgi1r_el1, x0
                movz  x0, #0x0300, lsl #16
                orr   x0, x0, #1
                msr   icc_sgi1r_el1, x0
                msr   daifclr, #2
                nop
                msr   daifset, #2
                msr   elr_el2, x26
                msr   spsr_el2, x27
                orr   x25, x25, #0xf0
                mov   x21, #1
            done:
                msr   icc_eoir1_el1, x21
                eret
            lower:
                brk   #1
            """);
    assertThat(boards.machine.pe().x(24)).as("running priority").isEqualTo(0xa0);
    // 1, then 3 inside it, its end, then 2.
    assertThat(boards.machine.pe().x(25)).isEqualTo(0x1f302);
  }

  @Test
  void withTwoStepsAnInterruptStaysActiveUntilItIsDeactivated() {
    Boards boards =
        run(
            """
                mov   w0, #2
                str   w0, [x12, #0x100]
                mov   x0, #2
                msr   icc_ctlr_el1, x0
                movz  x0, #0x0100, lsl #16
                orr   x0, x0, #1
                msr   icc_sgi1r_el1, x0
                mrs   x20, icc_hppir1_el1
                mrs   x21, icc_iar1_el1
                ldr   w22, [x12, #0x300]
                msr   icc_eoir1_el1, x21
                mrs   x23, icc_rpr_el1
                ldr   w24, [x12, #0x300]
                msr   icc_dir_el1, x21
                ldr   w25, [x12, #0x300]
                mrs   x26, icc_iar1_el1
                b     off
            """,
            "irq:\nlower:\n brk #1\n");
    Pe pe = boards.machine.pe();
    assertThat(pe.x(20)).isEqualTo(1);
    assertThat(pe.x(21)).isEqualTo(1);
    assertThat(pe.x(22)).as("active").isEqualTo(2);
    assertThat(pe.x(23)).as("running priority after EOIR").isEqualTo(0xff);
    assertThat(pe.x(24)).as("still active").isEqualTo(2);
    assertThat(pe.x(25)).as("deactivated").isZero();
    assertThat(pe.x(26)).as("nothing more").isEqualTo(1023);
  }

  @Test
  void thePriorityMaskHoldsBackWhatIsNotMoreImportant() {
    Boards boards =
        run(
            """
                mov   w0, #2
                str   w0, [x12, #0x100]
                movz  w0, #0x8000
                str   w0, [x12, #0x400]
                movz  x0, #0x0100, lsl #16
                orr   x0, x0, #1
                msr   icc_sgi1r_el1, x0
                mov   x1, #0x80
                msr   icc_pmr_el1, x1
                mrs   x20, icc_iar1_el1
                mrs   x22, isr_el1
                mov   x1, #0x88
                msr   icc_pmr_el1, x1
                mrs   x23, isr_el1
                mrs   x21, icc_iar1_el1
                b     off
            """,
            "irq:\nlower:\n brk #1\n");
    Pe pe = boards.machine.pe();
    assertThat(pe.x(20)).isEqualTo(1023);
    assertThat(pe.x(22)).isZero();
    assertThat(pe.x(23)).isEqualTo(1 << 7);
    assertThat(pe.x(21)).isEqualTo(1);
  }

  @Test
  void group0IsSignalledAsFiq() {
    Boards boards =
        run(
            """
                mov   w0, #3
                str   w0, [x10]
                mov   w0, #2
                str   w0, [x12, #0x100]
                str   wzr, [x12, #0x80]
                mov   x0, #1
                msr   icc_igrpen0_el1, x0
                movz  x0, #0x0100, lsl #16
                orr   x0, x0, #1
                msr   icc_sgi1r_el1, x0
                mrs   x20, isr_el1
                msr   icc_sgi0r_el1, x0
                mrs   x21, isr_el1
                mrs   x22, icc_iar1_el1
                mrs   x23, icc_iar0_el1
                b     off
            """,
            "irq:\nlower:\n brk #1\n");
    Pe pe = boards.machine.pe();
    assertThat(pe.x(20)).as("SGI1R names none in Group 0").isZero();
    assertThat(pe.x(21)).as("ISR_EL1.F").isEqualTo(1 << 6);
    assertThat(pe.x(22)).isEqualTo(1023);
    assertThat(pe.x(23)).isEqualTo(1);
  }

  @Test
  void theRealTimeClockShowsTheEpochAndInterruptsAtItsMatchValue() {
    Boards boards =
        run(
            """
                mov   x13, #0x09010000
                ldr   w19, [x13]
                add   w1, w19, #90
                str   w1, [x13, #4]
                mov   w1, #1
                str   w1, [x13, #0x10]
                mov   w0, #4
                str   w0, [x10, #0x84]
                str   w0, [x10, #0x104]
                msr   daifclr, #2
                wfi
                b     off
            """,
            """
            irq:
                mrs   x21, icc_iar1_el1
                ldr   w22, [x13]
                ldr   w23, [x13, #0x18]
                mov   w0, #1
                str   w0, [x13, #0x1c]
                ldr   w24, [x13, #0x14]
                msr   icc_eoir1_el1, x21
                eret
            lower:
                brk   #1
            """);
    Pe pe = boards.machine.pe();
    assertThat(boards.end().ok()).isTrue();
    assertThat(pe.x(19)).isEqualTo(BoardPlan.USUAL_EPOCH);
    assertThat(pe.x(21)).isEqualTo(34);
    assertThat(pe.x(22)).isEqualTo(BoardPlan.USUAL_EPOCH + 90);
    assertThat(pe.x(23)).isEqualTo(1);
    assertThat(pe.x(24)).isZero();
    assertThat(boards.machine.instructions()).isLessThan(200);
  }

  @Test
  void theUartInterruptsWhenAByteHasLeft() {
    Boards boards =
        run(
            """
                mov   x13, #0x09000000
                mov   w1, #0x20
                str   w1, [x13, #0x38]
                mov   w0, #2
                str   w0, [x10, #0x84]
                str   w0, [x10, #0x104]
                msr   daifclr, #2
                mov   w1, #65
                strb  w1, [x13]
                nop
                b     off
            """,
            """
            irq:
                mrs   x21, icc_iar1_el1
                ldr   w22, [x13, #0x40]
                mov   w0, #0x20
                str   w0, [x13, #0x44]
                msr   icc_eoir1_el1, x21
                eret
            lower:
                brk   #1
            """);
    assertThat(boards.end().ok()).isTrue();
    assertThat(boards.machine.pe().x(21)).isEqualTo(33);
    assertThat(boards.machine.pe().x(22)).isEqualTo(0x20);
    assertThat(boards.events).contains(new SimEvent.UartByte(65));
  }
}
