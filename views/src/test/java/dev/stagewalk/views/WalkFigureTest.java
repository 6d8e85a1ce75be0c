package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Access;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.WalkCard.Offer;
import dev.stagewalk.views.WalkColumn.State;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WalkFigureTest {

  @Test
  void aFaultAtLevel3ShowsFourColumnsAndTheInvalidEntry() {
    WalkFigure figure = figure(drawnFault());

    assertThat(figure.columns()).extracting(WalkColumn::level).containsExactly(0, 1, 2, 3);
    assertThat(figure.columns()).extracting(WalkColumn::path).containsExactly(0, 1, 1, 3);
    assertThat(figure.isFailing(figure.columns().get(3))).isTrue();
    assertThat(figure.isFailing(figure.columns().get(2))).isFalse();
    assertThat(rows(figure.columns().get(3), 12))
        .containsExactly(
            "0 PAGE 48200000",
            "1 PAGE 48201000",
            "2 PAGE 48202000",
            "3 INVALID 0*",
            "4…511 508 invalid");
  }

  @Test
  void theAddressIsSplitWhereTheGranuleSplitsIt() {
    assertThat(figure(drawnFault()).fields())
        .extracting(f -> f.name() + f.bits() + f.value())
        .containsExactly(
            "L0[47:39]0", "L1[38:30]1", "L2[29:21]1", "L3[20:12]3", "offset[11:0]0x018");
  }

  @Test
  void aBlockEndsTheColumnsAndWidensTheOffset() {
    Guest guest = Guest.drawn();
    guest.touch(0, 0x4000_1238L, Access.read(8));
    WalkFigure figure = figure(guest.snapshot());

    assertThat(figure.columns()).extracting(WalkColumn::level).containsExactly(0, 1, 2);
    assertThat(figure.fields().getLast().bits()).isEqualTo("[20:0]");
    assertThat(figure.card().title()).isEqualTo("Output address 0x4000_1238");
  }

  @Test
  void concatenatedRootTablesAreOneColumnOfAllTheirEntries() {
    Guest guest = new Guest(Granule.K4, 40, 1);
    guest.map(0x80_4000_0000L, 0x4820_0000L, 3, Guest.RW);
    guest.touch(0, 0x80_4000_0000L, Access.read(8));
    WalkColumn root = figure(guest.snapshot()).columns().getFirst();

    assertThat(root.entries()).isEqualTo(1024);
    assertThat(root.tables()).isEqualTo(2);
    assertThat(root.path()).isEqualTo(513);
  }

  @Test
  void aWalkHalfWayShowsTheNextReadAndHidesWhatFollows() {
    Guest guest = Guest.drawn();
    guest.walk =
        Optional.of(new Snapshot.OpenWalk(guest.translate(0x4020_3018L, Access.write(8)), 2));
    WalkFigure figure = figure(guest.snapshot());

    assertThat(figure.columns())
        .extracting(WalkColumn::state)
        .containsExactly(State.READ, State.CURRENT, State.NEXT, State.AHEAD);
    assertThat(figure.columns().get(3).isKnown()).isFalse();
    assertThat(figure.card().sentences()).contains("Next: read L2[1] at 0x4800_2008.");
  }

  @Test
  void levelsBelowAnEarlyFaultAreNotReached() {
    Guest guest = Guest.drawn();
    guest.touch(0, 0x1_0020_3018L, Access.read(4));

    assertThat(figure(guest.snapshot()).columns())
        .extracting(WalkColumn::state)
        .containsExactly(State.READ, State.CURRENT, State.NOT_REACHED, State.NOT_REACHED);
  }

  @Test
  void anEntryThatChangedSinceTheWalkSaysSo() {
    Guest guest = Guest.drawn();
    guest.touch(0, 0x4020_3018L, Access.write(8));
    guest.map(0x4020_3000L, 0x4820_3000L, 3, Guest.RW);
    WalkColumn last = figure(guest.snapshot()).columns().getLast();

    WalkColumn.Entry read =
        last.rows(12).stream()
            .filter(WalkColumn.Entry.class::isInstance)
            .map(WalkColumn.Entry.class::cast)
            .filter(WalkColumn.Entry::onPath)
            .findFirst()
            .orElseThrow();
    assertThat(read.word()).isEqualTo("INVALID");
    assertThat(read.remark()).isEqualTo("now PAGE → 0x4820_3000");
  }

  @Test
  void aFaultThatWasMendedIsToldInThePast() {
    Guest guest = Guest.drawn();
    guest.touch(0, 0x4020_3018L, Access.write(8));
    guest.map(0x4020_3000L, 0x4820_3000L, 3, Guest.RW);

    assertThat(String.join(" ", figure(guest.snapshot()).card().sentences()))
        .contains("L3[3] at 0x4800_3018 held 0x0 then.")
        .contains("now it holds 0x4820_37ff.");
  }

  @Test
  void afterTheGuestHasEndedThereIsNothingToUnmap() {
    Guest guest = Guest.drawn();
    guest.touch(0, 0x4020_2018L, Access.write(8));
    Offer unmap = new Offer.Unmap(0x4020_2018L);
    assertThat(figure(guest.snapshot()).card().offers()).contains(unmap);

    guest.state = RunState.ENDED;
    assertThat(figure(guest.snapshot()).card().offers()).doesNotContain(unmap);
  }

  @Test
  void theEntryOnThePathIsNeverFoldedAway() {
    Guest guest = new Guest(Granule.K4, 39, 1);
    for (int i = 0; i < 512; i += 2) {
      guest.map(0x1000L * i, 0x4820_0000L + 0x1000L * i, 3, Guest.RW);
    }
    for (long page : List.of(0L, 1L, 2L, 255L, 510L, 511L)) {
      guest.touch(0, page << 12, Access.read(8));
      WalkColumn column = figure(guest.snapshot()).columns().getLast();
      for (int budget = 3; budget <= 16; budget++) {
        List<WalkColumn.Row> rows = column.rows(budget);
        assertThat(rows).hasSizeLessThanOrEqualTo(budget);
        assertThat(rows.getFirst().first()).isZero();
        assertThat(rows.getLast().last()).isEqualTo(511);
        for (int i = 1; i < rows.size(); i++) {
          assertThat(rows.get(i).first()).isEqualTo(rows.get(i - 1).last() + 1);
        }
        assertThat(rows)
            .as("page %s in %s rows", page, budget)
            .anyMatch(r -> r instanceof WalkColumn.Entry e && e.onPath() && e.first() == page);
      }
    }
  }

  @Test
  void mappingIsOfferedOnlyWhileTheExitIsOpen() {
    Guest guest = Guest.drawn();
    guest.touch(0, 0x4020_3018L, Access.write(8));
    assertThat(figure(guest.snapshot()).card().offers()).contains(new Offer.MapPage());

    guest.state = RunState.PAUSED;
    guest.exit = Optional.empty();
    assertThat(figure(guest.snapshot()).card().offers()).doesNotContain(new Offer.MapPage());
  }

  @Test
  void theCardQuotesHpfarOnlyWhereItIsWritten() {
    assertThat(figure(drawnFault()).card().evidence())
        .isEqualTo("HPFAR_EL2.FIPA = 0x40203 → IPA page 0x4020_3000 · DFSC 0b000111");

    Guest guest = Guest.drawn();
    guest.map(0x4020_3000L, 0x4820_3000L, 3, Guest.RO);
    guest.touch(0, 0x4020_3018L, Access.write(8));
    WalkCard card = figure(guest.snapshot()).card();
    assertThat(card.title()).isEqualTo("Permission fault, level 3");
    assertThat(card.evidence()).startsWith("HPFAR_EL2 is UNKNOWN");
  }

  @Test
  void anAddressTooHighIsSaidToBeSo() {
    Guest guest = new Guest(Granule.K4, 39, 1);
    guest.touch(0, 0x80_4000_1008L, Access.write(8));
    WalkFigure figure = figure(guest.snapshot());

    assertThat(figure.fields().getFirst().name()).isEqualTo("too high");
    assertThat(figure.card().offers()).doesNotContain(new Offer.MapPage());
  }

  @Test
  void theTextNamesEveryLevelAndTheFault() {
    String text = WalkText.of(figure(drawnFault()));

    assertThat(text)
        .contains("L0 root at 0x4800_0000 (512 GiB / entry)")
        .contains(" > 1  TABLE → 0x4800_3000")
        .contains(" > 3  INVALID  ← Translation fault, level 3")
        .contains("   4…511  508 invalid");
  }

  private static Snapshot drawnFault() {
    Guest guest = Guest.drawn();
    guest.touch(0x4008_0158L, 0x4020_3018L, Access.write(8));
    return guest.snapshot();
  }

  private static WalkFigure figure(Snapshot snapshot) {
    return WalkFigure.of(snapshot, WalkSource.following(snapshot).orElseThrow());
  }

  private static List<String> rows(WalkColumn column, int budget) {
    return column.rows(budget).stream()
        .map(row ->
            switch (row) {
              case WalkColumn.Entry e ->
                  e.range()
                      + " "
                      + e.word()
                      + " "
                      + Long.toHexString(e.target())
                      + (e.onPath() ? "*" : "");
              case WalkColumn.Run r -> r.range() + " " + r.words();
            })
        .toList();
  }
}
