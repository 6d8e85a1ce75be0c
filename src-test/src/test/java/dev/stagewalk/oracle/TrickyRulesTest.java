package dev.stagewalk.oracle;

import static dev.stagewalk.oracle.Rig.AF;
import static dev.stagewalk.oracle.Rig.ATOMIC;
import static dev.stagewalk.oracle.Rig.BLOCK1;
import static dev.stagewalk.oracle.Rig.BLOCK2;
import static dev.stagewalk.oracle.Rig.DBM;
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

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage1Features;
import dev.stagewalk.mmu.Stage2Format;
import java.util.EnumSet;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Rules of translation that are easily got wrong, one each. */
final class TrickyRulesTest {
  private static final long HA1 = 1L << 39;
  private static final long HD1 = 1L << 40;
  private static final long HA2 = 1L << 21;
  private static final long HD2 = 1L << 22;
  private static final long WXN = 1L << 19;
  private static final long DS1 = 1L << 59;
  private static final long CD = 1L << 32;
  private static final long FWB = 1L << 46;

  private static StageOutput stage1(Translation walk) {
    return Objects.requireNonNull(Objects.requireNonNull(walk.stages()).stage1());
  }

  private static StageOutput stage2(Translation walk) {
    return Objects.requireNonNull(Objects.requireNonNull(walk.stages()).stage2());
  }

  // Output addresses.

  /** Level 0 with DS: blocks of 512 GiB. */
  private static Rig withBlockOf512GiB(long descriptor, long ips) {
    Rig rig = Rig.stage1Only();
    rig.tcr = 16 | 16 << 16 | 2L << 30 | ips << 32 | DS1;
    rig.store(TABLE1, descriptor);
    return rig;
  }

  @Test
  void ofABlockLargerThanTheOutputSizeOnlyWhatLiesBelowItCanBeReached() {
    Rig rig = withBlockOf512GiB(BLOCK1 & ~0x300, 0);
    assertThat(rig.output(0xffff_fff8L, READ).address()).isEqualTo(0xffff_fff8L);
    assertThat(rig.fault(0x1_0000_0000L, READ)).isEqualTo("Address size fault, level 0");
  }

  @Test
  void addressBitsBelowTheSizeOfABlockAreNoPartOfItsOutputAddress() {
    Rig rig = withBlockOf512GiB(0x7f_ffff_f000L | BLOCK1 & ~0x300, 0);
    assertThat(rig.output(0x1238, READ).address()).isEqualTo(0x1238);
  }

  @Test
  void theSameHoldsForBlocksOfStage2() {
    Rig rig = new Rig();
    rig.sctlr = 0;
    rig.vtcr = 1L << 31 | 1L << 32 | 16 | 2 << 6;
    rig.store(TABLE2, 0x7f_ffff_f000L | BLOCK2 & ~0x300);
    assertThat(rig.output(0x1238, READ).address()).isEqualTo(0x1238);
    assertThat(rig.fault(0x1_0000_0000L, READ)).isEqualTo("Address size fault, level 0, stage 2");
  }

  // Sizes of the input.

  @Test
  void tooSmallAT0szOfStage2FaultsWithFeatLpaEvenOnAPeThatClamps() {
    Rig rig = Rig.flat();
    rig.sctlr = 0;
    rig.vtcr = 1L << 31 | 14 | 2 << 6 | 5 << 16;
    rig.txSzFaults = false;
    assertThat(rig.fault(0, READ)).isEqualTo("Translation fault, level 0, stage 2");
    rig.features = Features.MAX.withPaBits(48);
    rig.store(TABLE2, 0x5000 | 3);
    rig.store(0x5000, BLOCK2);
    assertThat(rig.output(0x40, READ).address()).isEqualTo(0x40);
  }

  @Test
  void tooSmallAT0szOfStage1FaultsWithFeatLvaEvenOnAPeThatClamps() {
    Rig rig = Rig.stage1Only();
    rig.tcr = 14 | 16 << 16 | 2L << 30 | 5L << 32;
    rig.txSzFaults = false;
    rig.store(TABLE1, TABLE1 + 0x1000 | 3);
    rig.store(TABLE1 + 0x1000, BLOCK1);
    assertThat(rig.fault(0x40, READ)).isEqualTo("Translation fault, level 0");
    rig.features = Features.MAX.withStage1(withoutWideVas());
    assertThat(rig.output(0x40, READ).address()).isEqualTo(0x40);
  }

  private static Stage1Features withoutWideVas() {
    EnumSet<Granule> all = EnumSet.allOf(Granule.class);
    EnumSet<Granule> none = EnumSet.noneOf(Granule.class);
    return new Stage1Features(all, none, false, true, true, true, true, true);
  }

