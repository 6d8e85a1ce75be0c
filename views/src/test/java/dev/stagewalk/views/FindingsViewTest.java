package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.check.Finding;
import dev.stagewalk.check.FindingKind;
import dev.stagewalk.check.Findings;
import dev.stagewalk.check.Place;
import dev.stagewalk.event.Moment;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.junit.jupiter.api.Test;

final class FindingsViewTest {
  /** Execute-never. */
  private static final long DATA = Guest.RW | 1L << 54;

  private final SelectionModel selection = new SelectionModel();
  private final NoActions actions = new NoActions();

  /** The drawing's guest: its device can be executed, and one of its pages is a table. */
  static Snapshot wrong() {
    Guest guest = Guest.drawn();
    guest.map(0x4080_0000L, 0x4800_1000L, 3, DATA);
    return looked(guest.snapshot());
  }

  static Snapshot right() {
    Guest guest = new Guest(Granule.K4, 48, 0);
    guest.map(0x4020_0000L, 0x4820_0000L, 3, DATA);
    return looked(guest.snapshot());
  }

  private static Snapshot looked(Snapshot snapshot) {
    snapshot.checks().ofRun();
    return snapshot;
  }

  static void choose(FindingsView view, int row) {
    table(view).getSelectionModel().select(row);
  }

  @SuppressWarnings("unchecked")
  private static TableView<FindingRow> table(FindingsView view) {
    return (TableView<FindingRow>) ((Parent) view.node()).lookup("#findings-table");
  }

  private static Scene scene(FindingsView view) {
    return Pictures.scene(new Look(), (Parent) view.node(), 745, 360);
  }

  @Test
  void theWorstStandsFirstWithItsSeverityAsShapeAndWord() {
    Pictures.onFx(() -> {
      FindingsView view = new FindingsView(new Look(), selection, actions);
      scene(view);
      view.show(wrong());
      assertThat(table(view).getItems())
          .extracting(FindingRow::severity)
          .startsWith("◆ error", "▲ warning")
          .contains("● info");
      assertThat(table(view).getItems().getFirst().kind()).isEqualTo(FindingKind.GUEST_MAPS_TABLES);
      assertThat(((Label) view.header()).getText()).startsWith("1 error, 1 warning");
      return null;
    });
  }

  @Test
  void choosingAFindingSelectsItsPlaceAndShowsRuleAndMend() {
    Pictures.onFx(() -> {
      FindingsView view = new FindingsView(new Look(), selection, actions);
      Scene scene = scene(view);
      view.show(wrong());
      choose(view, 0);
      assertThat(selection.selected()).isEqualTo(Selection.ofIpa(0x4080_0000L));
      Parent detail = (Parent) scene.getRoot().lookup("#findings-detail");
      String words =
          detail.getChildrenUnmodifiable().stream().map(n -> ((Label) n).getText()).toList() + "";
      assertThat(words)
          .contains("IPA 0x4080_0000", "a stage 2 translation table", "Rule: ", "Mend: Unmap IPA");
      choose(view, 1);
      assertThat(selection.selected().entries()).isNotEmpty();
      assertThat(view.text()).contains("◆ error guest-maps-tables", "mend: Unmap IPA 0x4080_0000");
      return null;
    });
  }

  @Test
  void whereNothingIsWrongItSaysSo() {
    Pictures.onFx(() -> {
      FindingsView view = new FindingsView(new Look(), selection, actions);
      scene(view);
      view.show(right());
      assertThat(table(view).getItems()).isEmpty();
      assertThat(view.text()).startsWith("Nothing is wrong up to");
      return null;
    });
  }

  @Test
  void whatIsNotKnownYetIsFoundOutByTheWorkerAndOnlyTheNewestMomentIsListed() {
    List<Runnable> work = new ArrayList<>();
    FindingsView[] view = new FindingsView[1];
    Pictures.onFx(() -> {
      view[0] = new FindingsView(new Look(), selection, actions, work::add);
      scene(view[0]);
      Guest guest = Guest.drawn();
      view[0].show(guest.snapshot());
      assertThat(view[0].text()).startsWith("Looking at the tables");
      guest.map(0x4080_0000L, 0x4800_1000L, 3, DATA);
      view[0].show(guest.snapshot());
      assertThat(work).hasSize(1);
      return null;
    });
    work.getFirst().run();
    Pictures.onFx(() -> {
      assertThat(table(view[0]).getItems()).isEmpty();
      assertThat(work).hasSize(2);
      return null;
    });
    work.getLast().run();
    Pictures.onFx(() -> {
      assertThat(table(view[0]).getItems().getFirst().kind())
          .isEqualTo(FindingKind.GUEST_MAPS_TABLES);
      return null;
    });
  }

  @Test
  void whileTheGuestRunsNothingIsLookedAt() {
    List<Runnable> work = new ArrayList<>();
    Pictures.onFx(() -> {
      FindingsView view = new FindingsView(new Look(), selection, actions, work::add);
      Guest guest = Guest.drawn();
      guest.state = RunState.RUNNING;
      view.show(guest.snapshot());
      assertThat(work).isEmpty();
      assertThat(view.text()).startsWith("The guest runs.");
      return null;
    });
  }

  @Test
  void aMillionFindingsOfAKindAreAFewRows() {
    Findings findings = new Findings();
    for (int i = 0; i < 1_000_000; i++) {
      findings.accept(
          new Finding(
              FindingKind.OUTPUT_BEYOND_PS,
              new Place.Entry(Place.Owner.ofStage2(1), 3, 0x1000, i, (long) i << 12, 0x1000),
              "It is.",
              "Do not."));
    }
    List<FindingRow> rows = FindingRow.of(findings);
    assertThat(rows).hasSize(Findings.USUAL_KEPT + 1);
    assertThat(rows.getLast().evidence()).isEqualTo("999984 more of this kind");
    assertThat(rows.getLast().selection()).isEqualTo(Selection.NONE);
  }

  @Test
  void enterGoesToTheEventOfAFinding() {
    Finding finding =
        new Finding(
            FindingKind.TABLE_FREED,
            new Place.Happened(
                7,
                new Moment(1, 40, 2),
                0,
                "free of 0x4800_1000",
                new Place.Entry(
                    Place.Owner.ofStage2(1), 2, 0x4800_3000L, 1, 0x4020_0000L, 1 << 21)),
            "It was freed.",
            "Do not.");
    FindingRow row = new FindingRow(FindingKind.TABLE_FREED, finding, 0);
    assertThat(row.place()).isEqualTo("event 7: free of 0x4800_1000");
    assertThat(row.selection().event()).hasValue(7);
    assertThat(row.selection().entries()).containsExactly(new Selection.Entry(0x4800_3000L, 1, 2));
    Pictures.onFx(() -> {
      FindingsView view = new FindingsView(new Look(), selection, actions);
      Scene scene = scene(view);
      table(view).getItems().add(row);
      choose(view, 0);
      table(view)
          .fireEvent(
              new KeyEvent(
                  KeyEvent.KEY_PRESSED, "", "", KeyCode.ENTER, false, false, false, false));
      assertThat(scene).isNotNull();
      assertThat(actions.asked).singleElement().asString().contains("GoTo").contains("40");
      return null;
    });
  }
}
