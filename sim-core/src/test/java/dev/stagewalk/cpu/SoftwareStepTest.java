package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.Tlb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A debugger at EL1 or EL2 that lets what is below it execute one instruction at a time. */
class SoftwareStepTest {
  private static final long IL = 1L << 25;
  private static final long SS = 1L << 21;
  private static final long ISV = 1L << 24;
  private static final long EX = 1L << 6;
  private static final int KDE = 1 << 13;
  private static final long PROGRAM = Rig.CODE + 0x400;

  private Rig stepping(Engine engine, String program, long spsr, long mdscr) {
    Rig rig = new Rig(Tlb.Mode.REALISTIC, engine);
    rig.code(PROGRAM, program);
    rig.set("SPSR_EL1", spsr);
    rig.set("ELR_EL1", PROGRAM);
    rig.pe.setX(1, mdscr);
    rig.pe.setX(2, Rig.DATA);
    return rig.code("msr oslar_el1, xzr\n msr mdscr_el1, x1\n eret").run(3);
  }

  @ParameterizedTest
  @EnumSource
  void oneInstructionIsExecutedAndTheDebuggerHasThePeBack(Engine engine) {
    Rig rig = stepping(engine, "add x9, x9, #1\n add x9, x9, #1\n", 0x3c0 | SS, 1);
    assertThat(rig.pe.pstate() & SS).isEqualTo(SS);
    rig.run(2);
    assertThat(rig.pe.x(9)).isEqualTo(1);
    assertThat(rig.get("ESR_EL1")).isEqualTo(0x32L << 26 | IL | ISV | 0x22);
    assertThat(rig.get("ELR_EL1")).isEqualTo(PROGRAM + 4);
    assertThat(rig.get("SPSR_EL1")).isEqualTo(0x3c0);
    assertThat(rig.pe.pc()).isEqualTo(Rig.EL1_VECTORS + 0x400);
    assertThat(rig.pe.pstate() & SS).isZero();
    rig.set("SPSR_EL1", 0x3c0 | SS);
    rig.code(Rig.EL1_VECTORS + 0x400, "eret").run(3);
    assertThat(rig.pe.x(9)).as("the next one").isEqualTo(2);
    assertThat(rig.get("ELR_EL1")).isEqualTo(PROGRAM + 8);
  }

  @ParameterizedTest
  @EnumSource
  void aReturnWithoutSsExecutesNothing(Engine engine) {
    Rig rig = stepping(engine, "add x9, x9, #1", 0x3c0, 1).run(1);
    assertThat(rig.pe.x(9)).isZero();
    assertThat(rig.get("ESR_EL1")).isEqualTo(0x32L << 26 | IL | 0x22);
    assertThat(rig.get("ELR_EL1")).isEqualTo(PROGRAM);
  }

  @ParameterizedTest
  @EnumSource
  void aSteppedLoadExclusiveIsNamed(Engine engine) {
    Rig rig = stepping(engine, "ldxr x3, [x2]", 0x3c0 | SS, 1).run(2);
    assertThat(rig.iss(1)).isEqualTo(ISV | EX | 0x22);
  }

  @Test
  void aBranchIsSteppedToItsTarget() {
    Rig rig = stepping(Engine.USUAL, "b . + 0x40", 0x3c0 | SS, 1).run(2);
    assertThat(rig.get("ELR_EL1")).isEqualTo(PROGRAM + 0x40);
  }

  @Test
  void anInstructionThatFaultsIsStillToBeExecutedAndACallIsNot() {
    Rig rig = stepping(Engine.USUAL, "brk #1", 0x3c0 | SS, 1).run(1);
    assertThat(rig.exceptionClass(1)).isEqualTo(0x3c);
    assertThat(rig.get("SPSR_EL1")).isEqualTo(0x3c0 | SS);
    rig = stepping(Engine.USUAL, "svc #1", 0x3c0 | SS, 1).run(1);
    assertThat(rig.exceptionClass(1)).isEqualTo(0x15);
    assertThat(rig.get("SPSR_EL1")).isEqualTo(0x3c0);
  }

