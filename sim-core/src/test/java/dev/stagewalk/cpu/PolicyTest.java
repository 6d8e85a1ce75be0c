package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Tlb;
import org.junit.jupiter.api.Test;

/** What a PE does where the architecture leaves the choice. */
final class PolicyTest {
  private static final long HPFAR_POISON = 0xbad_0bad_0ba0L & 0xfff_ffff_fff0L;
  private static final long READ_ONLY = Rig.page(Rig.DATA) & ~0x80L;

  @Test
  void hpfarKeepsItsValueAtAStage2PermissionFaultUsually() {
    Rig rig = new Rig();
    rig.set("HPFAR_EL2", 0x1230);
    rig.setLeaf(Rig.DATA, READ_ONLY);
    rig.pe.setX(0, Rig.DATA);
    rig.code("str x1, [x0]").runToEl2();

    assertThat(rig.get("HPFAR_EL2")).isEqualTo(0x1230);
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.DATA);
  }

  @Test
  void hpfarIsPoisonedAtAStage2PermissionFaultBeforeAnAdversarialTlb() {
    Rig rig = new Rig(Tlb.Mode.ADVERSARIAL);
    rig.setLeaf(Rig.DATA, READ_ONLY);
    rig.pe.setX(0, Rig.DATA);
    rig.code("str x1, [x0]").runToEl2();

    assertThat(rig.get("HPFAR_EL2")).isEqualTo(HPFAR_POISON);
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.DATA);
    SimEvent.ExceptionTaken taken = (SimEvent.ExceptionTaken) rig.events.getLast();
    assertThat(taken.hpfarValid()).isFalse();
    assertThat(taken.hpfar()).isEqualTo(HPFAR_POISON);
  }

  @Test
  void hpfarAndFarHoldTheAddressesOfATranslationFaultBeforeAnyTlb() {
    Rig rig = new Rig(Tlb.Mode.ADVERSARIAL);
    rig.setLeaf(Rig.DATA, 0);
    rig.pe.setX(0, Rig.DATA + 8);
    rig.code("ldr x1, [x0]").runToEl2();

    assertThat(rig.get("HPFAR_EL2")).isEqualTo(Rig.DATA >>> 12 << 4);
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.DATA + 8);
  }

  @Test
  void farAndHpfarArePoisonedAtAnHvc() {
    Rig rig = new Rig(Tlb.Mode.ADVERSARIAL);
    rig.code("hvc #1").runToEl2();

    assertThat(rig.get("FAR_EL2")).isEqualTo(Policy.POISON);
    assertThat(rig.get("HPFAR_EL2")).isEqualTo(HPFAR_POISON);
    assertThat(rig.exceptionClass(2)).isEqualTo(0x16);
  }

  @Test
  void aReturnPoisonsTheSyndromeOfTheLevelItLeaves() {
    Rig rig = new Rig(Tlb.Mode.ADVERSARIAL);
    rig.set("ELR_EL1", Rig.CODE + 4);
    rig.set("SPSR_EL1", 0x3c0);
    rig.set("ESR_EL1", 0x5600_0001L);
    rig.code("eret\nsvc #0").run(1);

    assertThat(rig.pe.el()).isZero();
    assertThat(rig.get("ESR_EL1")).isEqualTo(Policy.POISON & 0xffff_ffffL);
    assertThat(rig.get("FAR_EL1")).isEqualTo(Policy.POISON);
  }

  /** A table of pages becomes a block without break-before-make, while a page of it is cached. */
  private static Rig conflict(Policy policy) {
    Rig rig = new Rig(new Tlb(Tlb.Mode.REALISTIC, 16, 1, policy), Engine.USUAL);
    rig.pe.setX(0, Rig.DATA);
    rig.pe.setX(2, Rig.DATA + 0x1000);
    rig.pe.setX(4, 0x1234);
    return rig.code("ldr x1, [x0]\nldr x3, [x2]\nldr x5, [x0]\nhvc #1").run(1);
  }

  @Test
  void anEntryOfAnotherSizeAnswersLateUsually() {
    Rig rig = conflict(Policy.USUAL);
    rig.ram.write(Rig.levelTwo(), 8, Rig.RAM | 0x7fd);
    rig.runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(0x16);
  }

  @Test
  void anEntryOfAnotherSizeMayEndInATlbConflictAbort() {
    Rig rig = conflict(Policy.WORST);
    rig.ram.write(Rig.levelTwo(), 8, Rig.RAM | 0x7fd);
    rig.runToEl2();

    assertThat(rig.exceptionClass(2)).as("of the page of the code itself").isEqualTo(0x20);
    assertThat(rig.iss(2)).as("IFSC 0x30 and nothing else").isEqualTo(0x30);
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.CODE + 8);
    assertThat(rig.get("HPFAR_EL2")).isEqualTo(HPFAR_POISON);
    SimEvent.ExceptionTaken taken = (SimEvent.ExceptionTaken) rig.events.getLast();
    assertThat(taken.fault().orElseThrow().rule()).contains("TLB conflict");
    assertThat(taken.fault().orElseThrow().stage()).isEqualTo(2);
    assertThat(taken.fault().orElseThrow().level()).isEqualTo(3);
  }

  @Test
  void whereThePagesAreForgottenFirstThereIsNoConflict() {
    Rig rig = conflict(Policy.WORST);
    rig.tlb.invalidate(_ -> true);
    rig.ram.write(Rig.levelTwo(), 8, Rig.RAM | 0x7fd);
    rig.runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(0x16);
  }

  @Test
  void aMisalignedRootIsAlignedDownOrCorruptsTheAddress() {
    long vttbr = 0x4020_0008L;
    Stage2Parameters usual = Stage2Parameters.decode(Rig.VTCR, vttbr, 1, Features.MAX);
    Stage2Parameters worst =
        Stage2Parameters.decode(Rig.VTCR, vttbr, 1, Features.MAX, Policy.WORST);

    assertThat(usual.rootBase()).isEqualTo(0x4020_0000L);
    assertThat(worst.rootBase()).isEqualTo(0x4020_0008L);
    assertThat(usual.problems()).hasSize(1);
    assertThat(worst.problems()).hasSize(1);
    assertThat(worst.problems().getFirst().sentence()).endsWith("the walker reads 0x4020_0008");
  }
}
