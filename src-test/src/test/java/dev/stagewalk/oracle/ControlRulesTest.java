package dev.stagewalk.oracle;

import static dev.stagewalk.oracle.Rig.BLOCK1;
import static dev.stagewalk.oracle.Rig.BLOCK2;
import static dev.stagewalk.oracle.Rig.EL0;
import static dev.stagewalk.oracle.Rig.FETCH;
import static dev.stagewalk.oracle.Rig.PAGE1;
import static dev.stagewalk.oracle.Rig.PAGE2;
import static dev.stagewalk.oracle.Rig.READ;
import static dev.stagewalk.oracle.Rig.READ_ONLY1;
import static dev.stagewalk.oracle.Rig.TABLE1;
import static dev.stagewalk.oracle.Rig.TABLE2;
import static dev.stagewalk.oracle.Rig.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.MemoryAttributes;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Features;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What single fields of the controls do, one rule each. */
final class ControlRulesTest {
  private static final long RES1 = 1L << 31;
  private static final long DS2 = 1L << 32;
  private static final long SL2 = 1L << 33;
  private static final long K64 = 1 << 14;
  private static final long K16 = 2 << 14;
  private static final AccessDescriptor EL0_READ = Rig.data(true, true, false);
  private static final String FAULT_0 = "Translation fault, level 0, stage 2";

  /** Stage 2 alone. */
  private static Rig stage2(long vtcr) {
    Rig rig = Rig.flat();
    rig.sctlr = 0;
    rig.hcr = 1 | 1 << 12;
    rig.vtcr = RES1 | vtcr;
    return rig;
  }

  @Test
  void theLegalStartLevelsDependOnPaRangeAndNotOnPs() {
    Rig rig = stage2(24 | 2 << 6 | 5 << 16);
    rig.store(TABLE2, 0x5000 | 3);
    rig.store(0x5000, BLOCK2);
    rig.vtcr = RES1 | 24 | 2 << 6;
    assertThat(rig.output(8, READ).address()).as("PS 32 bits, PARange 52").isEqualTo(8);
    rig.vtcr = RES1 | 24 | 2 << 6 | 5 << 16;
    rig.features = Features.MAX.withPaBits(42);
    assertThat(rig.fault(8, READ)).isEqualTo(FAULT_0);
  }

  @Test
  void level3AsTheFirstWith4KNeedsFeatTtst() {
    Rig rig = stage2(43 | 3 << 6 | 5 << 16);
    rig.store(TABLE2, 0x5000 | PAGE2);
    assertThat(rig.output(8, READ).address()).isEqualTo(0x5008);
    rig.features = Features.MAX.withSmallTables(false);
    assertThat(rig.fault(8, READ)).isEqualTo(FAULT_0);
  }

  @Test
  void t0szGoesTo48WithFeatTtstAndTo47With64K() {
    Rig rig = stage2(48 | 3 << 6 | 5 << 16);
    rig.store(TABLE2, 0x5000 | PAGE2);
    assertThat(rig.output(8, READ).address()).isEqualTo(0x5008);
    rig.vtcr = RES1 | 49 | 3 << 6 | 5 << 16;
    assertThat(rig.fault(8, READ)).isEqualTo(FAULT_0);
    rig.vtcr = RES1 | 47 | K64 | 5 << 16;
    rig.store(TABLE2, 0x5_0000 | PAGE2);
    assertThat(rig.output(8, READ).address()).isEqualTo(0x5_0008);
    rig.vtcr = RES1 | 48 | K64 | 5 << 16;
    assertThat(rig.fault(8, READ)).isEqualTo(FAULT_0);
  }

  @Test
  void level0AsTheFirstWith16KNeedsDs() {
    Rig rig = stage2(16 | 3 << 6 | 5 << 16 | K16);
    assertThat(rig.fault(8, READ)).isEqualTo(FAULT_0);
    rig.vtcr |= DS2;
    rig.store(TABLE2, 0x4_0000 | 3);
    rig.store(0x4_0000, BLOCK2 & ~0x300);
    assertThat(rig.output(8, READ).level()).isEqualTo(1);
  }

  @Test
  void sl2CountsOnlyWithDsAndTheFirstLevelMinusOneNeeds49Bits() {
    Rig rig = stage2(12 | 6 << 16 | DS2 | SL2);
    rig.store(TABLE2, 0x5000 | 3);
    rig.store(0x5000, BLOCK2 & ~0x300);
    Translation walk = rig.translate(8, READ);
    assertThat(walk.lookups()).extracting("level").containsExactly(-1, 0);
    rig.vtcr = RES1 | 16 | 6 << 16 | DS2 | SL2;
    assertThat(rig.fault(8, READ)).isEqualTo(FAULT_0);
    rig.vtcr = RES1 | 34 | 6 << 16 | SL2;
    assertThat(rig.translate(8, READ).lookups()).first().extracting("level").isEqualTo(2);
  }