  @Test
  void atItsOwnLevelADebuggerNeedsKdeAndPstateD() {
    Rig rig = stepping(Engine.USUAL, "add x9, x9, #1\n hvc #0", 0x1c5 | SS, 1).runToEl2();
    assertThat(rig.pe.x(9)).as("without KDE").isEqualTo(1);
    rig = stepping(Engine.USUAL, "add x9, x9, #1\n hvc #0", 0x1c5 | SS, 1 | KDE).run(2);
    assertThat(rig.get("ESR_EL1")).isEqualTo(0x33L << 26 | IL | ISV | 0x22);
    assertThat(rig.pe.pc()).isEqualTo(Rig.EL1_VECTORS + 0x200);
  }

  @Test
  void pstateDMasksTheStepOfTheOwnLevel() {
    Rig rig = stepping(Engine.USUAL, "nop\n msr daifclr, #8\n nop", 0x3c5 | SS, 1 | KDE).run(2);
    assertThat(rig.pe.pc()).isEqualTo(PROGRAM + 8);
    rig.run(1);
    assertThat(rig.get("ESR_EL1")).isEqualTo(0x33L << 26 | IL | 0x22);
    assertThat(rig.get("ELR_EL1")).isEqualTo(PROGRAM + 8);
  }

  @Test
  void underTdeTheHypervisorStepsItsGuest() {
    Rig rig = new Rig();
    rig.set("OSLAR_EL1", 0);
    rig.set("MDCR_EL2", 1 << 8);
    rig.set("MDSCR_EL1", 1);
    rig.code("add x9, x9, #1\n add x9, x9, #1");
    rig.pe.setPstate(0x3c5 | SS);
    rig.runToEl2();
    assertThat(rig.pe.x(9)).isEqualTo(1);
    assertThat(rig.get("ESR_EL2")).isEqualTo(0x32L << 26 | IL | ISV | 0x22);
    assertThat(rig.get("ELR_EL2")).isEqualTo(Rig.CODE + 4);
  }

  @Test
  void nothingIsSteppedUntilTheOsLockIsOpen() {
    Rig rig = new Rig();
    rig.set("MDSCR_EL1", 1);
    rig.set("SPSR_EL1", 0x3c0 | SS);
    rig.set("ELR_EL1", PROGRAM);
    rig.code(PROGRAM, "nop\n nop");
    rig.code("mrs x5, oslsr_el1\n eret").run(4);
    assertThat(rig.pe.x(5)).isEqualTo(0xa);
    assertThat(rig.pe.pc()).isEqualTo(PROGRAM + 8);
  }

  @Test
  void whatWasSteppedIsPartOfTheState() {
    Rig rig = stepping(Engine.USUAL, "ldxr x3, [x2]\n nop", 0x3c0 | SS, 1).run(1);
    PeState between = rig.pe.save();
    rig.run(1);
    long syndrome = rig.get("ESR_EL1");
    Rig other = stepping(Engine.USUAL, "nop", 0x3c0 | SS, 1);
    other.pe.restore(between);
    assertThat(other.pe.save().hash()).isEqualTo(between.hash());
    other.run(1);
    assertThat(other.get("ESR_EL1")).isEqualTo(syndrome);
  }

  @Test
  void anEnabledBreakpointStopsTheRunWithTheReason() {
    Rig rig = new Rig();
    rig.pe.setX(1, 1 << 15);
    rig.pe.setX(2, 0x1e5);
    rig.code("msr oslar_el1, xzr\n msr mdscr_el1, x1\n msr dbgbcr0_el1, x2\n nop").run(10);
    assertThat(rig.pe.isHalted()).isTrue();
    assertThat(rig.pe.pc()).isEqualTo(Rig.CODE + 8);
    assertThat(rig.events.getLast())
        .isInstanceOfSatisfying(
            SimEvent.GuestStopped.class,
            stopped -> assertThat(stopped.reason()).contains("DBGBCR0_EL1"));
  }
}
