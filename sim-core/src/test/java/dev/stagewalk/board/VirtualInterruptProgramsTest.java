package dev.stagewalk.board;

import static dev.stagewalk.board.InterruptPrograms.GUEST;
import static dev.stagewalk.board.InterruptPrograms.GUEST_VECTORS;
import static dev.stagewalk.board.InterruptPrograms.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.Pe;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Guests that get virtual interrupts from a hypervisor at EL2. */
class VirtualInterruptProgramsTest {
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
}
