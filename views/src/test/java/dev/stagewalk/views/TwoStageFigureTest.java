package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.TwoStage;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.WalkColumn.State;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Translations of VAs: stage 1, the stage-2 walk of each of its addresses, that of the output. */
final class TwoStageFigureTest {
  private static final long VA = 0x7000_0018L;
  private static final long TABLES_IPA = 0x4060_0000L;
  private static final long TABLES_PA = 0x4830_0000L;
  private static final long PAGE = 0x703;
  private static final long READ_ONLY = 0x80;

  private final Guest guest = withStage1();

  /** The drawing's guest with four levels of stage 1 in its stack's first pages. */
  static Guest withStage1() {
    Guest guest = Guest.drawn();
    guest.registers.put("SCTLR_EL1", 0x30d0_1985L | 1);
    guest.registers.put("TCR_EL1", 0x2_0080_3510L);
    guest.registers.put("TTBR0_EL1", TABLES_IPA);
    guest.registers.put("TTBR1_EL1", 0L);
    guest.registers.put("MAIR_EL1", 0xffL);
    guest.memory.write(TABLES_PA, 8, TABLES_IPA + 0x1000 | 3);
    guest.memory.write(TABLES_PA + 0x1000 + 8, 8, TABLES_IPA + 0x2000 | 3);
    guest.memory.write(TABLES_PA + 0x2000 + 8 * 384, 8, TABLES_IPA + 0x3000 | 3);
    guest.memory.write(TABLES_PA + 0x3000, 8, 0x4020_0000L | PAGE);
    guest.memory.write(TABLES_PA + 0x3008, 8, 0x4020_3000L | PAGE);
    guest.memory.write(TABLES_PA + 0x3010, 8, 0x4020_1000L | PAGE | READ_ONLY);
    // A table that stage 2 does not map, for VA 0x7020_0000.
    guest.memory.write(TABLES_PA + 0x2000 + 8 * 385, 8, 0x4020_3000L | 3);
    return guest;
  }

  static Translation translate(Guest guest, Regime regime, long va, Access access) {
    String el = regime == Regime.EL1_0 ? "_EL1" : "_EL2";
    Stage1Parameters first =
        Stage1Parameters.decode(
            new Stage1Registers(
                regime,
                guest.registers.get("SCTLR" + el),
                guest.registers.get("TCR" + el),
                guest.registers.get("TTBR0" + el),
                guest.registers.getOrDefault("TTBR1" + el, 0L),
                guest.registers.get("MAIR" + el),
                guest.registers.get("HCR_EL2")),
            Features.MAX);
    return TwoStage.translate(
        first, guest.parameters(), va, access, Stage2.reader(guest.memory.image()));
  }

  private WalkFigure open(long va, int reads) {
    Translation walk = translate(guest, Regime.EL1_0, va, Access.write(8));
    guest.walk = Optional.of(new Snapshot.OpenWalk(walk, reads));
    return following(guest.snapshot());
  }

  private static WalkFigure following(Snapshot snapshot) {
    return WalkFigure.of(snapshot, WalkSource.following(snapshot).orElseThrow());
  }

  @Test
  void halfWayTheWalkOfTheTableThatIsNeededNextIsOpen() {
    WalkFigure figure = open(VA, 13);

    assertThat(figure.counter()).isEqualTo("read 13 of 24");
    assertThat(figure.bands()).extracting(WalkBand::stage).containsExactly(1, 2);
    assertThat(figure.bands().getFirst().columns())
        .extracting(WalkColumn::state)
        .containsExactly(State.READ, State.CURRENT, State.NEXT, State.AHEAD);
    assertThat(figure.bands().getLast().title()).isEqualTo("Stage 2 of the L2 table");
    assertThat(figure.bands().getLast().input()).isEqualTo(TABLES_IPA + 0x2000 + 8 * 384);
    assertThat(figure.columns())
        .extracting(WalkColumn::state)
        .containsExactly(State.READ, State.READ, State.CURRENT, State.NEXT);
    assertThat(figure.card().title()).isEqualTo("Lookup 13 of 24");
    assertThat(figure.chips())
        .extracting(WalkChip::text)
        .containsExactly(
            "L0 table: IPA 0x4060_0000 → 0x4830_0000 (4 reads)",
            "L1 table: IPA 0x4060_1008 → 0x4830_1008 (4 reads)",
            "L2 table: IPA 0x4060_2c00 (3 of 4 reads)",
            "L3 table: not yet",
            "output: not yet");
  }

  @Test
  void everyReadTellsTheNextAndHidesWhatFollows() {
    for (int reads = 0; reads < 24; reads++) {
      WalkFigure figure = open(VA, reads);
      assertThat(figure.card().sentences().getLast()).startsWith("Next: read stage-");
      assertThat(WalkText.of(figure)).contains("read " + reads + " of 24");
      long next =
          figure.bands().stream()
              .flatMap(b -> b.columns().stream())
              .filter(c -> c.state() == State.NEXT)
              .count();
      assertThat(next).as("after %s reads", reads).isBetween(1L, 2L);
      long ahead = figure.chips().stream().filter(c -> c.state() == WalkChip.State.AHEAD).count();
      assertThat(ahead).isEqualTo(4 - reads / 5);
    }
  }