  @Test
  void sixteenTablesMayStandSideBySideAndNotSeventeen() {
    Rig rig = stage2(21 | 1 << 6 | 5 << 16);
    rig.vttbr = 0x20_0000;
    long last = (1L << 43) - 8;
    rig.store(0x20_0000 + 8 * (16 * 512 - 1), BLOCK2);
    assertThat(rig.output(last, READ).address()).isEqualTo((1L << 30) - 8);
    rig.vttbr = 0x20_8000;
    assertThat(rig.output(last, READ).address()).as("aligned down").isEqualTo((1L << 30) - 8);
    rig.vtcr = RES1 | 20 | 1 << 6 | 5 << 16;
    assertThat(rig.fault(8, READ)).isEqualTo(FAULT_0);
  }

  @Test
  void with52BitAddressesTheBaseHasItsHighBitsInBits5To2AndTheRootAtLeast64Bytes() {
    Rig rig = stage2(12 | 6 << 16 | DS2 | SL2);
    rig.vttbr = 0x20_0000 | 0xa << 2 | 1;
    long root = 0xaL << 48 | 0x20_0000;
    rig.store(root, 0x5000 | 3);
    rig.store(0x5000, BLOCK2 & ~0x300);
    assertThat(rig.translate(8, READ).lookups()).first().extracting("table").isEqualTo(root);
    // A root of 16 bytes, whose address has no bits below 64.
    rig.vtcr = RES1 | 47 | K64 | 6 << 16;
    rig.store(root, 0x5_0000 | PAGE2);
    assertThat(rig.translate(8, READ).lookups()).first().extracting("table").isEqualTo(root);
    rig.vtcr = RES1 | 47 | K64 | 5 << 16;
    rig.vttbr = 0x20_0030;
    rig.store(0x20_0030, 0x5_0000 | PAGE2);
    assertThat(rig.output(8, READ).address()).as("48 bits: aligned to 16").isEqualTo(0x5_0008);
  }

  @Test
  void cnpIsNoBitOfTheBase() {
    Rig rig = Rig.flat();
    rig.page1(0x5000 | PAGE1);
    rig.vttbr |= 1;
    rig.ttbr0 |= 1;
    assertThat(rig.output(8, READ).address()).isEqualTo(0x5008);
  }

  @Test
  void with64KAndFeatLpaBits15To12AreAddressBitsEvenIfPsIsSmaller() {
    Rig rig = stage2(34 | K64 | 5 << 16 | 1 << 6);
    rig.store(TABLE2, 0x10_0000 | 3);
    rig.store(0x10_0000, 0x5_0000 | PAGE2 | 1 << 12);
    assertThat(rig.fault(8, READ)).isEqualTo("Address size fault, level 3, stage 2");
    rig.vtcr |= 6 << 16;
    assertThat(rig.output(8, READ).address()).isEqualTo(1L << 48 | 0x5_0008);
    rig.features = Features.MAX.withPaBits(48);
    assertThat(rig.output(8, READ).address()).as("without FEAT_LPA").isEqualTo(0x5_0008);
  }

  @Test
  void withDsBits9And8AreAddressBitsAndShComesFromVtcr() {
    Rig rig = stage2(12 | 6 << 16 | DS2 | SL2 | 2 << 12);
    rig.store(TABLE2, 0x5000 | 3);
    rig.store(0x5000, BLOCK2);
    Translation walk = rig.translate(8, READ);
    assertThat(rig.output(8, READ).address()).isEqualTo(3L << 50 | 8);
    assertThat(attributes(walk).shareability()).isEqualTo(MemoryAttributes.OUTER_SHAREABLE);
  }

  private static MemoryAttributes attributes(Translation walk) {
    return Objects.requireNonNull(Objects.requireNonNull(walk.stages()).stage2()).attributes();
  }

  // Stage 1.

  @Test
  void theTopByteIsIgnoredByTbiAndBit55ChoosesTheRange() {
    Rig rig = Rig.stage1Only();
    rig.page1(0x5000 | PAGE1);
    assertThat(rig.fault(0x5a00_0000_0000_0008L, READ)).isEqualTo("Translation fault, level 0");
    rig.tcr |= 1L << 37;
    assertThat(rig.output(0x5a00_0000_0000_0008L, READ).address()).isEqualTo(0x5008);
    assertThat(rig.fault(0x5a80_0000_0000_0008L, READ)).isEqualTo("Translation fault, level 0");
    rig.tcr |= 1L << 38;
    assertThat(rig.output(0x5aff_ff80_0000_0008L, READ).address()).isEqualTo(0x5008);
  }

