package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.Snapshot;
import javafx.scene.control.Button;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** Comparing moments and branches, in the real window. */
@ExtendWith(ApplicationExtension.class)
final class WindowCompareTest {
  private WindowOnTest on;

  @Start
  void open(Stage stage) {
    on = new WindowOnTest(stage, "demand-paging");
  }

  @BeforeEach
  void showAllPanes() {
    on.until(s -> s.version() > 2);
    on.onFx(() -> on.window.arrange(Arrangement.DEBUG));
  }

  @AfterEach
  void close() {
    on.close();
  }

  private Snapshot submit(Command command) {
    long version = on.session.snapshot().version();
    on.onFx(() -> on.window.submit(command));
    return on.until(s -> s.version() > version);
  }

  private void ask() {
    on.onFx(() -> on.window.compareForm());
  }

  private TableView<?> table() {
    return on.robot().lookup("#compare-table").query();
  }

  @Test
  void aMomentThatIsTypedIsComparedWithoutGoingThere() {
    Snapshot here = submit(new Command.GoToExit(3));
    assertThat(on.text("compare")).contains("“Compare with…” asks");
    ask();
    TextField field = on.robot().lookup("#compare-with").query();
    on.onFx(() -> {
      field.setText("soon");
      field.fireEvent(new javafx.event.ActionEvent());
    });
    Labeled words = on.robot().lookup(".form-error").query();
    assertThat(words.getText()).contains("'soon' is no moment");
    on.onFx(() -> {
      field.setText("exit 2");
      field.fireEvent(new javafx.event.ActionEvent());
    });
    on.waitFor(() -> on.isOpen("compare") && !table().getItems().isEmpty());

    assertThat(on.session.snapshot()).isSameAs(here);
    assertThat(on.text("compare"))
        .contains("Tables, stage 2, VMID 1: 1 descriptor differs")
        .contains("IPA 0x4020_0000 (4 KiB): not mapped → 0x4801_9000, rw-, Normal Write-Back")
        .contains(
            "DFSC [5:0]: 0x6 (Translation fault, level 2) → 0x7 (Translation fault, level 3)");
    on.onFx(() -> table().getSelectionModel().select(1));
    assertThat(on.window.selection().selected().ipa()).hasValue(0x4020_0000L);
    assertThat(on.window.selection().selected().entries()).isNotEmpty();
  }

  @Test
  void twoBranchesAreComparedAtOneMoment() {
    submit(new Command.GoToExit(4));
    Snapshot exit = submit(new Command.GoToExit(3));
    submit(new Command.Inject(InjectionGrammar.parse("clear-af ipa 0x40200000")));
    Snapshot here = submit(new Command.GoToExit(4));
    assertThat(here.moment().branch()).isEqualTo(2);
    ask();
    Button other =
        on.robot().lookup((Button b) -> b.getText().startsWith("this moment of branch 1")).query();
    on.onFx(other::fire);
    on.waitFor(() -> on.isOpen("compare") && !table().getItems().isEmpty());

    Moment parting = exit.moment();
    assertThat(on.text("compare"))
        .contains("Branches: part at " + parting)
        .contains("branch 2: left branch 1 at " + parting + " → clear AF of 0x4020_0000")
        .contains("First divergence: after " + exit.eventCount() + " equal events")
        .contains("AF clear");
    on.type(KeyCode.ESCAPE);
    assertThat(on.session.snapshot().moment()).isEqualTo(here.moment());
  }
}
