package dev.stagewalk.oracle;

import static dev.stagewalk.oracle.Rig.AF;
import static dev.stagewalk.oracle.Rig.ATOMIC;
import static dev.stagewalk.oracle.Rig.BLOCK2;
import static dev.stagewalk.oracle.Rig.DEVICE;
import static dev.stagewalk.oracle.Rig.EL0;
import static dev.stagewalk.oracle.Rig.FETCH;
import static dev.stagewalk.oracle.Rig.MEMATTR2;
import static dev.stagewalk.oracle.Rig.PAGE1;
import static dev.stagewalk.oracle.Rig.PAGE2;
import static dev.stagewalk.oracle.Rig.READ;
import static dev.stagewalk.oracle.Rig.READABLE2;
import static dev.stagewalk.oracle.Rig.READ_ONLY1;
import static dev.stagewalk.oracle.Rig.TABLE1;
import static dev.stagewalk.oracle.Rig.TABLE2;
import static dev.stagewalk.oracle.Rig.WRITABLE2;
import static dev.stagewalk.oracle.Rig.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Translation;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which of several faults is reported, by which stage, and what AT and HCR_EL2 make of it. */
final class FaultRulesTest {
  private static final long DC = 1 << 12;
  private static final long PTW = 1 << 2;
  private static final long XN0 = 1L << 53;
  private static final long XN1 = 1L << 54;
  private static final AccessDescriptor EL0_FETCH = AccessDescriptor.fetch(true);

  private static Rig twoStages(long page1, long block2) {
    Rig rig = Rig.flat();
    rig.store(TABLE2, TABLE2 + 0x1000 | 3);
    for (long block = 0; block < 512; block++) {
      rig.store(TABLE2 + 0x1000 + 8 * block, block << 21 | BLOCK2);
    }
    rig.store(TABLE2 + 0x1000 + 8, 0x20_0000 | block2);
    rig.page1(0x20_0000 | page1);
    return rig;
  }

  @Test
  void anAccessFlagFaultComesBeforeAPermissionFault() {
    Rig rig = twoStages(PAGE1 & ~AF | READ_ONLY1, BLOCK2);
    assertThat(rig.fault(0, WRITE)).isEqualTo("Access flag fault, level 3, WnR");
    Rig two = twoStages(PAGE1, BLOCK2 & ~AF & ~READABLE2);
    assertThat(two.fault(0, READ)).isEqualTo("Access flag fault, level 2, stage 2");
  }

  @Test
  void anAddressSizeFaultComesBeforeAnAccessFlagFault() {
    Rig rig = twoStages(PAGE1 & ~AF | 1L << 47, BLOCK2);
    rig.tcr &= ~(7L << 32);
    assertThat(rig.fault(0, READ)).isEqualTo("Address size fault, level 3");
  }

  @Test
  void anUnalignedAccessToDeviceComesBeforePermissionAndStage1BeforeStage2() {
    Rig rig = twoStages(PAGE1 | DEVICE | READ_ONLY1, 0);
    assertThat(rig.fault(1, Rig.unaligned(WRITE))).isEqualTo("Alignment fault, WnR");
    assertThat(rig.fault(0, WRITE)).isEqualTo("Permission fault, level 3, WnR");
    Rig two = twoStages(PAGE1, BLOCK2 & ~MEMATTR2 & ~READABLE2);
    assertThat(two.fault(1, Rig.unaligned(READ))).isEqualTo("Alignment fault, stage 2");
    assertThat(two.fault(0, READ)).isEqualTo("Permission fault, level 2, stage 2");
  }

  @Test
  void ofAnAtomicWnrIsClearIfAReadAloneWouldFaultToo() {
    assertThat(twoStages(PAGE1, BLOCK2 & ~READABLE2).fault(0, ATOMIC))
        .isEqualTo("Permission fault, level 2, stage 2");
    assertThat(twoStages(PAGE1, BLOCK2 & ~WRITABLE2).fault(0, ATOMIC))
        .isEqualTo("Permission fault, level 2, stage 2, WnR");
    assertThat(twoStages(PAGE1, 0).fault(0, ATOMIC))
        .isEqualTo("Translation fault, level 2, stage 2");
  }

  @Test
  void theFourXnEncodingsOfStage2() {
    assertThat(twoStages(PAGE1, BLOCK2).output(0, FETCH).executableAtEl0()).isTrue();
    Rig el0 = twoStages(PAGE1 | 1L << 53, BLOCK2 | XN0);
    assertThat(el0.output(0, EL0_FETCH).executableAtEl1()).isFalse();
    Rig none = twoStages(PAGE1, BLOCK2 | XN1);
    assertThat(none.fault(0, FETCH)).isEqualTo("Permission fault, level 2, stage 2");
    assertThat(none.fault(0, EL0_FETCH)).isEqualTo("Permission fault, level 2, stage 2");
    Rig el1 = twoStages(PAGE1, BLOCK2 | XN1 | XN0);
    assertThat(el1.output(0, FETCH).executableAtEl0()).isFalse();
    el1.features = el1.features.withXnx(false);
    assertThat(el1.fault(0, FETCH)).isEqualTo("Permission fault, level 2, stage 2");
  }

