package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.SimEvent;
import org.junit.jupiter.api.Test;

/** Exception entry and return, as the Arm ARM's sections of these names say. */
class ExceptionModelTest {
  private static final long IL = 1L << 25;
  private final Rig rig = new Rig();

  @Test
  void anHvcReturnsBehindItselfAndLeavesFarAndHpfarAsTheyWere() {
    rig.set("FAR_EL2", 0x1234);
    rig.set("HPFAR_EL2", 0x5670);
    rig.code("nop\n hvc #7\n").runToEl2();
    assertThat(rig.get("ESR_EL2")).isEqualTo(0x16L << 26 | IL | 7);
    assertThat(rig.get("ELR_EL2")).isEqualTo(Rig.CODE + 8);
    assertThat(rig.get("FAR_EL2")).isEqualTo(0x1234);
    assertThat(rig.get("HPFAR_EL2")).isEqualTo(0x5670);
    assertThat(rig.pe.pc()).isEqualTo(rig.get("VBAR_EL2") + 0x400);
  }

  @Test
  void aTrappedSmcReturnsToItself() {
    rig.set("HCR_EL2", Rig.HCR | 1L << 19);
    rig.code("smc #3").runToEl2();
    assertThat(rig.get("ESR_EL2")).isEqualTo(0x17L << 26 | IL | 3);
    assertThat(rig.get("ELR_EL2")).isEqualTo(Rig.CODE);
  }

  @Test
  void withoutEl3AnSmcThatIsNotTrappedIsUndefined() {
    rig.code("smc #3").run(1);
    assertThat(rig.get("ESR_EL1")).isEqualTo(IL);
    assertThat(rig.get("ELR_EL1")).isEqualTo(Rig.CODE);
    assertThat(rig.get("FAR_EL1")).isZero();
  }

  @Test
  void anHvcIsUndefinedAtEl0AndUnderHcdAtEl1Too() {
    rig.set("HCR_EL2", Rig.HCR | 1L << 29);
    rig.code("hvc #7").run(1);
    assertThat(rig.get("ESR_EL1")).as("no exception to EL2").isEqualTo(IL);
    assertThat(rig.get("ELR_EL1")).isEqualTo(Rig.CODE);

    Rig application = new Rig();
    application.pe.setPstate(0x3c0);
    application.code("hvc #7").run(1);
    assertThat(application.get("ESR_EL1")).isEqualTo(IL);
  }

