package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.WalkBand.AddressField;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import org.junit.jupiter.api.Test;

/** Walks that are seldom seen: begun with what an adversarial TLB held, and of five levels. */
final class WalkStatesTest {
  private static final long PAGE = 0x403;
  private static final long TABLES = 0x4060_0000L;

  /** A table was taken out without a TLBI; the TLB goes on to lead to it. */
  static Snapshot held() {
    Guest guest = Guest.drawn();
    guest.tlb = new Tlb(Tlb.Mode.ADVERSARIAL, 64, 1);
    Translation first = guest.translateHeld(0x4020_0018L, Access.read(8));
    guest.memory.write(first.lookups().get(2).descriptorAddress(), 8, 0);
    guest.instructions(20);
    guest.add(
        new SimEvent.Translated(0x4008_0158L, guest.translateHeld(0x4020_1018L, Access.read(8))));
    return guest.snapshot();
  }

  /** Five levels of stage 1 over five of stage 2, 52-bit addresses with the 4K granule. */
  static Snapshot fiveAndFive(int reads) {
    Guest guest = new Guest(Granule.K4, 52, -1);
    for (int page = 0; page < 16; page++) {
      guest.map(TABLES + 0x1000L * page, 0x4830_0000L + 0x1000L * page, 3, Guest.RW);
      guest.map(0x4020_0000L + 0x1000L * page, 0x4820_0000L + 0x1000L * page, 3, Guest.RW);
    }
    guest.registers.put("SCTLR_EL1", 0x30d0_1985L);
    guest.registers.put("TCR_EL1", 1L << 59 | 6L << 32 | 1L << 23 | 0x3500 | 12);
    guest.registers.put("TTBR0_EL1", TABLES);
    guest.registers.put("TTBR1_EL1", 0L);
    guest.registers.put("MAIR_EL1", 0xffL);
    long va = 0x0003_0000_7000_0018L;
    long table = 0x4830_0000L;
    for (int level = -1; level < 3; level++) {
      int shift = Granule.K4.levelShift(level);
      long next = table + 0x1000;
      guest.memory.write(table + 8 * (va >>> shift & 0x1ff), 8, next - 0x4830_0000L + TABLES | 3);
      table = next;
    }
    guest.memory.write(table + 8 * (va >>> 12 & 0x1ff), 8, 0x4020_0000L | PAGE);
    Translation walk = TwoStageFigureTest.translate(guest, Regime.EL1_0, va, Access.read(8));
    if (reads < walk.reads()) {
      guest.walk = Optional.of(new Snapshot.OpenWalk(walk, reads));
    } else {
      guest.add(new SimEvent.Translated(0x4008_0158L, walk));
    }
    return guest.snapshot();
  }

  private static WalkFigure figure(Snapshot snapshot) {
    return WalkFigure.of(snapshot, WalkSource.following(snapshot).orElseThrow());
  }

  @Test
  void aWalkThatBeginsWithAHeldEntrySaysWhatWasNotRead() {
    WalkFigure figure = figure(held());

    assertThat(figure.columns()).extracting(WalkColumn::level).containsExactly(2, 3);
    assertThat(figure.columns().getFirst().isHeld()).isTrue();
    assertThat(figure.counter()).as("of which one was not read").isEqualTo("lookup 2 of 2");
    assertThat(figure.fields())
        .extracting(f -> f.name() + f.bits() + "=" + f.value())
        .containsExactly("TLB[47:30]=0x1", "L2[29:21]=1", "L3[20:12]=1", "offset[11:0]=0x018");
    assertThat(String.join("\n", figure.card().sentences()))
        .contains("was not read: the TLB held 0x4800_")
        .contains("of an earlier walk, and memory holds 0x0 now.");
    assertThat(WalkText.of(figure))
        .contains("L2 table at", "(held, now INVALID)")
        .doesNotContain("L2 root");
  }

  @Test
  void theHeldEntryIsShownAsATableThoughMemoryHoldsNothing() {
    showing(
        held(),
        1025,
        510,
        scene -> {
          assertThat(titles(scene)).containsExactly("L2 table", "L3 table");
          assertThat(scene.getRoot().lookupAll(".entry-row"))
              .anyMatch(n ->
                  n.lookupAll(".label").stream()
                      .map(l -> ((Label) l).getText())
                      .anyMatch("held, now INVALID"::equals));
        });
  }

  @Test
  void fiveLevelsOverFiveTakeThirtyFiveReads() {
    WalkFigure done = figure(fiveAndFive(35));

    assertThat(done.counter()).isEqualTo("read 35 of 35");
    assertThat(done.bands()).extracting(b -> b.columns().size()).containsExactly(5, 5);
    assertThat(done.chips()).hasSize(6);
    assertThat(done.chips()).allMatch(c -> c.state() == WalkChip.State.DONE);
    assertThat(done.card().title()).isEqualTo("Output address 0x4820_0018");
    assertThat(done.bands().getFirst().fields())
        .filteredOn(f -> f.role() == AddressField.Role.INDEX)
        .extracting(f -> f.name() + f.bits() + "=" + f.value())
        .startsWith("L−1[51:48]=3", "L0[47:39]=0");
    WalkFigure half = figure(fiveAndFive(17));
    assertThat(half.counter()).isEqualTo("read 17 of 35");
    assertThat(half.bands().getLast().title()).isEqualTo("Stage 2 of the L1 table");
    assertThat(half.chips()).filteredOn(c -> c.state() == WalkChip.State.AHEAD).hasSize(3);
  }

  @Test
  void tenColumnsStandInASmallWindowWithoutScrollingSideways() {
    for (int reads : new int[] {0, 17, 35}) {
      showing(
          fiveAndFive(reads),
          743,
          356,
          scene -> {
            assertThat(scene.getRoot().lookupAll(".walk-column")).hasSize(10);
            for (Node column : scene.getRoot().lookupAll(".walk-column")) {
              assertThat(column.localToScene(column.getLayoutBounds()).getMaxX())
                  .isLessThanOrEqualTo(743);
            }
          });
    }
  }

  private static List<String> titles(Scene scene) {
    return scene.getRoot().lookupAll(".walk-column-title").stream()
        .map(n -> ((Label) n).getText())
        .toList();
  }

  private static void showing(
      Snapshot snapshot, double width, double height, Consumer<Scene> look) {
    Pictures.onFx(() -> {
      WalkView view =
          new WalkView(
              new Look(), new SelectionModel(), new NoActions(), new Scans(Long.MAX_VALUE));
      Scene scene = Pictures.scene(new Look(), (Parent) view.node(), width, height);
      view.show(snapshot);
      Pictures.settle(scene);
      look.accept(scene);
      return null;
    });
  }
}
