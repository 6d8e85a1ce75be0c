package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Selection;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** Branches, marks with notes, and the memory of the history, in the real window. */
@ExtendWith(ApplicationExtension.class)
final class WindowBranchesTest {
  private WindowOnTest on;

  @Start
  void open(Stage stage) {
    on = new WindowOnTest(stage, "demand-paging");
  }

  /** Runs to the third exit, goes back to the second and unmaps a page there. */
  @BeforeEach
  void editInThePast() {
    on.until(s -> s.version() > 2);
    on.onFx(() -> on.window.arrange(Arrangement.DEBUG));
    on.press(KeyCode.F5);
    on.press(KeyCode.F5);
    on.press(KeyCode.F5);
    on.press(KeyCode.CONTROL, KeyCode.LEFT);
    on.onFx(() -> on.window.selection().select(Selection.ofIpa(0x4020_0018L)));
    on.press(KeyCode.U);
  }

  @AfterEach
  void close() {
    on.close();
  }

  private Labeled labeled(String id) {
    return on.robot().lookup(id).query();
  }

  private String timeline() {
    return on.robot().lookup("#timeline").query().getAccessibleText();
  }

  private Snapshot click(String id) {
    long version = on.session.snapshot().version();
    on.robot().clickOn(id);
    return on.until(s -> s.version() > version);
  }

  @Test
  void theHeaderNamesTheBranchAndTheFormOfTheMomentLeadsToTheOther() {
    assertThat(on.session.snapshot().moment().branch()).isEqualTo(2);
    on.waitFor(() -> labeled("#where").getText().startsWith("branch 2 · "));
    on.waitFor(() -> labeled("#status-message").getText().contains("branch 2 begins here"));
    assertThat(timeline()).contains("branch 2 of 2", "\nbranch 1 · to 1:");

    on.type(KeyCode.CONTROL, KeyCode.G);
    assertThat(labeled("#branch-1").getText()).startsWith("1   the run as it began · to 1:");
    assertThat(labeled("#branch-2").getText()).startsWith("2   here: unmap 0x4020_0000");
    assertThat(click("#branch-1").moment().branch()).isEqualTo(1);
    on.waitFor(() -> labeled("#where").getText().startsWith("branch 1 · "));
  }

  @Test
  void aMarkIsMadeAtOnceAndItsNoteIsWrittenChangedAndTakenAwayWithIt() {
    Snapshot marked = on.press(KeyCode.CONTROL, KeyCode.B);
    assertThat(marked.marks()).hasSize(1);
    TextField note = on.robot().lookup("#mark-note").query();
    on.onFx(() -> note.setText("pulled out"));
    assertThat(click("#mark-write").marks().getFirst().note()).isEqualTo("pulled out");
    on.waitFor(() -> timeline().contains("mark 1 · pulled out · 2:"));

    on.press(KeyCode.F10);
    on.type(KeyCode.CONTROL, KeyCode.G);
    assertThat(labeled("#go-mark-1").getText()).isEqualTo("1   pulled out · " + marked.moment());
    assertThat(click("#go-mark-1").moment()).isEqualTo(marked.moment());

    on.type(KeyCode.CONTROL, KeyCode.G);
    on.robot().clickOn("#edit-mark-1");
    on.waitFor(() -> on.robot().lookup("#mark-remove").tryQuery().isPresent());
    assertThat(click("#mark-remove").marks()).isEmpty();
  }

  @Test
  void theMemoryOfTheHistoryIsShownAndSetWhileTheWindowIsOpen() {
    on.onFx(() -> on.window.historyMemory().form());
    assertThat(labeled("#history-used").getText()).contains(" of ");
    TextField budget = on.robot().lookup("#history-budget").query();
    on.onFx(() -> budget.setText("900T"));
    on.robot().clickOn("#history-set");
    assertThat(on.robot().lookup(".form-error").<Labeled>query().getText())
        .contains("more than half of what Java may take");
    on.onFx(() -> budget.setText("64 MiB"));
    assertThat(click("#history-set").historyBudget()).isEqualTo(64L << 20);
    on.waitFor(() -> labeled("#status-history").getText().endsWith(" of 64 MiB"));
  }
}