  @Test
  void anSvcAtEl1UsesTheVectorOfTheStackPointerInUse() {
    rig.code("svc #1").run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.EL1_VECTORS + 0x200);
    assertThat(rig.get("ELR_EL1")).isEqualTo(Rig.CODE + 4);
    rig.code("msr spsel, #0\n svc #1").run(2);
    assertThat(rig.pe.pc()).isEqualTo(Rig.EL1_VECTORS);
  }

  @Test
  void anSvcAtEl0UsesTheVectorOfALowerLevel() {
    rig.pe.setPstate(0x3c0);
    rig.code("svc #2").run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.EL1_VECTORS + 0x400);
    assertThat(rig.get("SPSR_EL1")).isEqualTo(0x3c0);
    assertThat(rig.pe.el()).isEqualTo(1);
  }

  @Test
  void underTgeAnSvcOfEl0GoesToEl2() {
    rig.pe.setPstate(0x3c0);
    rig.set("HCR_EL2", Rig.HCR | 1L << 27);
    rig.code("svc #2").runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(0x15);
  }

  @Test
  void entryMasksInterruptsKeepsFlagsAndClearsUaoAndIl() {
    rig.pe.setPstate(0xa000_0005L | 1L << 23);
    rig.code("svc #0").run(1);
    assertThat(rig.pe.pstate() & ~Pstate.PAN).isEqualTo(0xa000_03c5L);
    assertThat(rig.get("SPSR_EL1")).isEqualTo(0xa000_0005L | 1L << 23);
  }

  @Test
  void entryToEl1SetsPanUnlessSpanSaysToLeaveIt() {
    rig.set("SCTLR_EL1", rig.get("SCTLR_EL1") & ~(1L << 23));
    rig.code("svc #0").run(1);
    assertThat(rig.pe.pstate() & Pstate.PAN).isNotZero();
    rig.set("SCTLR_EL1", rig.get("SCTLR_EL1") | 1L << 23);
    rig.pe.setPstate(0x3c5);
    rig.code("svc #0").run(1);
    assertThat(rig.pe.pstate() & Pstate.PAN).isZero();
  }

  @Test
  void theLowBitsOfVbarDoNotMoveTheVectors() {
    rig.set("VBAR_EL1", Rig.EL1_VECTORS | 0x7ff);
    rig.code("svc #0").run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.EL1_VECTORS + 0x200);
  }

  @Test
  void eretRestoresFlagsLevelAndStackPointerAndDropsSoftwareStep() {
    rig.set("SPSR_EL1", 0x5000_0000L | 1L << 21);
    rig.set("ELR_EL1", Rig.CODE + 0x100);
    rig.set("SP_EL0", 0x111);
    rig.set("SP_EL1", 0x222);
    rig.code("eret").run(1);
    assertThat(rig.pe.pstate()).isEqualTo(0x5000_0000L);
    assertThat(rig.pe.el()).isZero();
    assertThat(rig.pe.sp()).isEqualTo(0x111);
    assertThat(rig.pe.pc()).isEqualTo(Rig.CODE + 0x100);
  }

  @Test
  void eachLevelHasItsOwnStackPointerAndSpselChoosesAtEl1() {
    rig.code(
        """
        mov sp, x1
        msr spsel, #0
        mov sp, x2
        msr spsel, #1
        mov x3, sp
        mrs x4, sp_el0
        """);
    rig.pe.setX(1, 0x1110);
    rig.pe.setX(2, 0x2220);
    rig.run(6);
    assertThat(rig.pe.x(3)).isEqualTo(0x1110);
    assertThat(rig.pe.x(4)).isEqualTo(0x2220);
    assertThat(rig.get("SP_EL1")).isEqualTo(0x1110);
  }

  @Test
  void anIllegalReturnKeepsTheLevelAndTheNextInstructionIsRefused() {
    // To AArch32; NZCV, PAN and DAIF come from SPSR all the same.
    rig.set("SPSR_EL1", 0xf040_0010L);
    rig.set("ELR_EL1", Rig.CODE + 0x40);
    rig.code("eret").run(1);
    assertThat(rig.pe.el()).isEqualTo(1);
    assertThat(rig.pe.pstate()).isEqualTo(0xf050_0005L);
    rig.run(1);
    assertThat(rig.get("ESR_EL1")).isEqualTo(0x0eL << 26 | IL);
    assertThat(rig.get("ELR_EL1")).isEqualTo(Rig.CODE + 0x40);
    assertThat(rig.get("SPSR_EL1") & Pstate.IL).isNotZero();
    assertThat(rig.pe.pstate() & Pstate.IL).isZero();
  }

  @Test
  void aReturnToAHigherLevelOrToEl0WithSpxIsIllegal() {
    for (long mode : new long[] {0x9, 0x8, 0xd, 0x1, 0x2, 0x6}) {
      Rig fresh = new Rig();
      fresh.set("SPSR_EL1", mode);
      fresh.set("ELR_EL1", Rig.CODE);
      fresh.code("eret").run(1);
      assertThat(fresh.pe.pstate() & Pstate.IL).as("mode %x", mode).isNotZero();
      assertThat(fresh.pe.el()).isEqualTo(1);
    }
  }

  @Test
  void aFetchAbortComesBeforeTheIllegalState() {
    rig.set("SPSR_EL1", 0x10);
    rig.set("ELR_EL1", Rig.CODE + 2);
    rig.code("eret").run(2);
    assertThat(rig.exceptionClass(1)).isEqualTo(0x22);
  }

  @Test
  void aBranchToAMisalignedAddressInTheSamePageIsAPcAlignmentFault() {
    rig.code("br x0");
    rig.pe.setX(0, Rig.CODE + 0x22);
    rig.run(2);
    assertThat(rig.get("ESR_EL1")).isEqualTo(0x22L << 26 | IL);
    assertThat(rig.get("FAR_EL1")).isEqualTo(Rig.CODE + 0x22);
    assertThat(rig.get("ELR_EL1")).isEqualTo(Rig.CODE + 0x22);
  }

  @Test
  void aMisalignedStackPointerIsRefusedAsABaseOnlyWhereSctlrAsks() {
    rig.code("ldr x0, [sp]\n nop");
    rig.pe.setSp(Rig.DATA + 8);
    rig.run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.CODE + 4);
    rig.set("SCTLR_EL1", rig.get("SCTLR_EL1") | 1 << 3);
    rig.code("ldr x0, [sp]").run(1);
    assertThat(rig.get("ESR_EL1")).isEqualTo(0x26L << 26 | IL);
    assertThat(rig.get("ELR_EL1")).isEqualTo(Rig.CODE);
  }

  @Test
  void anExceptionReturnClearsTheExclusiveMonitor() {
    rig.set("SPSR_EL1", 0x3c5);
    rig.set("ELR_EL1", Rig.CODE + 8);
    rig.code("ldxr x1, [x0]\n eret\n stxr w2, x1, [x0]");
    rig.pe.setX(0, Rig.DATA);
    rig.run(3);
    assertThat(rig.pe.x(2)).isEqualTo(1);
  }

  @Test
  void trappedWaitsSayWhichAndReturnToThemselves() {
    rig.set("HCR_EL2", Rig.HCR | 3L << 13);
    rig.code("wfi").runToEl2();
    assertThat(rig.get("ESR_EL2")).isEqualTo(0x01L << 26 | IL | 1 << 24 | 0xe << 20);
    assertThat(rig.get("ELR_EL2")).isEqualTo(Rig.CODE);
    Rig waiting = new Rig();
    waiting.set("HCR_EL2", Rig.HCR | 1L << 14);
    waiting.code("wfi").run(1);
    assertThat(waiting.pe.isHalted()).as("TWE does not trap WFI").isFalse();
    Rig other = new Rig();
    other.set("HCR_EL2", Rig.HCR | 1L << 14);
    other.code("wfe").runToEl2();
    assertThat(other.iss(2)).isEqualTo(1 << 24 | 0xe << 20 | 1);
  }

  @Test
  void el0MayWaitOnlyWhereSctlrLetsIt() {
    rig.set("SCTLR_EL1", rig.get("SCTLR_EL1") & ~(1L << 16 | 1L << 18));
    rig.pe.setPstate(0x3c0);
    rig.code("wfi").run(1);
    assertThat(rig.exceptionClass(1)).isEqualTo(1);
    Rig allowed = new Rig();
    allowed.set("SCTLR_EL1", allowed.get("SCTLR_EL1") | 1L << 16 | 1L << 18);
    allowed.pe.setPstate(0x3c0);
    allowed.code("wfi").run(1);
    assertThat(allowed.pe.pc()).isEqualTo(Rig.CODE + 4);
  }

  @Test
  void aGuestThatChoosesBigEndianDataIsStoppedWithTheReason() {
    rig.code("mov x0, #0x2000000\n msr sctlr_el1, x0\n nop").run(10);
    assertThat(rig.pe.isHalted()).isTrue();
    assertThat(rig.pe.pc()).isEqualTo(Rig.CODE + 4);
    assertThat(rig.pe.instructions()).isEqualTo(2);
    assertThat(rig.events.getLast())
        .isInstanceOfSatisfying(
            SimEvent.GuestStopped.class,
            stopped -> assertThat(stopped.reason()).contains("SCTLR_EL1.EE = 1"));
  }

  @Test
  void underDcTheMmuBitOfStage1DoesNothing() {
    rig.code("mov x0, #1\n msr sctlr_el1, x0\n nop").run(3);
    assertThat(rig.pe.isHalted()).isFalse();
    assertThat(rig.get("SCTLR_EL1")).isEqualTo(1);
  }

  @Test
  void anIndirectBranchShowsInBtypeOfTheNextInstructionOnly() {
    rig.set("ID_AA64PFR1_EL1", 1);
    rig.pe.setX(1, Rig.DATA);
    rig.setLeaf(Rig.DATA, 0);
    rig.code("blr x1").runToEl2();
    assertThat(rig.get("SPSR_EL2")).isEqualTo(0x3c5 | 2 << 10);
  }

  @Test
  void btypeIsGoneAfterOneInstructionAndNeverSetByRet() {
    rig.set("ID_AA64PFR1_EL1", 1);
    rig.pe.setX(1, Rig.CODE + 8);
    rig.pe.setX(30, Rig.CODE + 16);
    rig.code("br x1\n nop\n nop\n ret\n hvc #0").runToEl2();
    assertThat(rig.get("SPSR_EL2")).isEqualTo(0x3c5);
  }

  @Test
  void withoutBtiThereIsNoBtype() {
    rig.pe.setX(1, Rig.DATA);
    rig.setLeaf(Rig.DATA, 0);
    rig.code("blr x1").runToEl2();
    assertThat(rig.get("SPSR_EL2")).isEqualTo(0x3c5);
  }

  @Test
  void withNmiAnExceptionSetsAllintUnlessSpintmaskSaysOtherwise() {
    rig.set("ID_AA64PFR1_EL1", 1L << 36);
    rig.code("svc #0");
    rig.code(Rig.EL1_VECTORS + 0x200, "hvc #0");
    rig.pe.branch(Rig.CODE);
    rig.runToEl2();
    assertThat(rig.get("SPSR_EL2")).isEqualTo(0x23c5);
    assertThat(rig.get("SPSR_EL1")).isEqualTo(0x3c5);
  }

  @Test
  void spintmaskLeavesAllintClear() {
    rig.set("ID_AA64PFR1_EL1", 1L << 36);
    rig.set("SCTLR_EL1", rig.get("SCTLR_EL1") | 1L << 62);
    rig.code("svc #0");
    rig.code(Rig.EL1_VECTORS + 0x200, "hvc #0");
    rig.pe.branch(Rig.CODE);
    rig.runToEl2();
    assertThat(rig.get("SPSR_EL2")).isEqualTo(0x3c5);
  }

  @Test
  void anIllegalReturnTakesAllintFromSpsr() {
    rig.set("ID_AA64PFR1_EL1", 1L << 36);
    rig.set("SPSR_EL1", 0x2010);
    rig.set("ELR_EL1", Rig.CODE);
    rig.code("eret").run(1);
    assertThat(rig.pe.pstate()).isEqualTo(Pstate.IL | Pstate.ALLINT | 5);
  }

  @Test
  void underTgeThereIsNoReturnToEl1() {
    rig.set("HCR_EL2", Rig.HCR | 1L << 27);
    rig.set("SPSR_EL1", 0x3c5);
    rig.set("ELR_EL1", Rig.CODE + 8);
    rig.code("eret").run(1);
    assertThat(rig.pe.pstate() & Pstate.IL).isNotZero();
  }

  @Test
  void aNestedHypervisorThatInterruptsItselfSeesEl2InSpsr() {
    rig.set("ID_AA64MMFR2_EL1", 0x0100_1011L);
    rig.set("HCR_EL2", Rig.HCR | 1L << 42);
    rig.code("svc #0").run(1);
    assertThat(rig.get("SPSR_EL1")).isEqualTo(0x3c9);
    rig.set("HCR_EL2", Rig.HCR | 3L << 42);
    rig.code("svc #0").run(1);
    assertThat(rig.get("SPSR_EL1") & 0xf).as("under NV1").isEqualTo(5);
    rig.set("HCR_EL2", Rig.HCR | 1L << 42);
    rig.pe.setPstate(0x3c0);
    rig.code("svc #0").run(1);
    assertThat(rig.get("SPSR_EL1") & 0xf).as("from EL0").isZero();
  }

  @Test
  void aHostChecksTheStackPointerOfItsEl0() {
    rig.set("HCR_EL2", 1L << 31 | 1L << 34 | 1L << 27);
    rig.set("SCTLR_EL2", 1 << 4);
    rig.pe.setPstate(0x3c0);
    rig.pe.setSp(Rig.DATA + 8);
    rig.code("ldr x0, [sp]").runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(0x26);
    Rig guests = new Rig();
    guests.set("HCR_EL2", Rig.HCR);
    guests.set("SCTLR_EL1", 0);
    guests.set("SCTLR_EL2", 1 << 4);
    guests.pe.setPstate(0x3c0);
    guests.pe.setSp(Rig.DATA + 8);
    guests.code("ldr x0, [sp]").run(1);
    assertThat(guests.pe.pc()).isEqualTo(Rig.CODE + 4);
  }
}
