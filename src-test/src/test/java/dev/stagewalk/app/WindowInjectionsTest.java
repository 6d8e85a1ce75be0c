package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Selection;
import javafx.scene.control.ChoiceBox;
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

/** The injections of the menu, in the real window. */
@ExtendWith(ApplicationExtension.class)
final class WindowInjectionsTest {
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
    on.onFx(() -> on.window.selection().select(Selection.ofIpa(0x4020_0018L)));
  }

  @AfterEach
  void close() {
    on.close();
  }

  private Labeled labeled(String id) {
    return on.robot().lookup(id).query();
  }

  @Test
  void aFormIsFilledInFromTheSelectionAndShowsTheLineThatItStandsFor() {
    on.type(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.S);
    assertThat(labeled("#injection-line").getText()).isEqualTo("s2ap ipa 0x4020_0000 ro");
    ChoiceBox<String> allowed = on.robot().lookup("#injection-1").query();
    on.onFx(() -> allowed.setValue("none"));
    assertThat(labeled("#injection-words").getText())
        .isEqualTo("You set S2AP of 0x4020_0000 to none.");
    long version = on.session.snapshot().version();
    on.robot().clickOn("#injection-confirm");
    Snapshot after = on.until(s -> s.version() > version);
    assertThat(after.canUndo()).isTrue();
    assertThat(on.text("trap log")).contains("injected: set S2AP of 0x4020_0000 to none");
    assertThat(on.press(KeyCode.CONTROL, KeyCode.Z).canUndo()).isFalse();
    assertThat(on.text("trap log")).doesNotContain("S2AP");
  }

  @Test
  void aMistakeInAFormIsSaidInWordsAndCannotBeConfirmed() {
    on.type(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.F);
    TextField bit = on.robot().lookup("#injection-1").query();
    on.onFx(() -> bit.setText("64"));
    assertThat(labeled("#injection-words").getText()).contains("64 is not in 0 to 63");
    assertThat(labeled("#injection-confirm").isDisabled()).isTrue();
    on.onFx(() -> bit.setText("10"));
    assertThat(labeled("#injection-confirm").isDisabled()).isFalse();
  }

  @Test
  void aLineOfTextIsCheckedWhileItIsTypedAndSaysHowItGoesOn() {
    on.type(KeyCode.CONTROL, KeyCode.I);
    TextField line = on.robot().lookup("#injection-0").query();
    on.onFx(() -> line.setText("narrow-next"));
    assertThat(labeled("#injection-line").getText())
        .isEqualTo("narrow-next tlbi local|vmid N|shift N|stage2, or narrow-next dsb");
    on.onFx(() -> line.setText("skip-next tlbi"));
    long version = on.session.snapshot().version();
    on.robot().clickOn("#injection-confirm");
    on.until(s -> s.version() > version);
    Snapshot unmapped = on.press(KeyCode.U);
    assertThat(unmapped.canUndo()).isTrue();
    assertThat(on.text("trap log")).contains("you withheld it: it had no effect");
  }

  @Test
  void whatCannotBeDoneIsRefusedInWords() {
    on.onFx(() -> on.window.selection().select(Selection.ofIpa(0x7000_0000L)));
    on.type(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.A);
    on.robot().clickOn("#injection-confirm");
    on.waitFor(() -> labeled("#status-message").getText().contains("is not mapped"));
    assertThat(on.session.snapshot().canUndo()).isFalse();
  }

  @Test
  void anAllocationIsMadeToFailByAKeyAlone() {
    on.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.O);
    assertThat(on.text("trap log")).contains("injected: fail the hypervisor's next allocation");
  }
}
