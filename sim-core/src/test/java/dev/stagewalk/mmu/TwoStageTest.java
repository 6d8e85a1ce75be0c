package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.event.Translation.DescriptorUpdate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the recordings do not reach: table attributes, the other regimes, and the record itself. */
final class TwoStageTest {
  private static final long MMU_ON = 0x1005; // M, C, I
  private static final long WRITE_BACK = 0xff;

  /** 48-bit VAs in both ranges, 4K granules, 48-bit output. */
  private static final long TCR_48 = 5L << 32 | 2L << 30 | 16L << 16 | 16;

  /** 48-bit IPAs from level 0, 4K, 48-bit output. */
  private static final long VTCR_48 = 0x8005_3590L;

  private static final long PAGE = 0x703; // AF, inner shareable, AttrIndx 0, read-write at EL1
  private static final long EL0 = 1 << 6;
  private static final long READ_ONLY = 1 << 7;

  private final PhysicalWords memory = new PhysicalWords();
  private long sctlr = MMU_ON;
  private long tcr = TCR_48;
  private long ttbr0 = 0x1000;
  private long ttbr1 = 0x9000;
  private long hcr;
  private long vtcr = VTCR_48;
  private Regime regime = Regime.EL1_0;

  private Stage1Parameters first() {
    return Stage1Parameters.decode(
        new Stage1Registers(regime, sctlr, tcr, ttbr0, ttbr1, WRITE_BACK, hcr), Features.MAX);
  }

  private Stage2Parameters second() {
    return Stage2Parameters.decode(vtcr, 0x0007_0000_8000_0000L, hcr, Features.MAX);
  }

  private Translation translate(long va, Access access) {
    return TwoStage.translate(first(), second(), va, access, memory);
  }

  private static Translation.Fault fault(Translation walk) {
    return (Translation.Fault) walk.outcome();
  }

  private static Translation.Output output(Translation walk) {
    return (Translation.Output) walk.outcome();
  }

  private static Stages stages(Translation walk) {
    return Objects.requireNonNull(walk.stages());
  }

  private static StageOutput stage1(Translation walk) {
    return Objects.requireNonNull(stages(walk).stage1());
  }

  /** VA 0 … 0x1000 through tables at 0x1000, 0x2000, 0x3000, 0x4000. */
  private void mapFirstPage(long leaf) {
    memory.put(0x1000, 0x2003).put(0x2000, 0x3003).put(0x3000, 0x4003).put(0x4000, leaf);
  }

  /** Stage 2 maps the first GiB to itself, by pages, as far as the tables of a test need it. */
  private void mapIdentity(int pages, long leaf) {
    memory.put(0x8000_0000L, 0x8000_1003L);
    memory.put(0x8000_1000L, 0x8000_2003L);
    memory.put(0x8000_2000L, 0x8000_3003L);
    for (long page = 0; page < pages; page++) {
      memory.put(0x8000_3000L + 8 * page, page << 12 | leaf);
    }
  }

  @Test
  void fourLevelsUnderFourLevelsTakeTwentyFourReads() {
    hcr = 1;
    mapFirstPage(0x5000 | PAGE);
    mapIdentity(6, 0x7ff);

    Translation walk = translate(0x123, Access.read(1));

    assertThat(output(walk).address()).isEqualTo(0x5123);
    assertThat(walk.reads()).isEqualTo(24);
    assertThat(memory.reads()).isEqualTo(24);
    assertThat(walk.lookups()).extracting(Lookup::stage).containsExactly(1, 1, 1, 1, 2, 2, 2, 2);
    assertThat(walk.lookups().get(3).nested())
        .extracting(Lookup::level)
        .containsExactly(0, 1, 2, 3);
    assertThat(walk.lookups().get(3).descriptorAddress()).isEqualTo(0x4000);
    assertThat(stage1(walk).address()).isEqualTo(0x5123);
    assertThat(walk.lastStage2().orElseThrow().lookups()).hasSize(4);
  }

  @Test
  void fiveLevelsUnderFiveLevelsTakeThirtyFiveReads() {
    hcr = 1;
    tcr = 1L << 59 | 6L << 32 | 2L << 30 | 12L << 16 | 12;
    vtcr = 0x8000_0000L | 1L << 33 | 1L << 32 | 6L << 16 | 12; // DS, SL2:SL0 = level −1
    memory.put(0x1000, 0x2003).put(0x2000, 0x3003).put(0x3000, 0x4003);
    memory.put(0x4000, 0x5003).put(0x5000, 0x6000 | (PAGE & ~0x300));
    memory.put(0x8000_0000L, 0x8000_1003L).put(0x8000_1000L, 0x8000_2003L);
    memory.put(0x8000_2000L, 0x8000_3003L).put(0x8000_3000L, 0x8000_4003L);
    for (long page = 0; page < 7; page++) {
      memory.put(0x8000_4000L + 8 * page, page << 12 | 0x4ff);
    }

    Translation walk = translate(0x10, Access.read(8));

    assertThat(output(walk).address()).isEqualTo(0x6010);
    assertThat(walk.reads()).isEqualTo(35);
  }

