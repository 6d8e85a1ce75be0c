package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import javafx.scene.Scene;
import javafx.scene.control.ComboBox;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.junit.jupiter.api.Test;

final class SeveralPesTest {
  private static final long START = 0x4000_0000L + Scenario.LOAD_OFFSET;

  private static Snapshot snapshot(int pes) {
    Scenario scenario =
        new Scenario(
                "pes",
                "PEs",
                "",
                "pes.s",
                "mrs x0, mpidr_el1\nadd x1, x0, #16\nb .\n",
                Granule.K4,
                48,
                "none",
                List.of(new Scenario.Region("code", Scenario.Backing.CODE, 0x4000_0000L, 2 << 20)))
            .with(BoardPlan.ofPes(pes, 4).startingAt(START))
            .bare(true);
    try (Session session = Session.open(scenario)) {
      return session.submit(new Command.GoTo(Moment.at(10))).join();
    }
  }

  private record Shown(RegistersView view, Scene scene) {
    static Shown of(Snapshot snapshot) {
      SelectionModel selection = new SelectionModel();
      RegistersView view =
          new RegistersView(selection, new NoActions(), new StripsView(selection, new Scans()));
      Scene scene = new Scene(new VBox(new HBox(view.header()), view.node()), 400, 600);
      view.show(snapshot);
      Pictures.settle(scene);
      return new Shown(view, scene);
    }

    ComboBox<?> choice() {
      return (ComboBox<?>) scene.getRoot().lookup("#pe-choice");
    }
  }

  @Test
  void aBoardWithOnePeHasNothingToChoose() {
    Pictures.onFx(() -> {
      assertThat(Shown.of(snapshot(1)).choice().isVisible()).isFalse();
      return null;
    });
  }

  @Test
  void thePaneShowsThePeThatExecutesNextOrTheOneThatWasChosen() {
    Pictures.onFx(() -> {
      Shown shown = Shown.of(snapshot(2));
      assertThat(shown.choice().isVisible()).isTrue();
      assertThat(shown.view().text())
          .startsWith("PE 0 (next)")
          .contains("x1\t0x0000_0000_8000_0010");
      shown.choice().getSelectionModel().select(2);
      assertThat(shown.view().text()).startsWith("PE 1").contains("x1\t0x0000_0000_8000_0011");
      return null;
    });
  }
}