  @Test
  void withPtwAStage1TableInDeviceMemoryIsAPermissionFaultAtTheLevelOfStage2() {
    Rig rig = twoStages(PAGE1, BLOCK2);
    rig.store(TABLE2 + 0x1000, BLOCK2 & ~MEMATTR2);
    assertThat(rig.output(0, READ).address()).isEqualTo(0x20_0000);
    rig.hcr |= PTW;
    assertThat(rig.fault(0, READ)).isEqualTo("Permission fault, level 2, stage 2, S1PTW");
    assertThat(rig.fault(0, WRITE)).isEqualTo("Permission fault, level 2, stage 2, S1PTW, WnR");
  }

  @Test
  void dcTurnsStage1OffAndStage2OnEvenWithoutVm() {
    Rig rig = twoStages(PAGE1, BLOCK2);
    rig.hcr = DC;
    Translation walk = rig.translate(0x20_0008, Rig.unaligned(READ));
    assertThat(((Translation.Output) walk.outcome()).memoryType()).isEqualTo(MemoryType.NORMAL_WB);
    assertThat(Objects.requireNonNull(walk.stages()).stage2()).isNotNull();
    rig.store(TABLE2 + 0x1008, 0);
    assertThat(rig.fault(0x20_0008, READ)).isEqualTo("Translation fault, level 2, stage 2");
  }

  @Test
  void withE2hAndTgeNeitherVmNorDcHasAnEffect() {
    Rig rig = twoStages(PAGE1, 0);
    rig.hcr = 1 | DC | 1L << 27 | 1L << 34;
    assertThat(rig.output(0, READ).address()).isEqualTo(0x20_0000);
  }

  @Test
  void withStage1OffAVaBeyondThePaSizeIsAnAddressSizeFaultOfStage1() {
    Rig rig = Rig.flat();
    rig.sctlr = 0;
    rig.features = rig.features.withPaBits(40);
    assertThat(rig.fault(1L << 40, READ)).isEqualTo("Address size fault, level 0");
    rig.tcr |= 1L << 37;
    assertThat(rig.output(0x7700_0000_0000_0040L, READ).address()).isEqualTo(0x40);
  }

  @Test
  void withStage1OffDataIsDeviceAndAnUnalignedAccessItsOwnFault() {
    Rig rig = twoStages(PAGE1, 0);
    rig.sctlr = 0;
    assertThat(rig.fault(0x20_0001, Rig.unaligned(READ))).isEqualTo("Alignment fault");
    assertThat(rig.fault(0x20_0000, READ)).isEqualTo("Translation fault, level 2, stage 2");
  }

  @Test
  void fourLevelsAboveFourTake24ReadsAndFiveAboveFive35() {
    assertThat(deep(16, 0).translate(0, READ).reads()).isEqualTo(24);
    assertThat(deep(12, 1L << 59).translate(0, READ).reads()).isEqualTo(35);
  }

  /** Every table of both stages is the same page of memory, whose first entry leads to itself. */
  private static Rig deep(int size, long ds) {
    Rig rig = new Rig();
    rig.tcr = size | 16 << 16 | 2L << 30 | 6L << 32 | ds;
    rig.vtcr = 1L << 31 | size | 6 << 16 | (ds != 0 ? 3L << 32 : 2 << 6);
    rig.ttbr0 = 0;
    rig.vttbr = 0;
    rig.store(0, PAGE2 & ~0x300);
    return rig;
  }

  @Test
  void parTellsTheAddressTheTypeAndThatDeviceIsOuterShareable() {
    Rig rig = twoStages(PAGE1, BLOCK2);
    assertThat(rig.par(0x123, Rig.at(false, false), true)).isEqualTo(0xff00_0000_0020_0b80L);
    rig = twoStages(PAGE1 | DEVICE, BLOCK2);
    assertThat(rig.par(0x123, Rig.at(false, false), true)).isEqualTo(0x0400_0000_0020_0b00L);
    assertThat(rig.par(0x123, Rig.at(false, false), false)).isEqualTo(0x0400_0000_0020_0b00L);
  }

  @Test
  void parTellsTheFaultItsStageAndWhetherItWasOnTheWalk() {
    Rig rig = twoStages(PAGE1, 0);
    assertThat(rig.par(0, Rig.at(false, true), true)).isEqualTo(0xa0dL);
    assertThat(rig.par(0, Rig.at(false, true), false) & 1).as("stage 1 alone").isZero();
    assertThat(rig.par(0, Rig.at(true, true), false)).isEqualTo(0x81fL);
    rig.store(TABLE2 + 0x1000, 0);
    assertThat(rig.par(0, Rig.at(false, false), false)).isEqualTo(0xb0dL);
    rig.store(TABLE1 + 0x2000, 0x20_0000 | PAGE1 | EL0);
    rig.hcr = 0;
    assertThat(rig.par(0, Rig.panned(Rig.at(false, false)), false)).isEqualTo(0x81fL);
  }
}