  @Test
  void aStage2FaultOfATableNamesTheTablesIpaAndNotTheOutput() {
    hcr = 1;
    mapFirstPage(0x5000 | PAGE);
    mapIdentity(6, 0x7ff);
    memory.put(0x8000_3000L + 8 * 3, 0);

    Translation walk = translate(0x123, Access.write(1));

    Translation.Fault fault = fault(walk);
    assertThat(fault.kind()).isEqualTo(FaultKind.TRANSLATION);
    assertThat(fault.level()).isEqualTo(3);
    assertThat(fault.stage()).isEqualTo(2);
    assertThat(fault.onStage1Walk()).isTrue();
    assertThat(fault.ipa()).isEqualTo(0x3000);
    assertThat(fault.givesHpfar()).isTrue();
    assertThat(fault.asWrite()).isTrue();
    assertThat(walk.lookups().getLast().verdict()).isEqualTo(Verdict.UNREACHED);
    Translation refused = walk.lastStage2().orElseThrow();
    assertThat(refused.input()).isEqualTo(0x3000);
    assertThat(refused.lookups()).hasSize(4);
    assertThat(walk.reads()).isEqualTo(14);
  }

  @Test
  void tableAttributesLimitWhatIsBelowUnlessDisabled() {
    mapFirstPage(0x5000 | PAGE | EL0);
    memory.put(0x2000, 0x3003 | 1L << 62 | 1L << 59); // APTable: read-only; PXNTable

    assertThat(fault(translate(0, Access.write(1))).kind()).isEqualTo(FaultKind.PERMISSION);
    assertThat(output(translate(0, Access.read(1))).writable()).isFalse();
    assertThat(fault(translate(0, Access.fetch())).level()).isEqualTo(3);

    tcr |= 1L << 41; // HPD0
    assertThat(output(translate(0, Access.write(1))).address()).isEqualTo(0x5000);
  }

  @Test
  void apTableTakesEl0AccessAway() {
    mapFirstPage(0x5000 | PAGE | EL0);
    Access el0 = new Access(Access.Kind.READ, 1, false);
    assertThat(output(translate(0, el0)).address()).isEqualTo(0x5000);

    memory.put(0x1000, 0x2003 | 1L << 61);
    assertThat(fault(translate(0, el0)).kind()).isEqualTo(FaultKind.PERMISSION);
    assertThat(output(translate(0, Access.read(1))).address()).isEqualTo(0x5000);
  }

  @Test
  void bit55ChoosesTheTablesOfTtbr1() {
    memory.put(0x9000 + 8 * 511, 0x6003).put(0x6000 + 8 * 511, 0x7003);
    memory.put(0x7000 + 8 * 511, 0x5000 | PAGE & ~2L);

    Translation walk = translate(-0x1000, Access.read(8));

    assertThat(walk.lookups().getFirst().table()).isEqualTo(0x9000);
    assertThat(output(walk).leafShift()).isEqualTo(21);
    assertThat(fault(translate(1L << 48, Access.read(8))).level()).isZero();
    tcr |= 1L << 23; // EPD1
    assertThat(fault(translate(-0x1000, Access.read(8))).level()).isZero();
    assertThat(translate(-0x1000, Access.read(8)).lookups()).isEmpty();
  }

  @Test
  void e0pdRefusesUnprivilegedAccessesOfARange() {
    mapFirstPage(0x5000 | PAGE | EL0);
    tcr |= 1L << 55;
    Access el0 = new Access(Access.Kind.READ, 1, false);

    assertThat(fault(translate(0, el0)).kind()).isEqualTo(FaultKind.TRANSLATION);
    assertThat(fault(translate(0, el0)).level()).isZero();
    assertThat(output(translate(0, Access.read(1))).address()).isEqualTo(0x5000);
  }

