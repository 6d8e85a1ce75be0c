package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Access;
import dev.stagewalk.mmu.Tlb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an access of the guest becomes: alignment, translation, syndrome, and no stale page. */
class MemoryPortTest {
  private static final long NEXT = Rig.DATA + 0x1000;
  private static final long PAGE_RO = 0x77f;
  private static final long PAGE_DEVICE = 0x7c3;
  private final Rig rig = new Rig();

  @Test
  void anAccessThatCrossesIntoAnUnmappedPageNamesThatPagesFirstByteAndStoresNothing() {
    rig.setLeaf(NEXT, 0);
    rig.pe.setX(0, NEXT - 3);
    rig.pe.setX(1, -1);
    rig.code("str x1, [x0]").runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(0x24);
    assertThat(rig.get("FAR_EL2")).isEqualTo(NEXT);
    assertThat(rig.get("HPFAR_EL2")).isEqualTo(NEXT >>> 8);
    assertThat(rig.iss(2) & 0x3f).isEqualTo(0b000111);
    assertThat(rig.ram.read(NEXT - 8, 8)).isZero();
  }

  @Test
  void anAccessAcrossTwoPagesThatLieElsewhereReachesBoth() {
    rig.setLeaf(NEXT, Rig.page(Rig.DATA + 0x5000));
    rig.pe.setX(0, NEXT - 3);
    rig.pe.setX(1, 0x1122_3344_5566_7788L);
    rig.code("str x1, [x0]\n ldr x2, [x0]").run(2);
    assertThat(rig.pe.x(2)).isEqualTo(0x1122_3344_5566_7788L);
    assertThat(rig.ram.read(Rig.DATA + 0x5000, 4)).isEqualTo(0x2233_4455L);
    assertThat(rig.ram.read(NEXT, 8)).isZero();
  }

  @Test
  void withStage1OffAnUnalignedAccessIsAnAlignmentFaultAtEl1BeforeStage2() {
    rig.set("HCR_EL2", 1L << 31 | 1);
    rig.setLeaf(Rig.DATA, 0);
    rig.pe.setX(0, Rig.DATA + 1);
    rig.code("str w1, [x0]").run(1);
    assertThat(rig.exceptionClass(1)).isEqualTo(0x25);
    assertThat(rig.iss(1)).isEqualTo(1 << 6 | 0x21);
    assertThat(rig.get("FAR_EL1")).isEqualTo(Rig.DATA + 1);
  }