  // Writable-clean memory is writable.

  @Test
  void el1DoesNotExecuteWhatEl0CanMakeDirty() {
    Rig rig = Rig.stage1Only();
    rig.page1(0x5000 | PAGE1 | EL0 | READ_ONLY1 | DBM);
    assertThat(rig.output(0, FETCH).address()).isEqualTo(0x5000);
    rig.tcr |= HA1 | HD1;
    assertThat(rig.fault(0, FETCH)).isEqualTo("Permission fault, level 3");
    assertThat(rig.output(0, AccessDescriptor.fetch(true)).address()).isEqualTo(0x5000);
  }

  @Test
  void wxnTakesWritableCleanMemoryAsWritable() {
    Rig rig = Rig.stage1Only();
    rig.page1(0x5000 | PAGE1 | READ_ONLY1 | DBM);
    rig.sctlr |= WXN;
    assertThat(rig.output(0, FETCH).address()).isEqualTo(0x5000);
    rig.tcr |= HA1 | HD1;
    assertThat(rig.fault(0, FETCH)).isEqualTo("Permission fault, level 3");
  }

  @Test
  void aReadOfWritableCleanMemoryLeavesItCleanAndAWriteMakesItDirty() {
    Rig rig = Rig.stage1Only();
    rig.page1(0x5000 | PAGE1 | READ_ONLY1 | DBM);
    rig.tcr |= HA1 | HD1;
    Translation read = rig.translate(0, READ);
    assertThat(read.updates()).isEmpty();
    assertThat(stage1(read).permissions().writable(true)).isFalse();
    Translation write = rig.translate(0, WRITE);
    assertThat(write.updates()).hasSize(1);
    assertThat(stage1(write).permissions().writable(true)).isTrue();
  }

  @Test
  void atReportsWritableCleanMemoryAsWritableButDoesNotMakeItDirty() {
    Rig rig = Rig.stage1Only();
    rig.page1(0x5000 | PAGE1 & ~AF | READ_ONLY1 | DBM);
    rig.tcr |= HA1 | HD1;
    Translation probe = rig.translate(0, Rig.at(false, true));
    assertThat(probe.outcome()).isInstanceOf(Translation.Output.class);
    assertThat(probe.updates())
        .singleElement()
        .extracting("value")
        .isEqualTo(0x5000 | PAGE1 | READ_ONLY1 | DBM);
    assertThat(stage1(probe).permissions().writable(true)).isFalse();
  }

  @Test
  void hdWithoutHaDoesNothing() {
    Rig rig = Rig.stage1Only();
    rig.page1(0x5000 | PAGE1 | READ_ONLY1 | DBM);
    rig.tcr |= HD1;
    assertThat(rig.fault(0, WRITE)).isEqualTo("Permission fault, level 3, WnR");
  }

  // Hardware updates of stage-1 tables go through stage 2.

  private static Rig withTableOfStage1Mapped(long stage2Page) {
    Rig rig = new Rig();
    rig.page1(0x5000 | PAGE1 & ~AF);
    rig.tcr |= HA1;
    rig.store(TABLE2, TABLE2 + 0x1000 | 3);
    rig.store(TABLE2 + 0x1000, TABLE2 + 0x2000 | 3);
    for (long page = 0; page < 512; page++) {
      rig.store(TABLE2 + 0x2000 + 8 * page, page << 12 | PAGE2);
    }
    rig.store(TABLE2 + 0x2000 + 8 * 0x102, 0x10_2000 | stage2Page);
    return rig;
  }

  @Test
  void aLoadFaultsIfItsAccessFlagStandsInATableThatStage2KeepsReadOnly() {
    Rig rig = withTableOfStage1Mapped(PAGE2 & ~WRITABLE2);
    assertThat(rig.fault(0, READ)).isEqualTo("Permission fault, level 3, stage 2, S1PTW");
    assertThat(rig.fault(0, WRITE)).isEqualTo("Permission fault, level 3, stage 2, S1PTW, WnR");
    assertThat(rig.fault(0, ATOMIC)).isEqualTo("Permission fault, level 3, stage 2, S1PTW");
  }

  @Test
  void theUpdateOfAStage1TableMakesItsPageDirtyInStage2() {
    Rig rig = withTableOfStage1Mapped(PAGE2 & ~WRITABLE2 | DBM);
    rig.vtcr |= HA2 | HD2;
    Translation walk = rig.translate(0, READ);
    assertThat(walk.updates()).extracting("pa").containsExactly(TABLE2 + 0x2810, TABLE1 + 0x2000);
  }

