package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import org.junit.jupiter.api.Test;

final class WalkViewTest {
  private final Guest guest = Guest.drawn();
  private final SelectionModel selection = new SelectionModel();
  private final NoActions actions = new NoActions();

  @Test
  void theCardsButtonAnswersTheExit() {
    Snapshot snapshot = fault();
    List<String> asked =
        Pictures.onFx(() -> {
          Scene scene = show(view(), snapshot, 1000, 500);
          Button map =
              (Button)
                  scene.getRoot().lookupAll(".walk-card-button").stream()
                      .filter(n -> n instanceof Button b && b.getText().equals("Map this page"))
                      .findFirst()
                      .orElseThrow();
          map.fire();
          return actions.asked;
        });
    assertThat(asked).containsExactly("AnswerExit[answer=MAP_PAGE]");
  }

  @Test
  void aPinnedWalkStaysWhenTheGuestGoesOnAndTheHeaderSaysSo() {
    Snapshot first = fault();
    guest.instructions(5);
    guest.touch(0x4008_0200L, 0x4060_2000L, Access.read(4));
    Snapshot second = guest.snapshot();
    Pictures.onFx(() -> {
      WalkView view = view();
      show(view, first, 1000, 500);
      ((CheckBox) view.header().lookup("#walk-follow")).fire();
      view.show(second);
      assertThat(view.text()).contains("IPA 0x4020_3018");
      assertThat(headerText(view)).startsWith("Pinned at 1:18364");

      ((CheckBox) view.header().lookup("#walk-follow")).fire();
      assertThat(view.text()).contains("IPA 0x4060_2000");
      return null;
    });
  }

  @Test
  void aSelectedEventShowsItsWalkUntilTheGuestGoesOn() {
    guest.touch(0, 0x4000_0000L, Access.read(4));
    Snapshot snapshot = fault();
    guest.instructions(1);
    Snapshot later = guest.snapshot();
    Pictures.onFx(() -> {
      WalkView view = view();
      show(view, snapshot, 1000, 500);
      selection.select(Selection.of(snapshot.events().get(0)));
      assertThat(view.text()).contains("IPA 0x4000_0000");
      view.show(later);
      assertThat(view.text()).contains("IPA 0x4020_3018");
      return null;
    });
  }

  @Test
  void aSelectedIpaShowsWhatAReadWouldDo() {
    Snapshot snapshot = fault();
    Pictures.onFx(() -> {
      WalkView view = view();
      show(view, snapshot, 1000, 500);
      selection.select(Selection.ofIpa(0x4060_3000L));
      assertThat(view.text()).contains("what a read would do now").contains("0x4830_3000");
      return null;
    });
  }

  @Test
  void aClickOnAChipOpensThatWalkAndAnotherFoldsItAgain() {
    Guest both = TwoStageFigureTest.withStage1();
    both.add(
        new SimEvent.Translated(
            0, TwoStageFigureTest.translate(both, Regime.EL1_0, 0x7000_0018L, Access.read(8))));
    Snapshot snapshot = both.snapshot();
    Pictures.onFx(() -> {
      WalkView view = view();
      Scene scene = show(view, snapshot, 1000, 700);
      Button first = (Button) scene.getRoot().lookup(".walk-chip");
      assertThat(view.text()).contains("Stage 2 of the output");
      first.fire();
      assertThat(view.text()).contains("Stage 2 of the L0 table");
      first.fire();
      assertThat(view.text()).contains("Stage 2 of the output");
      return null;
    });
  }

  @Test
  void nothingOverlapsOfTwoStages() {
    Guest both = TwoStageFigureTest.withStage1();
    for (long va : new long[] {0x7000_0018L, 0x7000_1018L, 0x7000_2020L, 0x7020_0028L}) {
      both.add(
          new SimEvent.Translated(
              0, TwoStageFigureTest.translate(both, Regime.EL1_0, va, Access.write(8))));
      nothingOverlaps(both.snapshot(), 2, 620, 300);
      nothingOverlaps(both.snapshot(), 1, 1025, 510);
    }
  }

  @Test
  void nothingOverlapsAtAnySizeWhereverTheWalkEnds() {
    Snapshot level3 = fault();
    guest.touch(0, 0x1_0020_3018L, Access.read(4));
    Snapshot level1 = guest.snapshot();
    guest.touch(0, 0x4080_0000L, Access.read(4));
    Snapshot level2 = guest.snapshot();
    for (Snapshot snapshot : List.of(level1, level2, level3, WalkStatesTest.held())) {
      for (double scale : new double[] {0.7, 1, 3}) {
        for (double[] size : new double[][] {{620, 300}, {1025, 510}}) {
          nothingOverlaps(snapshot, scale, size[0], size[1]);
        }
      }
    }
  }

  private void nothingOverlaps(Snapshot snapshot, double scale, double width, double height) {
    Pictures.onFx(() -> {
      Look look = new Look();
      look.setScale(scale);
      WalkView view = new WalkView(look, selection, actions, new Scans());
      Scene scene = Pictures.scene(look, (Parent) view.node(), width, height);
      view.show(snapshot);
      Pictures.settle(scene);
      List<Node> parts = new ArrayList<>(scene.getRoot().lookupAll(".walk-column"));
      parts.add(scene.getRoot().lookup(".walk-card"));
      parts.addAll(scene.getRoot().lookupAll(".other-table"));
      parts.addAll(scene.getRoot().lookupAll(".walk-chip"));
      parts.addAll(scene.getRoot().lookupAll(".address-strip"));
      assertThat(parts).hasSizeGreaterThan(5);
      for (Node a : parts) {
        for (Node b : parts) {
          assertThat(a != b && inScene(a).intersects(inScene(b)))
              .as("%s over %s at %s × %s, scale %s", a, b, width, height, scale)
              .isFalse();
        }
      }
      return null;
    });
  }

  private static Bounds inScene(Node node) {
    return node.localToScene(node.getLayoutBounds());
  }

  private Snapshot fault() {
    guest.instructions(18364);
    guest.touch(0x4008_0158L, 0x4020_3018L, Access.write(8));
    return guest.snapshot();
  }

  private WalkView view() {
    return new WalkView(new Look(), selection, actions, new Scans());
  }

  private static Scene show(WalkView view, Snapshot snapshot, double width, double height) {
    Scene scene = Pictures.scene(new Look(), (Parent) view.node(), width, height);
    view.show(snapshot);
    Pictures.settle(scene);
    return scene;
  }

  private static String headerText(WalkView view) {
    return view.header().lookupAll(".label").stream()
        .filter(n -> n instanceof Label)
        .map(n -> ((Label) n).getText())
        .findFirst()
        .orElse("");
  }
}