  @Test
  void underDcAnUnalignedAccessIsAllowedUnlessSctlrRefusesIt() {
    rig.pe.setX(0, Rig.DATA + 1);
    rig.code("ldr w1, [x0]\n nop").run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.CODE + 4);
    rig.set("SCTLR_EL1", rig.get("SCTLR_EL1") | 2);
    rig.code("ldr w1, [x0]").run(1);
    assertThat(rig.iss(1)).isEqualTo(0x21);
  }

  @Test
  void anUnalignedAccessToWhatOnlyStage2MakesDeviceGoesToEl2WithoutAnIpa() {
    rig.set("HPFAR_EL2", 0x99990);
    rig.setLeaf(Rig.DATA, Rig.DATA | PAGE_DEVICE);
    rig.pe.setX(0, Rig.DATA);
    rig.pe.setX(2, Rig.DATA + 2);
    rig.code("str w1, [x0]\n str w1, [x2]").runToEl2();
    assertThat(rig.pe.instructions()).isEqualTo(2);
    assertThat(rig.exceptionClass(2)).isEqualTo(0x24);
    assertThat(rig.iss(2) & 0x7f).isEqualTo(1 << 6 | 0x21);
    assertThat(rig.iss(2) >>> 24).as("ISV").isEqualTo(1);
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.DATA + 2);
    assertThat(rig.get("HPFAR_EL2")).isEqualTo(0x99990);
  }

  @Test
  void whereNothingAnswersTheAbortIsExternalAndTeaRoutesItToEl2() {
    rig.setLeaf(Rig.DATA, Rig.page(Rig.NOWHERE));
    rig.pe.setX(0, Rig.DATA + 8);
    rig.code("ldr x1, [x0]").run(1);
    assertThat(rig.exceptionClass(1)).isEqualTo(0x25);
    assertThat(rig.iss(1)).isEqualTo(0x10);
    rig.set("HCR_EL2", Rig.HCR | 1L << 37);
    rig.code("ldr x1, [x0]").runToEl2();
    assertThat(rig.iss(2)).as("no ISV").isEqualTo(0x10);
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.DATA + 8);
  }

  @Test
  void anExternalAbortInTheSecondPageNamesItAndStoresNothing() {
    rig.setLeaf(NEXT, Rig.page(Rig.NOWHERE));
    rig.pe.setX(0, NEXT - 2);
    rig.pe.setX(1, -1);
    rig.code("str x1, [x0]").run(1);
    assertThat(rig.get("FAR_EL1")).isEqualTo(NEXT);
    assertThat(rig.ram.read(NEXT - 8, 8)).isZero();
  }

  @Test
  void anExternalAbortOnTheWalkHasNoInstructionSyndromeAndNoIpa() {
    rig.code("nop\n ldr x1, [x0]").run(1);
    rig.ram.write(rig.get("VTTBR_EL2") + 8, 8, Rig.NOWHERE | 3);
    rig.set("HPFAR_EL2", 0x1230);
    rig.pe.setX(0, Rig.DATA);
    rig.runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(0x24);
    assertThat(rig.iss(2)).isEqualTo(0b010110);
    assertThat(rig.get("HPFAR_EL2")).isEqualTo(0x1230);
  }

  @ParameterizedTest
  @CsvSource({
    "'ldrb w3, [x0]', 0x1030000",
    "'ldrsh x3, [x0, #2]', 0x1638000",
    "'ldrsb w3, [x0]', 0x1230000",
    "'str x3, [x0]', 0x1c38040",
    "'str wzr, [x0]', 0x19f0040",
    "'ldar w3, [x0]', 0x1834000",
    "'ldr x3, [x0], #8', 0",
    "'ldp x3, x4, [x0]', 0",
    "'ldxr x3, [x0]', 0",
    "'stlr x3, [x0]', 0x1c3c040"
  })
  void theSyndromeDescribesTheInstructionOnlyIfItIsOfOneRegisterWithoutWriteBack(
      String instruction, String iss) {
    rig.setLeaf(Rig.DATA, 0);
    rig.pe.setX(0, Rig.DATA);
    rig.code(instruction).runToEl2();
    assertThat(rig.iss(2)).isEqualTo(Long.decode(iss) | 7);
  }

  @Test
  void aPermissionFaultLeavesHpfarAlone() {
    rig.set("HPFAR_EL2", 0x4560);
    rig.setLeaf(Rig.DATA, Rig.DATA | PAGE_RO);
    rig.pe.setX(0, Rig.DATA);
    rig.code("ldr x1, [x0]\n str x1, [x0]").runToEl2();
    assertThat(rig.pe.instructions()).isEqualTo(2);
    assertThat(rig.iss(2) & 0x7f).isEqualTo(1 << 6 | 0xf);
    assertThat(rig.get("HPFAR_EL2")).isEqualTo(0x4560);
  }

  @Test
  void aMisalignedAtomicIsReportedAsARead() {
    rig.pe.setX(0, Rig.DATA + 1);
    rig.code("ldadd w1, w2, [x0]").run(1);
    assertThat(rig.iss(1)).isEqualTo(0x21);
  }

  @Test
  void anAddressBeyondThePhysicalSizeIsAStage1AddressSizeFaultAtLevel0() {
    rig.pe.setX(0, 1L << 52);
    rig.code("ldr x1, [x0]").run(1);
    assertThat(rig.exceptionClass(1)).isEqualTo(0x25);
    assertThat(rig.iss(1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldr x1, [x0]", "str x1, [x0]"})
  void whatTheTlbHoldsIsUsedUntilItIsInvalidatedAndNoLonger(String access) {
    rig.pe.setX(0, Rig.DATA);
    rig.code(access + "\n" + access + "\n" + access).run(1);
    rig.setLeaf(Rig.DATA, 0);
    rig.run(1);
    assertThat(rig.pe.isHalted()).as("stale, but allowed").isFalse();
    rig.tlb.invalidate(_ -> true);
    rig.runToEl2();
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.DATA);
  }

  @Test
  void aTranslationMadeUnderOneVmidIsNotUsedUnderAnother() {
    rig.pe.setX(0, Rig.DATA);
    rig.code("ldr x1, [x0]\n ldr x1, [x0]").run(1);
    rig.setLeaf(Rig.DATA, 0);
    rig.set("VTTBR_EL2", rig.get("VTTBR_EL2") | 5L << 48);
    rig.runToEl2();
    assertThat(rig.get("HPFAR_EL2")).isEqualTo(Rig.DATA >>> 8);
  }

  @Test
  void withStage2OffTheSameAddressIsThePhysicalOne() {
    rig.setLeaf(Rig.DATA, Rig.page(Rig.DATA + 0x3000));
    rig.ram.write(Rig.DATA, 8, 1);
    rig.ram.write(Rig.DATA + 0x3000, 8, 2);
    rig.pe.setX(0, Rig.DATA);
    rig.code("ldr x1, [x0]\n ldr x2, [x0]").run(1);
    rig.set("HCR_EL2", 1L << 31);
    rig.run(1);
    assertThat(rig.pe.x(1)).isEqualTo(2);
    assertThat(rig.pe.x(2)).isEqualTo(1);
  }

  @Test
  void aStoreAfterAnImageGoesToACopyAndARestoreBringsTheOldContentBack() {
    rig.pe.setX(0, Rig.DATA);
    rig.pe.setX(1, 1);
    rig.code("str x1, [x0]\n add x1, x1, #1\n str x1, [x0]\n ldr x2, [x0]\n ldr x3, [x0]");
    rig.run(2);
    var image = rig.ram.image();
    rig.run(2);
    assertThat(rig.pe.x(2)).isEqualTo(2);
    assertThat(image.read(Rig.DATA, 8)).isEqualTo(1);
    rig.ram.restore(image);
    rig.run(1);
    assertThat(rig.pe.x(3)).isEqualTo(1);
  }

  @Test
  void withoutATlbEveryAccessAndEveryFetchWalks() {
    Rig off = new Rig(Tlb.Mode.OFF);
    off.pe.setX(0, Rig.DATA);
    off.code("ldr x1, [x0]\n ldr x1, [x0]\n str x1, [x0]\n str x1, [x0]").run(4);
    assertThat(off.walks()).isEqualTo(8);
  }

  @Test
  void withATlbOnlyTheFirstAccessToAPageWalks() {
    rig.pe.setX(0, Rig.DATA);
    rig.code("ldr x1, [x0]\n ldr x1, [x0]\n str x1, [x0]\n str x1, [x0]").run(4);
    assertThat(rig.walks()).isEqualTo(2);
  }

  @Test
  void aWalkThatSomebodyIntervenedInIsMadeAgain() {
    rig.pe.setX(0, Rig.DATA);
    rig.code("nop\n ldr x1, [x0]").run(1);
    rig.onWalk(() -> {
      rig.setLeaf(Rig.DATA, Rig.page(Rig.DATA + 0x1000));
      rig.tlb.invalidate(_ -> true);
      rig.pe.intervened();
    });
    rig.ram.write(Rig.DATA, 8, 1);
    rig.ram.write(Rig.DATA + 0x1000, 8, 2);
    rig.run(1);
    assertThat(rig.pe.x(1)).isEqualTo(2);
    assertThat(rig.tlb.lookup(0, 0, Rig.DATA, Access.read(8)).output(Rig.DATA))
        .isEqualTo(Rig.DATA + 0x1000);
  }

  @Test
  void aPairThatReachesIntoAPageWithoutWritePermissionStoresNeitherHalf() {
    rig.setLeaf(NEXT, NEXT | PAGE_RO);
    rig.pe.setX(0, NEXT - 8);
    rig.pe.setX(1, -1);
    rig.code("stp x1, x1, [x0]").runToEl2();
    assertThat(rig.get("FAR_EL2")).isEqualTo(NEXT);
    assertThat(rig.iss(2)).as("no valid syndrome, a write").isEqualTo(1 << 6 | 0b001111);
    assertThat(rig.ram.read(NEXT - 8, 8)).isZero();
  }

  @Test
  void anUnalignedAccessThatOnlyEndsInADevicePageIsMadeAsToItsFirstPage() {
    rig.setLeaf(NEXT, NEXT | PAGE_DEVICE);
    rig.pe.setX(0, NEXT - 4);
    rig.pe.setX(1, -1);
    rig.code("str x1, [x0]\n nop").run(1);
    assertThat(rig.ram.read(NEXT, 4)).isEqualTo(0xffff_ffffL);
    rig.setLeaf(Rig.DATA, Rig.DATA | PAGE_DEVICE);
    rig.tlb.invalidate(_ -> true);
    rig.code("str x1, [x0]").runToEl2();
    assertThat(rig.iss(2) & 0x3f).isEqualTo(0x21);
  }

  @Test
  void aRefusedDcZvaNamesTheAddressAsGivenAndNotTheBlock() {
    rig.setLeaf(Rig.DATA, 0);
    rig.pe.setX(0, Rig.DATA + 0x47);
    rig.code("dc zva, x0").runToEl2();
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.DATA + 0x47);
    assertThat(rig.iss(2)).isEqualTo(1 << 6 | 0b000111);
  }

  @Test
  void theSizeOfAMarkForExclusiveAccessIsPartOfTheHash() {
    Rig one = new Rig().code("ldxr x1, [x0]");
    Rig two = new Rig().code("ldxr w1, [x0]");
    one.pe.setX(0, Rig.DATA);
    two.pe.setX(0, Rig.DATA);
    assertThat(one.run(1).pe.save().hash()).isNotEqualTo(two.run(1).pe.save().hash());
  }

  @Test
  void withLse2OnlyNaaLetsAnAcquireCrossSixteenBytesAndNothingAnAtomic() {
    for (String access : new String[] {"ldar x1, [x0]", "ldadd x1, x2, [x0]"}) {
      for (int naa = 0; naa < 2; naa++) {
        Rig rig = new Rig();
        rig.set("ID_AA64MMFR2_EL1", 1L << 32);
        rig.set("SCTLR_EL1", rig.get("SCTLR_EL1") | (long) naa << 6);
        rig.pe.setX(0, Rig.DATA + 4);
        rig.code(access + "\n add x0, x0, #6\n " + access).run(2);
        assertThat(rig.pe.pc()).as("within 16 bytes").isEqualTo(Rig.CODE + 8);
        rig.run(1);
        boolean allowed = naa == 1 && access.startsWith("ldar");
        assertThat(rig.pe.pc() == Rig.CODE + 12).as("%s, nAA %s", access, naa).isEqualTo(allowed);
      }
    }
  }
}
