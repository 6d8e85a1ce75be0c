package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.session.Answer;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Selection;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.fxmisc.richtext.CodeArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** Keys, forms and the palette in the real window. */
@ExtendWith(ApplicationExtension.class)
final class WindowKeysTest {
  private WindowOnTest on;
  private Snapshot begin;

  @Start
  void open(Stage stage) {
    on = new WindowOnTest(stage, "demand-paging");
  }

  @BeforeEach
  void waitForTheFirstMoment() {
    begin = on.until(s -> s.version() > 2);
    on.onFx(() -> on.window.arrange(Arrangement.DEBUG));
  }

  @AfterEach
  void close() {
    on.close();
  }

  @Test
  void f10StepsAlthoughTheMenuBarClaimsIt() {
    Snapshot after = on.press(KeyCode.F10);
    assertThat(after.moment()).isGreaterThan(begin.moment());
    assertThat(after.state()).isEqualTo(RunState.AT_EXIT);
  }

  @Test
  void whereTextIsTypedLettersArrowsAndUndoBelongToIt() {
    on.onFx(() -> on.window.selection().select(Selection.ofIpa(0x4020_0000L)));
    on.robot().clickOn("#log-filter");
    on.type(KeyCode.U);
    on.type(KeyCode.E);
    on.type(KeyCode.CONTROL, KeyCode.LEFT);
    TextField filter = on.robot().lookup("#log-filter").query();
    assertThat(filter.getText()).isEqualTo("ue");
    on.type(KeyCode.CONTROL, KeyCode.Z);
    assertThat(filter.getText()).as("undone").isNotEqualTo("ue");
    on.type(KeyCode.CONTROL, KeyCode.Y);
    Snapshot now = on.session.snapshot();
    assertThat(now.moment()).isEqualTo(begin.moment());
    assertThat(now.canUndo()).isFalse();

    assertThat(on.press(KeyCode.F10).state())
        .as("function keys still act")
        .isEqualTo(RunState.AT_EXIT);
  }

  @Test
  void aDoubleClickOnAHeaderMaximisesAndOneInItsTextFieldSelectsAWord() {
    on.robot().doubleClickOn("#log-filter");
    assertThat(on.robot().lookup("#pane-walk").tryQuery()).isPresent();
    on.robot().doubleClickOn("#pane-walk .frame-header");
    assertThat(on.robot().lookup("#pane-log").tryQuery()).isEmpty();
    on.robot().doubleClickOn("#pane-walk .frame-header");
    assertThat(on.robot().lookup("#pane-log").tryQuery()).isPresent();
  }

  @Test
  void replayHasTheLogAboveTheWalkAndNoCode() {
    on.onFx(() -> on.window.arrange(Arrangement.REPLAY));
    Bounds log = inScene("#pane-log");
    Bounds walk = inScene("#pane-walk");
    assertThat(log.getMaxY()).isLessThanOrEqualTo(walk.getMinY());
    assertThat(log.getHeight()).isGreaterThan(350);
    assertThat(on.robot().lookup("#pane-code").tryQuery()).isEmpty();
    assertThat(on.press(KeyCode.F5).state()).isEqualTo(RunState.AT_EXIT);
  }

  private Bounds inScene(String selector) {
    Node node = on.robot().lookup(selector).query();
    return node.localToScene(node.getLayoutBounds());
  }

  @Test
  void microStepsGoIntoTheHandlerAndBackTheSameWay() {
    on.press(KeyCode.F5);
    Snapshot first = on.press(KeyCode.F11);
    Snapshot second = on.press(KeyCode.F11);
    assertThat(second.moment().micro()).isEqualTo(first.moment().micro() + 1);
    Snapshot back = on.press(KeyCode.CONTROL, KeyCode.F11);
    assertThat(back.moment()).isEqualTo(first.moment());
    assertThat(back.memory().hash()).isEqualTo(first.memory().hash());
  }

  @Test
  void thePaletteFindsAnActionByAPartOfItsName() {
    on.type(KeyCode.CONTROL, KeyCode.P);
    on.robot().write("rewind to");
    long version = on.session.snapshot().version();
    on.type(KeyCode.ENTER);
    Snapshot start = on.until(s -> s.version() > version);
    assertThat(start.moment().instruction()).isZero();
  }

  @Test
  void theFormForUnmappingRefusesInWordsAndThenUnmaps() {
    on.press(KeyCode.F5);
    on.press(KeyCode.F10);
    on.type(KeyCode.SHIFT, KeyCode.U);
    TextField address = on.robot().lookup("#unmap-address").query();
    on.onFx(() -> address.setText("0x4020_0010"));
    Labeled words = on.robot().lookup("#unmap-words").query();
    assertThat(words.getText()).contains("not aligned").contains("0x4020_0000");
    on.onFx(() -> address.setText("0x4020_0000"));
    long version = on.session.snapshot().version();
    on.robot().clickOn("#unmap-confirm");
    Snapshot after = on.until(s -> s.version() > version);
    assertThat(after.canUndo()).isTrue();
    assertThat(on.text("trap log")).contains("s2mmu_unmap");
    Snapshot undone = on.press(KeyCode.CONTROL, KeyCode.Z);
    assertThat(undone.canUndo()).isFalse();
    assertThat(undone.canRedo()).isTrue();
  }

