package dev.stagewalk.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.Tlb;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs at EL2, and guests under them, that use timers and the interrupt controller. */
class InterruptProgramsTest {
  private static final String OFF =
      """
      off:
          mov   w0, #0x84000000
          add   w0, w0, #8
          smc   #0
      """;

  /** Wakes redistributor 0, enables Group 1, and unmasks; x10 GICD, x11 GICR, x12 its SGI frame. */
  private static final String GIC =
      """
          adr   x0, vectors
          msr   vbar_el2, x0
          mov   x0, #0x80000000
          orr   x0, x0, #0x10
          msr   hcr_el2, x0
          mov   x10, #0x08000000
          mov   x11, #0x080a0000
          mrs   x9, mpidr_el1
          and   x9, x9, #3
          add   x11, x11, x9, lsl #17
          add   x12, x11, #0x10, lsl #12
          str   wzr, [x11, #0x14]
          mov   w0, #2
          str   w0, [x10]
          mov   w0, #-1
          str   w0, [x12, #0x80]
          mov   x0, #0xff
          msr   icc_pmr_el1, x0
          mov   x0, #1
          msr   icc_igrpen1_el1, x0
      """;

  private static final String VECTORS =
      """
          .balign 2048
      vectors:
          .skip 0x280
          b     irq
          .balign 128
          .skip 0x100
          b     lower
          .balign 128
          b     irq
          .balign 128
      """;

  private static Boards run(String body, String handlers) {
    String source = GIC + body + OFF + handlers + VECTORS;
    return new Boards(BoardPlan.ofPes(1, 100), Tlb.Mode.REALISTIC, source).toEnd(200_000);
  }

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

  /** A guest at EL1 that takes virtual interrupts and says so to EL2 by HVC. */
  private static final String GUEST =
      """
          adr   x0, guest_vectors
          msr   vbar_el1, x0
          movz  x0, #0x80000000 >> 16, lsl #16
          orr   x0, x0, #0x18
          msr   hcr_el2, x0
          mov   x0, #0xff
          lsl   x0, x0, #24
          orr   x0, x0, #2
          msr   ich_vmcr_el2, x0
          mov   x0, #1
          msr   ich_hcr_el2, x0
          adr   x0, guest
          msr   elr_el2, x0
          mov   x0, #0x345
          msr   spsr_el2, x0
      """;

  private static final String GUEST_VECTORS =
      """
          .balign 2048
      guest_vectors:
          .skip 0x280
          mrs   x21, icc_iar1_el1
          mrs   x28, icc_rpr_el1
          msr   icc_eoir1_el1, x21
          eret
      """;

  @Test
  void aListedInterruptArrivesAtTheGuestAndItsEndIsSeenByEl2() {
    Boards boards =
        run(
            GUEST
                + """
                    movz  x0, #0x5050, lsl #48
                    movk  x0, #0x0200, lsl #32
                    movk  x0, #77
                    msr   ich_lr0_el2, x0
                    mrs   x18, ich_elrsr_el2
                    mov   w0, #1
                    lsl   w0, w0, #25
                    str   w0, [x12, #0x100]
                    eret
                guest:
                    msr   daifclr, #2
                    nop
                    b     guest
                """,
            """
            irq:
                mrs   x22, icc_iar1_el1
                mrs   x23, ich_misr_el2
                mrs   x24, ich_eisr_el2
                mrs   x25, ich_lr0_el2
                mrs   x26, ich_elrsr_el2
                msr   ich_lr0_el2, xzr
                mrs   x27, icc_hppir1_el1
                b     off
            lower:
                brk   #1
            """
                + GUEST_VECTORS);
    Pe pe = boards.machine.pe();
    assertThat(boards.end().ok()).isTrue();
    assertThat(pe.x(18)).as("empty list registers").isEqualTo(0xe);
    assertThat(pe.x(21)).as("virtual INTID").isEqualTo(77);
    assertThat(pe.x(28)).as("virtual running priority").isEqualTo(0x50);
    assertThat(pe.x(22)).as("maintenance interrupt").isEqualTo(25);
    assertThat(pe.x(23)).as("ICH_MISR_EL2").isEqualTo(1);
    assertThat(pe.x(24)).as("ICH_EISR_EL2").isEqualTo(1);
    assertThat(pe.x(25) >>> 62).as("state of the list register").isZero();
    assertThat(pe.x(26)).as("empty list registers").isEqualTo(0xe);
    assertThat(pe.x(27)).as("the line has fallen").isEqualTo(1023);
  }

  @Test
  void theGuestsEndOfAHardwareInterruptDeactivatesThePhysicalOne() {
    Boards boards =
        run(
            GUEST
                + """
                    mov   x0, #2
                    msr   icc_ctlr_el1, x0
                    mov   w0, #1
                    lsl   w0, w0, #27
                    str   w0, [x12, #0x100]
                    eret
                guest:
                    mov   x1, #200
                    msr   cntv_tval_el0, x1
                    mov   x1, #1
                    msr   cntv_ctl_el0, x1
                    msr   daifclr, #2
                    wfi
                    hvc   #1
                """,
            """
            irq:
                mrs   x22, icc_iar1_el1
                msr   icc_eoir1_el1, x22
                ldr   w23, [x12, #0x300]
                movz  x0, #0x7050, lsl #48
                movk  x0, #27, lsl #32
                movk  x0, #27
                msr   ich_lr0_el2, x0
                eret
            lower:
                ldr   w24, [x12, #0x300]
                mrs   x25, ich_lr0_el2
                b     off
            """
                + GUEST_VECTORS.replace("mrs   x28", "msr   cntv_ctl_el0, xzr\n    mrs   x28"));
    Pe pe = boards.machine.pe();
    assertThat(boards.end().ok()).isTrue();
    assertThat(pe.x(22)).as("physical").isEqualTo(27);
    assertThat(pe.x(21)).as("virtual").isEqualTo(27);
    assertThat(pe.x(23)).as("active while the guest has it").isEqualTo(1 << 27);
    assertThat(pe.x(24)).as("deactivated by the guest's EOIR").isZero();
    assertThat(pe.x(25) >>> 62).isZero();
  }

  @Test
  void trapsOfTheVirtualInterfaceGoToEl2() {
    for (String access :
        List.of(
            "12 mrs x1, icc_iar1_el1",
            "11 mrs x1, icc_iar0_el1",
            "10 msr icc_pmr_el1, x1",
            "14 msr icc_dir_el1, x1",
            "0 msr icc_sgi1r_el1, x1")) {
      int space = access.indexOf(' ');
      long bit = 1L << Integer.parseInt(access.substring(0, space));
      Boards boards =
          run(
              GUEST
                  + "mov x0, #"
                  + (bit | 1)
                  + "\nmsr ich_hcr_el2, x0\neret\nguest:\n"
                  + access.substring(space + 1)
                  + "\nbrk #1\n",
              "lower:\nmrs x22, esr_el2\nb off\nirq:\nbrk #1\n" + GUEST_VECTORS);
      assertThat(boards.machine.pe().x(22) >>> 26).as(access).isEqualTo(0x18);
    }
  }

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
    boards.machine.pe().setSystem(dev.stagewalk.cpu.SystemRegisters.index("ID_AA64ISAR2_EL1"), 2);
    boards.toEnd(100);
    assertThat(boards.machine.pe().x(20) - boards.machine.pe().x(19)).isBetween(700L, 702L);
  }
}
