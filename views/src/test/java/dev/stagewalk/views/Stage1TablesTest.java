package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.stream.IntStream;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.ToggleButton;
import org.junit.jupiter.api.Test;

/** The guest's own tables in the panes that can show those of either stage. */
final class Stage1TablesTest {
  private final Guest guest = TwoStageFigureTest.withStage1();

  @Test
  void theRangesOfTtbr0AreVasThatLeadToIpas() {
    Scan scan = Scan.of(guest.snapshot(), TableChoice.TTBR0);

    assertThat(scan.enabled()).isTrue();
    assertThat(scan.found().ranges())
        .extracting(r -> Long.toHexString(r.ipa()) + " " + Long.toHexString(r.pa()))
        .containsExactly("70000000 40200000", "70001000 40203000", "70002000 40201000");
    assertThat(scan.found().ranges())
        .extracting(r -> scan.leaves().permissions(r.leaf()))
        .containsExactly("EL1 rwx, EL0 --x", "EL1 rwx, EL0 --x", "EL1 r-x, EL0 --x");
    // The L3 table that stage 2 does not map is named, and nothing of it is guessed.
    assertThat(scan.found().unreadable()).isEqualTo(1);
  }

  @Test
  void rowsOfTheTreeStandWhereTheDescriptorsLieInMemory() {
    TreeModel model = new TreeModel();
    model.show(Scan.of(guest.snapshot(), TableChoice.TTBR0));
    model.expandAll();

    List<String> rows =
        IntStream.range(0, model.size()).mapToObj(i -> model.row(i).text()).toList();
    assertThat(rows).anyMatch(r -> r.contains("L3[0] PAGE → 0x4020_0000 · VA 0x7000_0000"));
    assertThat(IntStream.range(0, model.size()).mapToObj(i -> model.row(i).entry().address()))
        .contains(0x4830_3000L);
  }

  @Test
  void aTtbrThatNoWalkMayUseSaysSo() {
    Scan scan = Scan.of(guest.snapshot(), TableChoice.TTBR1);

    assertThat(scan.enabled()).isFalse();
    assertThat(scan.whyNot()).contains("TCR_EL1.EPD1");
  }

  @Test
  void theSwitchChangesTreeRangesAndStripsTogether() {
    Snapshot snapshot = guest.snapshot();
    Pictures.onFx(() -> {
      SelectionModel selection = new SelectionModel();
      Scans scans = new Scans(Long.MAX_VALUE);
      TreeView tree = new TreeView(new Look(), selection, new NoActions(), scans);
      RangesView ranges = new RangesView(new Look(), selection, new NoActions(), scans);
      StripsView strips = new StripsView(selection, scans);
      Scene scene = Pictures.scene(new Look(), (Parent) tree.node(), 900, 400);
      tree.show(snapshot);
      ranges.show(snapshot);
      strips.show(snapshot);
      assertThat(ranges.text()).contains("IPA 0x4020_0000");
      assertThat(strips.text()).contains("VTCR_EL2");

      ((ToggleButton) scene.getRoot().lookup("#tables-ttbr0_el1")).fire();

      assertThat(tree.text()).contains("VA 0x");
      assertThat(ranges.text()).contains("VA 0x7000_0000").contains("IPA 0x4020_0000");
      assertThat(strips.text()).contains("TCR_EL1").doesNotContain("VTCR_EL2");
      return null;
    });
  }
}