  @Test
  void aRefusedCommandLosesNothingAndSaysWhy() {
    on.onFx(() -> on.window.submit(new Command.AnswerExit(Answer.MAP_PAGE)));
    Labeled message = on.robot().lookup("#status-message").query();
    on.waitFor(() -> message.getText().contains("no exit"));
    assertThat(on.session.snapshot().moment()).isEqualTo(begin.moment());
  }

  @Test
  void f9TogglesABreakpointWhichStopsARun() {
    on.press(KeyCode.F5);
    on.press(KeyCode.F10);
    on.press(KeyCode.F10);
    Snapshot set = on.press(KeyCode.F9);
    assertThat(set.breakpoints()).hasSize(1);
    assertThat(set.breakpointAt(set.pe().pc())).isPresent();
    on.press(KeyCode.F10);
    Snapshot met = on.press(KeyCode.F5);
    while (met.state() == RunState.AT_EXIT) {
      met = on.press(KeyCode.F5);
    }
    assertThat(met.pe().pc()).isEqualTo(set.pe().pc());
    assertThat(on.press(KeyCode.F9).breakpoints()).isEmpty();
  }

  @Test
  void theScaleFollowsTheKeysAndTheGeometryRestartsTheGuest() {
    on.type(KeyCode.CONTROL, KeyCode.DIGIT0);
    Labeled geometry = on.robot().lookup("#geometry").query();
    assertThat(geometry.getFont().getSize()).isEqualTo(13);
    on.onFx(() -> on.window.scaleBy(0.7));
    on.robot().clickOn("#geometry");
    on.robot().clickOn("#granule-16K");
    on.robot().clickOn("#ipa-bits-40");
    long version = on.session.snapshot().version();
    on.robot().clickOn("#geometry-confirm");
    Snapshot anew = on.until(s -> s.version() > version);
    assertThat(anew.scenario().granule().text()).isEqualTo("16K");
    assertThat(anew.scenario().ipaBits()).isEqualTo(40);
    assertThat(anew.moment().instruction()).isZero();
    Snapshot exit = on.press(KeyCode.F5);
    assertThat(exit.state()).isEqualTo(RunState.AT_EXIT);
  }

  @Test
  void atASpeedARunIsOneStepAfterAnotherUntilTheNextExitOrAPause() {
    ComboBox<Speed> speeds = on.robot().lookup("#speeds").query();
    on.press(KeyCode.SHIFT, KeyCode.F5);
    on.press(KeyCode.F5);
    on.press(KeyCode.F10);
    on.onFx(() -> speeds.setValue(Speed.TWENTY_FIVE));
    Snapshot exit = pressAndWaitFor(KeyCode.F5, RunState.AT_EXIT);
    assertThat(exit.moment().instruction()).isEqualTo(begin.moment().instruction());
    assertThat(exit.before().pc()).as("the last step began there").isEqualTo(begin.pe().pc());

    on.onFx(() -> speeds.setValue(Speed.HALF));
    on.press(KeyCode.F5);
    Snapshot paused = on.press(KeyCode.F6);
    assertThat(paused.moment().instruction()).isEqualTo(exit.moment().instruction() + 1);
    assertThat(paused.state()).isEqualTo(RunState.PAUSED);
  }

  private Snapshot pressAndWaitFor(KeyCode key, RunState state) {
    long version = on.session.snapshot().version();
    on.type(key);
    return on.until(s -> s.version() > version && s.state() == state);
  }

  @Test
  void anEditedSourceIsAssembledWithAllItsErrorsListedAndRunsWhenItIsRight() {
    on.onFx(() -> on.window.editSource());
    CodeArea code = on.robot().lookup(".listing").query();
    String right = code.getText();
    on.onFx(() -> code.replaceText("_start: movv x0, #1\n  hvc #0\n  ldr x99, [x0]\n"));
    on.robot().clickOn("Assemble and restart");
    assertThat(on.robot().lookup(".code-error").queryAll()).hasSize(2);
    Labeled first = on.robot().lookup(".code-error").query();
    assertThat(first.getText()).contains(":1:");
    assertThat(on.session.snapshot().moment()).isEqualTo(begin.moment());

    on.onFx(() -> code.replaceText(right.replace("hvc     #1", "hvc     #3")));
    long version = on.session.snapshot().version();
    on.robot().clickOn("Assemble and restart");
    Snapshot anew = on.until(s -> s.version() > version);
    assertThat(anew.program().source()).contains("#3");
    assertThat(on.press(KeyCode.F5).state()).isEqualTo(RunState.AT_EXIT);
    assertThat(on.text("trap log")).contains("hvc #3");
  }

  @Test
  void aDoubleClickOnAHeaderLetsAPaneFillTheWindowAndGivesItBack() {
    PaneFrame log = on.window.panes().log();
    double before = log.getHeight();
    on.onFx(() -> on.window.maximisePane());
    assertThat(on.window.panes().walk().getHeight()).isGreaterThan(700);
    on.onFx(() -> on.window.maximisePane());
    assertThat(log.getHeight()).isEqualTo(before);
  }
}