  @Test
  void ofAnAtomicThatOnlyHadToMakeAPageDirtyWnrIsSet() {
    Rig rig = withTableOfStage1Mapped(PAGE2 & ~WRITABLE2);
    rig.page1(0x5000 | PAGE1 | READ_ONLY1 | DBM);
    rig.tcr |= HD1;
    assertThat(rig.fault(0, ATOMIC)).isEqualTo("Permission fault, level 3, stage 2, S1PTW, WnR");
    assertThat(rig.output(0, READ).address()).isEqualTo(0x5000);
  }

  // Memory attributes.

  @Test
  void instructionsFromDeviceMemoryAreFetchedAsFromNonCacheable() {
    Rig rig = Rig.stage1Only();
    rig.page1(0x5000 | PAGE1 | DEVICE);
    assertThat(rig.output(0, FETCH).memoryType()).isEqualTo(MemoryType.NORMAL_NC);
    assertThat(rig.output(0, READ).memoryType()).isEqualTo(MemoryType.DEVICE_NGNRE);
    Rig both = Rig.flat();
    both.page1(0x5000 | PAGE1);
    both.store(TABLE2, BLOCK2 & ~MEMATTR2);
    assertThat(both.output(0, FETCH).memoryType()).isEqualTo(MemoryType.NORMAL_NC);
    both.hcr |= FWB;
    assertThat(both.output(0, FETCH).memoryType()).isEqualTo(MemoryType.NORMAL_NC);
    assertThat(both.output(0, READ).memoryType()).isEqualTo(MemoryType.DEVICE_NGNRNE);
  }

  @Test
  void theCacheDisableOfStage2WinsOverForcedWriteBack() {
    Rig rig = Rig.flat();
    rig.page1(0x5000 | PAGE1);
    rig.hcr |= FWB | CD;
    for (long block = 0; block < 512; block++) {
      rig.store(TABLE2 + 8 * block, block << 30 | BLOCK2 & ~MEMATTR2 | 6 << 2);
    }
    assertThat(rig.output(0, READ).memoryType()).isEqualTo(MemoryType.NORMAL_NC);
    rig.hcr &= ~CD;
    assertThat(rig.output(0, READ).memoryType()).isEqualTo(MemoryType.NORMAL_WB);
  }

  @Test
  void reservedEncodingsOfMairAndShAreOneOfThoseThatAreNot() {
    Rig rig = Rig.stage1Only();
    rig.mair = 0xf0;
    rig.page1(0x5000 | PAGE1 & ~0x300 | 0x100);
    assertThat(rig.output(0, READ).memoryType()).isEqualTo(MemoryType.NORMAL_NC);
    rig.mair = 0xff;
    assertThat(stage1(rig.translate(0, READ)).attributes().shareability()).isZero();
    assertThat(rig.par(0, Rig.at(false, false), false) >>> 7 & 3).isZero();
  }

  // Odds and ends.

  @Test
  void translationsOfEl2HoldForEveryAsid() {
    Rig rig = Rig.stage1Only();
    rig.regime = OracleRegime.EL2;
    rig.tcr = 25 | 5 << 16;
    rig.page1(0x5000 | PAGE1 | 1 << 11);
    Translation walk = rig.translate(0, READ);
    assertThat(Objects.requireNonNull(walk.stages()).global()).isTrue();
  }

  @Test
  void descriptorsOfLevel0MakeNoContiguousRuns() {
    Stage2Format format = new Stage2Format(Granule.K4, true, false);
    assertThat(format.contiguousEntries(0)).isEqualTo(1);
    assertThat(format.contiguousEntries(1)).isEqualTo(16);
  }

  @Test
  void withoutFeatPanNothingIsGuardedByIt() {
    Rig rig = Rig.stage1Only();
    rig.page1(0x5000 | PAGE1 | EL0);
    assertThat(rig.fault(0, Rig.panned(READ))).isEqualTo("Permission fault, level 3");
    assertThat(stage1(rig.translate(0, READ)).permissions().panApplies()).isTrue();
    Stage1Features all = Stage1Features.MAX;
    rig.features =
        Features.MAX.withStage1(
            new Stage1Features(all.granules(), all.lpa2(), true, true, true, false, false, true));
    assertThat(stage1(rig.translate(0, READ)).permissions().panApplies()).isFalse();
  }

  @Test
  void executionNeedsNoPermissionToRead() {
    Rig rig = Rig.flat();
    rig.sctlr = 0;
    rig.store(TABLE2, BLOCK2 & ~READABLE2);
    assertThat(rig.output(0x40, FETCH).address()).isEqualTo(0x40);
    assertThat(stage2(rig.translate(0x40, FETCH)).permissions().readable(true)).isFalse();
    assertThat(rig.fault(0x40, READ)).isEqualTo("Permission fault, level 1, stage 2");
  }
}