  @Test
  void epdStopsWalksAndE0pdStopsEl0() {
    Rig rig = Rig.stage1Only();
    rig.page1(0x5000 | PAGE1 | EL0);
    rig.tcr |= 1L << 55;
    assertThat(rig.fault(8, EL0_READ)).isEqualTo("Translation fault, level 0");
    assertThat(rig.output(8, READ).address()).isEqualTo(0x5008);
    rig.tcr |= 1 << 7;
    assertThat(rig.fault(8, READ)).isEqualTo("Translation fault, level 0");
    assertThat(rig.output(0xffff_ff80_0000_0008L, READ).address()).isEqualTo(0x5008);
  }

  @Test
  void tablesLimitWhatIsBelowThemUnlessHpdSaysOtherwise() {
    Rig rig = Rig.stage1Only();
    rig.page1(0x5000 | PAGE1 | EL0);
    rig.store(TABLE1, TABLE1 + 0x1000 | 3 | 7L << 60);
    assertThat(rig.fault(8, EL0_READ)).isEqualTo("Permission fault, level 3");
    assertThat(rig.fault(8, WRITE)).isEqualTo("Permission fault, level 3, WnR");
    assertThat(rig.fault(8, AccessDescriptor.fetch(true))).isEqualTo("Permission fault, level 3");
    rig.tcr |= 1L << 41;
    assertThat(rig.output(8, EL0_READ).writable()).isTrue();
    assertThat(rig.output(8, AccessDescriptor.fetch(true)).address()).isEqualTo(0x5008);
  }

  @Test
  void el2HasOneExecuteNeverBitAndNoEl0() {
    Rig rig = Rig.stage1Only();
    rig.regime = OracleRegime.EL2;
    rig.tcr = 25 | 5 << 16;
    rig.page1(0x5000 | PAGE1 | 1L << 53);
    rig.store(TABLE1, TABLE1 + 0x1000 | 3 | 1L << 59 | 1L << 61);
    assertThat(rig.output(8, FETCH).address()).as("bits 53, 59, 61").isEqualTo(0x5008);
    rig.store(TABLE1, TABLE1 + 0x1000 | 3 | 1L << 60);
    assertThat(rig.fault(8, FETCH)).isEqualTo("Permission fault, level 3");
    rig.store(TABLE1, TABLE1 + 0x1000 | 3 | 1L << 62);
    assertThat(rig.fault(8, WRITE)).isEqualTo("Permission fault, level 3, WnR");
    rig.page1(0x5000 | PAGE1 | 1L << 54);
    assertThat(rig.fault(8, FETCH)).isEqualTo("Permission fault, level 3");
    assertThat(rig.fault(0x80_0000_0000_0000L, READ)).isEqualTo("Translation fault, level 0");
  }

  @Test
  void tcrOfEl2HasItsOwnPlacesForHaHdAndTbi() {
    Rig rig = Rig.stage1Only();
    rig.regime = OracleRegime.EL2;
    rig.tcr = 25 | 5 << 16 | 1 << 20 | 1 << 21 | 1 << 22;
    rig.page1(0x5000 | PAGE1 & ~Rig.AF | READ_ONLY1 | Rig.DBM);
    Translation walk = rig.translate(0x7700_0000_0000_0008L, WRITE);
    assertThat(walk.updates())
        .singleElement()
        .extracting("value")
        .isEqualTo(0x5000 | PAGE1 | Rig.DBM);
  }

  @Test
  void el2WithE2hHasBothRangesAndEl0() {
    Rig rig = Rig.stage1Only();
    rig.regime = OracleRegime.EL20;
    rig.hcr = 1L << 34;
    rig.page1(0x5000 | PAGE1 | EL0);
    assertThat(rig.output(0xffff_ff80_0000_0008L, EL0_READ).address()).isEqualTo(0x5008);
    assertThat(rig.fault(8, FETCH)).as("EL0 can write it").isEqualTo("Permission fault, level 3");
    rig.hcr |= 1;
    assertThat(Objects.requireNonNull(rig.translate(8, READ).stages()).stage2()).isNull();
  }

  @Test
  void epanGuardsWhatEl0CanOnlyExecute() {
    Rig rig = Rig.stage1Only();
    rig.page1(0x5000 | PAGE1);
    assertThat(rig.output(8, Rig.panned(READ)).address()).isEqualTo(0x5008);
    rig.sctlr |= 1L << 57;
    assertThat(rig.fault(8, Rig.panned(READ))).isEqualTo("Permission fault, level 3");
    rig.page1(0x5000 | PAGE1 | 1L << 54);
    assertThat(rig.output(8, Rig.panned(READ)).address()).isEqualTo(0x5008);
  }

  @Test
  void ofIpsOnlyWhatIsImplementedCounts() {
    Rig rig = Rig.stage1Only();
    rig.features = Features.MAX.withPaBits(36);
    rig.store(TABLE1, 1L << 36 | BLOCK1);
    assertThat(rig.fault(8, READ)).isEqualTo("Address size fault, level 1");
    rig.store(TABLE1, 1L << 35 | BLOCK1);
    assertThat(rig.output(8, READ).address()).isEqualTo(1L << 35 | 8);
  }
}
