package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Interrupts, real and virtual: who takes them, when, and what they leave in the registers. */
class InterruptsTest {
  private static final long FMO_IMO_AMO = 7 << 3;
  private static final long VF = 1 << 6;
  private static final long VI = 1 << 7;
  private static final long VSE = 1 << 8;
  private static final long I = 1 << 7;
  private static final long EL1H = 5;
  private static final long ALL_MASKED = 0xf << 6;
  private final Rig rig = new Rig();

  private void startUnmasked(long hcr) {
    rig.set("HCR_EL2", Rig.HCR | FMO_IMO_AMO | hcr);
    rig.code("nop\n nop");
    rig.pe.setPstate(EL1H);
  }

  @Test
  void anIrqRoutedToEl2IsTakenThereWhateverPstateSaysAndLeavesTheSyndromeStale() {
    rig.set("HCR_EL2", Rig.HCR | FMO_IMO_AMO);
    rig.set("ESR_EL2", 0x1234);
    rig.code("nop\n nop").run(1);
    rig.pe.setIrqLine(true);
    rig.run(1);
    assertThat(rig.pe.isHalted()).isTrue();
    assertThat(rig.pe.pc() - rig.get("VBAR_EL2")).isEqualTo(0x480);
    assertThat(rig.get("ELR_EL2")).isEqualTo(Rig.CODE + 4);
    assertThat(rig.get("SPSR_EL2")).isEqualTo(ALL_MASKED | EL1H);
    assertThat(rig.get("ESR_EL2")).isEqualTo(0x1234);
  }

  @Test
  void anIrqForEl1WaitsUntilItIsUnmasked() {
    rig.code("nop\n msr daifclr, #2\n nop");
    rig.pe.setIrqLine(true);
    rig.run(2);
    assertThat(rig.pe.pc()).isEqualTo(Rig.CODE + 8);
    rig.run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.EL1_VECTORS + 0x280);
    assertThat(rig.get("ELR_EL1")).isEqualTo(Rig.CODE + 8);
  }

  @Test
  void aVirtualIrqIsTakenAtEl1OnceUnmaskedAndStaysPending() {
    startUnmasked(VI);
    rig.run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.EL1_VECTORS + 0x280);
    assertThat(rig.get("ELR_EL1")).isEqualTo(Rig.CODE);
    assertThat(rig.get("SPSR_EL1")).isEqualTo(EL1H);
    assertThat(rig.get("HCR_EL2") & VI).isEqualTo(VI);
    assertThat(rig.pe.pstate() & I).as("masked while it is handled").isEqualTo(I);
  }

  @Test
  void aVirtualFiqHasTheNextVector() {
    startUnmasked(VF);
    rig.run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.EL1_VECTORS + 0x300);
  }

  @Test
  void aVirtualInterruptNeedsItsRoutingBit() {
    startUnmasked(VI);
    rig.set("HCR_EL2", Rig.HCR | VI);
    rig.run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.CODE + 4);
  }

  @Test
  void aVirtualSerrorIsTakenOnceWithTheSyndromeEl2Gave() {
    rig.set("VSESR_EL2", 0x5);
    startUnmasked(VSE);
    rig.run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.EL1_VECTORS + 0x380);
    assertThat(rig.get("ESR_EL1")).isEqualTo(0x2fL << 26 | 1 << 25 | 5);
    assertThat(rig.get("HCR_EL2") & VSE).isZero();
  }

  @Test
  void isrShowsWhatIsPendingForTheGuestThoughMasked() {
    rig.set("HCR_EL2", Rig.HCR | FMO_IMO_AMO | VI | VSE);
    rig.code("mrs x5, isr_el1").run(1);
    assertThat(rig.pe.x(5)).isEqualTo(VI | VSE);
  }

  @Test
  void theIrqInputIsPartOfTheState() {
    rig.code("nop\n nop");
    rig.set("HCR_EL2", Rig.HCR | FMO_IMO_AMO);
    PeState quiet = rig.pe.save();
    rig.pe.setIrqLine(true);
    PeState loud = rig.pe.save();
    assertThat(loud.hash()).isNotEqualTo(quiet.hash());
    rig.pe.restore(quiet);
    rig.run(1);
    assertThat(rig.pe.el()).isEqualTo(1);
    rig.pe.restore(loud);
    rig.run(1);
    assertThat(rig.pe.el()).isEqualTo(2);
  }

  @Test
  void underAHostPstateMasksAPhysicalInterruptAtItsEl0() {
    rig.set("HCR_EL2", 1L << 31 | 1L << 34 | 1L << 27 | FMO_IMO_AMO);
    rig.code("nop\n nop");
    rig.pe.setIrqLine(true);
    rig.pe.setPstate(ALL_MASKED);
    rig.run(1);
    assertThat(rig.pe.el()).isZero();
    rig.pe.setPstate(0);
    rig.run(1);
    assertThat(rig.pe.el()).isEqualTo(2);
  }

  @Test
  void aVirtualIrqWithSuperpriorityIsMaskedByAllintAlone() {
    rig.set("ID_AA64PFR1_EL1", 1L << 36);
    rig.set("SCTLR_EL1", rig.get("SCTLR_EL1") | 1L << 61);
    rig.set("HCRX_EL2", 1 << 7);
    rig.set("HCR_EL2", Rig.HCR | FMO_IMO_AMO | VI);
    rig.code("mrs x5, isr_el1\n msr allint, #0\n nop");
    rig.pe.setPstate(EL1H | ALL_MASKED | 1 << 13);
    rig.run(2);
    assertThat(rig.pe.x(5)).as("I and IS").isEqualTo(VI | 1 << 10);
    rig.run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.EL1_VECTORS + 0x280);
    assertThat(rig.get("ELR_EL1")).isEqualTo(Rig.CODE + 8);
    assertThat(rig.get("SPSR_EL1")).isEqualTo(EL1H | ALL_MASKED);
  }

  @Test
  void withoutNmiOfSctlrSuperpriorityDoesNotPassPstateI() {
    rig.set("ID_AA64PFR1_EL1", 1L << 36);
    rig.set("HCRX_EL2", 1 << 7);
    rig.set("HCR_EL2", Rig.HCR | FMO_IMO_AMO | VI);
    rig.code("nop\n nop");
    rig.pe.setPstate(EL1H | ALL_MASKED);
    rig.run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.CODE + 4);
  }
}
