package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Selection;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** What the menu Find asks of the run, in the real window. */
@ExtendWith(ApplicationExtension.class)
final class WindowSearchTest {
  private WindowOnTest on;

  @Start
  void open(Stage stage) {
    on = new WindowOnTest(stage, "demand-paging");
  }

  /** Goes on until the first page of the heap is mapped. */
  @BeforeEach
  void mapTheFirstPage() {
    on.until(s -> s.version() > 2);
    on.onFx(() -> on.window.arrange(Arrangement.DEBUG));
    on.press(KeyCode.F5);
    on.press(KeyCode.F10);
  }

  @AfterEach
  void close() {
    on.close();
  }

  @Test
  void whoWroteTheSelectedEntryIsAnsweredInWordsAtTheMomentOfTheStore() {
    Selection.Entry entry = new Selection.Entry(0x4800_3000L, 1, 2);
    on.onFx(() -> on.window.selection().select(Selection.of(entry, 0x4020_0000L)));
    Snapshot there = on.press(KeyCode.W);
    assertThat(there.notice())
        .startsWith("The descriptor at PA 0x4800_3008 was last written at 1:11.12 by s2mmu_map");
    assertThat(there.moment().toString()).isEqualTo("1:11.12");
    assertThat(on.window.selection().selected().event()).hasValue(there.eventCount() - 1);
  }

  @Test
  void whatIsSelectedIsWatchedAndWhatIsTypedIsSearchedFor() {
    on.onFx(() -> on.window.selection().select(Selection.of(new Selection.Field("HCR_EL2", ""))));
    Snapshot watched = on.press(KeyCode.SHIFT, KeyCode.W);
    assertThat(watched.breakpoints().getFirst().text()).isEqualTo("watch write register HCR_EL2");
    on.type(KeyCode.CONTROL, KeyCode.F);
    TextField field = on.robot().lookup("#search-run").query();
    assertThat(field.getText()).isEqualTo("last write register HCR_EL2");
    long version = on.session.snapshot().version();
    on.onFx(() -> {
      field.setText("last fault ipa 0x40200000");
      field.fireEvent(new javafx.event.ActionEvent());
    });
    Snapshot there = on.until(s -> s.version() > version);
    assertThat(there.notice()).contains("last faulted at 1:11.4: Translation fault, level 2");
  }
}
