package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.Snapshot;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Region;
import org.junit.jupiter.api.Test;

/** What the walk pane makes of little and of much room. */
final class WalkRoomTest {
  /** The pane in a window of 1280 × 720, and of 1920 × 1080 for a projector. */
  private static final double SMALL_WIDTH = 743;

  private static final double SMALL_HEIGHT = 356;
  private static final double LARGE_WIDTH = 1320;
  private static final double LARGE_HEIGHT = 790;

  private final Guest guest = Guest.drawn();

  @Test
  void stripsAreLargeOnAProjectorAndLowWhereHeightIsScarce() {
    at(
        fault(),
        1.6,
        LARGE_WIDTH,
        LARGE_HEIGHT,
        scene -> assertThat(height(scene, ".entry-strip")).isGreaterThan(5 * 13 * 1.6));
    at(
        fault(),
        1,
        SMALL_WIDTH,
        250,
        scene -> assertThat(height(scene, ".entry-strip")).isLessThan(2 * 13));
  }

  @Test
  void fewRowsAreOnAProjectorThoughMoreWouldFit() {
    for (int i = 4; i < 40; i += 2) {
      guest.map(0x4020_0000L + 0x1000L * i, 0x4820_0000L, 3, Guest.RW);
    }
    Snapshot snapshot = fault();
    int onDesk = at(snapshot, 1, 1400, 1000, scene -> {});
    int onProjector = at(snapshot, 1.6, 1400, 1600, scene -> {});
    assertThat(onProjector).isLessThan(onDesk);
  }

  @Test
  void nothingOfAColumnIsCutInASmallWindow() {
    at(fault(), 1, SMALL_WIDTH, SMALL_HEIGHT, WalkRoomTest::noLabelIsCut);
    for (int page = 0; page < 16; page++) {
      guest.map(0x4a00_0000L + 0x20_0000L * page, 0x4830_0000L, 3, Guest.RW);
    }
    at(fault(), 1, SMALL_WIDTH, SMALL_HEIGHT, WalkRoomTest::noLabelIsCut);
    at(fault(), 1.25, 860, 500, WalkRoomTest::noLabelIsCut);
  }

  private static void noLabelIsCut(Scene scene) {
    for (Node column : scene.getRoot().lookupAll(".walk-column")) {
      for (Node node : column.lookupAll(".label")) {
        if (node instanceof Label label && label.isManaged() && !label.getText().isEmpty()) {
          double wanted = label.isWrapText() ? label.minWidth(-1) : label.prefWidth(-1);
          assertThat(label.getWidth()).as(label.getText()).isGreaterThan(wanted - 1);
        }
      }
    }
  }

  @Test
  void otherTablesStandWhollyInASmallWindow() {
    at(
        fault(),
        1,
        SMALL_WIDTH,
        SMALL_HEIGHT,
        scene -> {
          Node tables = scene.getRoot().lookup(".other-tables");
          assertThat(tables.localToScene(tables.getLayoutBounds()).getMaxY())
              .isLessThanOrEqualTo(SMALL_HEIGHT);
          assertThat(tables.lookupAll(".other-table")).isNotEmpty();
          Node card = scene.getRoot().lookup(".walk-card");
          assertThat(card.localToScene(card.getLayoutBounds()).getMaxY())
              .isLessThanOrEqualTo(SMALL_HEIGHT);
        });
  }

  @Test
  void moreTablesThanFitBesideTheCardAreCounted() {
    for (int i = 0; i < 6; i++) {
      guest.map(0x5000_0000L + 0x20_0000L * i, 0x4830_0000L, 3, Guest.RW);
    }
    at(
        fault(),
        1,
        SMALL_WIDTH,
        SMALL_HEIGHT,
        scene -> {
          long shown =
              scene.getRoot().lookupAll(".other-table").stream().filter(Node::isVisible).count();
          assertThat(shown).isBetween(1L, 5L);
          assertThat(scene.getRoot().lookupAll(".other-tables .label"))
              .anyMatch(
                  n -> n instanceof Label l && l.getText().matches("and \\d+ more: see Tree"));
        });
  }

  @Test
  void chipsOfTwoStagesStandInOneLineWhereHeightIsScarce() {
    Guest both = TwoStageFigureTest.withStage1();
    both.add(
        new SimEvent.Translated(
            0, TwoStageFigureTest.translate(both, Regime.EL1_0, 0x7000_0018L, Access.read(8))));
    at(
        both.snapshot(),
        1,
        SMALL_WIDTH,
        SMALL_HEIGHT,
        scene -> {
          double first = 0;
          for (Node chip : scene.getRoot().lookupAll(".walk-chip")) {
            double middle = chip.getBoundsInParent().getCenterY();
            first = first == 0 ? middle : first;
            assertThat(middle).isBetween(first - 12, first + 12);
          }
        });
  }

  @Test
  void aPaneThatShowsTheSameComesToRest() {
    for (double[] size : new double[][] {{743, 356}, {1320, 790}, {1025, 510}, {620, 300}}) {
      for (double scale : new double[] {1, 1.6}) {
        at(
            fault(),
            scale,
            size[0],
            size[1],
            scene -> {
              Node body = scene.getRoot().lookup(".walk-body");
              Region strip = (Region) scene.getRoot().lookup(".entry-strip");
              double before = strip.getHeight();
              for (int i = 0; i < 4; i++) {
                ((Parent) body).requestLayout();
                Pictures.settle(scene);
                assertThat(strip.getHeight()).isEqualTo(before);
              }
              assertThat(((Parent) body).isNeedsLayout()).isFalse();
            });
      }
    }
  }

  private Snapshot fault() {
    guest.instructions(18364);
    guest.touch(0x4008_0158L, 0x4020_3018L, Access.write(8));
    return guest.snapshot();
  }

  private static double height(Scene scene, String selector) {
    return ((Region) scene.getRoot().lookup(selector)).getHeight();
  }

  /** Shows a snapshot at a size; returns how many rows there are. */
  private static int at(
      Snapshot snapshot, double scale, double width, double height, Consumer<Scene> look) {
    return Pictures.onFx(() -> {
      Look appearance = new Look();
      appearance.setScale(scale);
      WalkView view =
          new WalkView(
              appearance, new SelectionModel(), new NoActions(), new Scans(Long.MAX_VALUE));
      Scene scene = Pictures.scene(appearance, (Parent) view.node(), width, height);
      view.show(snapshot);
      // A scroll bar takes its width only after a pass.
      for (int i = 0; i < 3; i++) {
        ((ScrollPane) scene.getRoot().lookup(".walk-scroll")).requestLayout();
        Pictures.settle(scene);
      }
      look.accept(scene);
      return scene.getRoot().lookupAll(".entry-row").size();
    });
  }
}