  @Test
  void panGuardsWhatEl0ReachesAndEpanAlsoWhatItExecutes() {
    Access withPan = new Access(Access.Kind.READ, 1, true, true, true);
    mapFirstPage(0x5000 | PAGE | EL0 | READ_ONLY);
    assertThat(fault(translate(0, withPan)).kind()).isEqualTo(FaultKind.PERMISSION);

    mapFirstPage(0x5000 | PAGE); // EL0 may execute it, and nothing else
    assertThat(output(translate(0, withPan)).address()).isEqualTo(0x5000);
    sctlr |= 1L << 57;
    assertThat(fault(translate(0, withPan)).kind()).isEqualTo(FaultKind.PERMISSION);
  }

  @Test
  void theAsidComesFromTheRegisterThatA1NamesInTheSizeThatAsNames() {
    ttbr0 |= 0x1234L << 48;
    ttbr1 |= 0x5678L << 48;

    assertThat(first().asid()).isEqualTo(0x34);
    tcr |= 1L << 22 | 1L << 36;
    assertThat(first().asid()).isEqualTo(0x5678);
  }

  @Test
  void notGlobalLeavesBelongToAnAsid() {
    mapFirstPage(0x5000 | PAGE | 1 << 11);
    assertThat(stages(translate(0, Access.read(1))).global()).isFalse();
    mapFirstPage(0x5000 | PAGE);
    assertThat(stages(translate(0, Access.read(1))).global()).isTrue();
  }

  @Test
  void el2HasOneRangeAndOneExecuteNever() {
    regime = Regime.EL2;
    hcr = 1; // stage 2 is not EL2's
    tcr = 1L << 31 | 1L << 23 | 5L << 16 | 16;
    mapFirstPage(0x5000 | PAGE | EL0 | 1L << 54);

    Translation walk = translate(0, Access.write(8));

    assertThat(output(walk).address()).isEqualTo(0x5000);
    assertThat(walk.vmid()).isEqualTo(-1);
    assertThat(stages(walk).asid()).isEqualTo(-1);
    assertThat(fault(translate(0, Access.fetch())).kind()).isEqualTo(FaultKind.PERMISSION);
    assertThat(fault(translate(-0x1000, Access.read(8))).level()).isZero();
  }

  @Test
  void bothStagesRecordTheUpdatesTheHardwareMakes() {
    hcr = 1;
    tcr |= 1L << 39 | 1L << 40;
    vtcr |= 1L << 21 | 1L << 22;
    long leaf = 0x5000 | PAGE & ~0x400 | READ_ONLY | 1L << 51;
    mapFirstPage(leaf);
    mapIdentity(6, 0x7ff);
    long clean = 0x77f | 1L << 51; // DBM, not writable
    memory.put(0x8000_3000L + 8 * 4, 0x4000 | clean).put(0x8000_3000L + 8 * 5, 0x5000 | clean);

    List<DescriptorUpdate> updates = translate(0, Access.write(8)).updates();

    assertThat(updates)
        .extracting(DescriptorUpdate::pa)
        .containsExactly(0x8000_3020L, 0x4000L, 0x8000_3028L);
    assertThat(updates.get(0).value()).isEqualTo(0x4000 | clean | 0x80);
    assertThat(updates.get(1).value()).isEqualTo((leaf | 0x400) & ~READ_ONLY);

    assertThat(TwoStage.probe(first(), second(), 0, Access.write(8), memory).updates())
        .as("AT sets the Access flag and no dirty state")
        .extracting(DescriptorUpdate::pa)
        .doesNotContain(0x8000_3028L);
  }

  @Test
  void eachStageSaysWhatItAllows() {
    hcr = 1;
    mapFirstPage(0x5000 | PAGE | EL0 | READ_ONLY);
    mapIdentity(6, 0x7ff);

    Translation walk = translate(0, Access.read(1));

    assertThat(stage1(walk).permissions().text()).isEqualTo("r-x");
    assertThat(Objects.requireNonNull(stages(walk).stage2()).permissions().text()).isEqualTo("rwx");
    assertThat(output(walk).writable()).isFalse();
    assertThat(fault(translate(0, Access.write(1))).stage()).isEqualTo(1);
  }

  @Test
  void controlsThatAreWrongAreNamed() {
    tcr = 1L << 59 | 7L << 32 | 3;
    Stage1Range lower = first().lower();
    assertThat(lower.problems())
        .extracting(Problem::kind)
        .contains(Problem.Kind.T0SZ_TOO_SMALL, Problem.Kind.OUTPUT_SIZE_RESERVED);
    assertThat(first().upper())
        .isNotNull()
        .satisfies(upper ->
            assertThat(upper.problems())
                .extracting(Problem::kind)
                .contains(Problem.Kind.GRANULE_RESERVED));
  }
}