  @Test
  void theOutputIsTranslatedLastAndEachStageSaysWhatItAllows() {
    guest.add(new SimEvent.Translated(0, translate(guest, Regime.EL1_0, VA, Access.read(8))));
    WalkFigure figure = following(guest.snapshot());

    assertThat(figure.bands().getLast().title()).isEqualTo("Stage 2 of the output");
    assertThat(figure.card().title()).isEqualTo("Output address 0x4820_0018");
    assertThat(String.join("\n", figure.card().sentences()))
        .contains("Stage 1: VA 0x7000_0018 → 0x4020_0018, 4 KiB at L3, EL1 rwx, EL0 --x.")
        .contains("Stage 2: IPA 0x4020_0018 → PA 0x4820_0018, 4 KiB at L3, rwx.");
    assertThat(figure.card().offers()).contains(new WalkCard.Offer.Unmap(0x4020_0018L));
  }

  @Test
  void anyWalkOfStage2CanBeOpened() {
    guest.add(new SimEvent.Translated(0, translate(guest, Regime.EL1_0, VA, Access.read(8))));
    Snapshot snapshot = guest.snapshot();
    WalkFigure figure = WalkFigure.of(snapshot, WalkSource.following(snapshot).orElseThrow(), 1);

    assertThat(figure.bands().getLast().title()).isEqualTo("Stage 2 of the L1 table");
    assertThat(figure.chips().get(1).open()).isTrue();
    assertThat(figure.columns()).extracting(WalkColumn::path).containsExactly(0, 1, 3, 1);
  }

  @Test
  void aTableThatStage2RefusesIsNotReadAndTheCardSaysS1ptwInWords() {
    WalkFigure figure = open(0x7020_0028L, 19);

    assertThat(figure.source().isComplete()).isTrue();
    assertThat(figure.card().title())
        .isEqualTo("Translation fault, level 3, stage 2, on the walk of stage 1");
    assertThat(String.join("\n", figure.card().sentences()))
        .contains("S1PTW: the walk itself was refused")
        .contains("Stage 1 needs its L3 table at IPA 0x4020_3000");
    WalkColumn unread = figure.bands().getFirst().columns().get(3);
    assertThat(figure.isFailing(unread)).isTrue();
    assertThat(WalkText.of(figure))
        .contains("NOT READ")
        .contains("L3 table: IPA 0x4020_3000 not mapped");
    assertThat(figure.isFailing(figure.columns().getLast())).isTrue();
    assertThat(figure.cardBand()).isEqualTo(1);
  }

  @Test
  void aFaultOfStage1LeavesItsBandAlone() {
    WalkFigure figure = open(0x7000_2020L, 20);

    assertThat(figure.bands()).extracting(WalkBand::stage).containsExactly(1);
    assertThat(figure.chips()).hasSize(4);
    assertThat(figure.card().title()).isEqualTo("Permission fault, level 3, stage 1");
    assertThat(figure.isFailing(figure.columns().getLast())).isTrue();
    assertThat(figure.card().offers()).doesNotContain(new WalkCard.Offer.MapPage());
  }

  @Test
  void aFaultOfTheOutputIsStage2s() {
    WalkFigure figure = open(0x7000_1018L, 24);

    assertThat(figure.bands().getLast().title()).isEqualTo("Stage 2 of the output");
    assertThat(figure.card().title()).isEqualTo("Translation fault, level 3");
    assertThat(figure.chips().getLast().state()).isEqualTo(WalkChip.State.REFUSED);
  }

  @Test
  void stage1AloneHasOneBandAndNoChips() {
    guest.registers.put("SCTLR_EL2", 0x30c5_1835L);
    guest.registers.put("TCR_EL2", 1L << 31 | 1L << 23 | 5L << 16 | 0x3510);
    guest.registers.put("TTBR0_EL2", 0x4900_0000L);
    guest.registers.put("MAIR_EL2", 0xffL);
    guest.memory.write(0x4900_0000L, 8, 0x4900_1003L);
    guest.memory.write(0x4900_1008L, 8, 0x4000_0701L);
    Translation walk = translate(guest, Regime.EL2, 0x4012_3450L, Access.read(8));
    guest.add(new SimEvent.Translated(0, walk));
    WalkFigure figure = following(guest.snapshot());

    assertThat(figure.bands())
        .extracting(WalkBand::title)
        .containsExactly("Stage 1 · EL2, no stage 2");
    assertThat(figure.chips()).isEmpty();
    assertThat(figure.columns()).extracting(WalkColumn::path).containsExactly(0, 1);
    assertThat(figure.columns().getFirst().base()).isEqualTo("0x4900_0000");
    assertThat(WalkText.of(figure)).contains("VA 0x4012_3450");
  }

  @Test
  void anAddressThatNoRangeCoversHasNoLookups() {
    WalkFigure figure = open(0x1_0000_0000_0018L, 0);

    assertThat(figure.bands()).extracting(WalkBand::stage).containsExactly(1);
    assertThat(figure.fields().getFirst().name()).isEqualTo("too high");
    assertThat(figure.counter()).isEqualTo("no read");
  }
}
