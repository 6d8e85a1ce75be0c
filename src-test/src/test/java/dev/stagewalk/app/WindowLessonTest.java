package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.session.RunState;
import dev.stagewalk.views.LessonCard.Stage;
import dev.stagewalk.views.LessonView;
import java.util.List;
import java.util.Objects;
import javafx.scene.control.RadioButton;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** A lesson gone through in the real window, with keyboard and mouse. */
@ExtendWith(ApplicationExtension.class)
final class WindowLessonTest {
  private WindowOnTest on;

  @Start
  void open(javafx.stage.Stage stage) {
    on = new WindowOnTest(stage, "hvc");
  }

  @AfterEach
  void close() {
    on.close();
  }

  @Test
  void demandPagingIsLearntCardByCard() {
    on.robot().clickOn("#learn");
    waitUntil(() -> view().card() == null && on.isOpen("lesson"));
    assertThat(on.text("lesson")).contains("L7  Demand paging: unmap, fault, map, resume");
    on.robot().clickOn("#lesson-L7");
    at(1, Stage.ASKS);
    assertThat(on.session.snapshot().scenario().name()).isEqualTo("demand-paging");

    predictNumber("many");
    assertThat(on.text("lesson")).contains("'many' is not a number");
    predictNumber("3");
    at(1, Stage.WAITS);
    // The student goes there with the key they use anyway.
    on.press(KeyCode.F5);
    at(1, Stage.SEEN);
    assertThat(on.session.snapshot().state()).isEqualTo(RunState.AT_EXIT);
    assertThat(on.text("lesson")).contains("✗ It is 2. A page would be mapped at level 3");
    assertThat(on.window.selection().selected().event()).isPresent();

    on.type(KeyCode.CONTROL, KeyCode.ENTER);
    at(2, Stage.ASKS);
    assertThat(on.window.selection().selected().hasField("HPFAR_EL2", "FIPA")).isTrue();
    predictNumber("0x40200000");
    at(2, Stage.SEEN);
    assertThat(on.text("lesson")).contains("✓ Yes");

    next(3, Stage.ASKS);
    predictNumber("2");
    at(3, Stage.WAITS);
    on.robot().clickOn("#lesson-act");
    at(3, Stage.SEEN);
    assertThat(on.window.selection().selected().entries().getLast().level()).isEqualTo(3);

    for (String letter : List.of("b", "c", "a")) {
      int number = Objects.requireNonNull(view().card()).number() + 1;
      next(number, Stage.ASKS);
      predictChoice(letter);
      finish(number);
      assertThat(on.text("lesson")).contains("✓ ");
    }
    assertThat(on.session.snapshot().canUndo()).as("the page was pulled out").isTrue();
    assertThat(on.isOpen("TLB")).isTrue();

    next(7, Stage.ASKS);
    on.robot().clickOn("#lesson-back");
    at(6, Stage.ASKS);
    predictChoice("a");
    finish(6);
    next(7, Stage.ASKS);
    predictNumber("3");
    finish(7);
    next(8, Stage.WAITS);
    on.robot().clickOn("#lesson-act");
    at(8, Stage.SEEN);
    assertThat(on.session.snapshot().state()).isEqualTo(RunState.ENDED);
    on.type(KeyCode.CONTROL, KeyCode.ENTER);
    waitUntil(() -> view().card() == null);
    assertThat(on.text("lesson")).contains("✓ done");
  }

  @Test
  void aCardThatTheRunHasLeftSaysSoAndBeginsAgain() {
    on.onFx(() -> on.window.lessons().openLesson("L7"));
    at(1, Stage.ASKS);
    predictNumber("2");
    on.press(KeyCode.SHIFT, KeyCode.F5);
    on.onFx(() -> on.window.lessons().again());
    at(1, Stage.ASKS);
    predictNumber("2");
    finish(1);
    assertThat(on.text("lesson")).contains("✓ Yes");
  }

  @Test
  void aTraceIsOpenedInALessonAndAMachineAfterIt() {
    on.onFx(() -> on.window.lessons().openLesson("L12"));
    at(1, Stage.ASKS);
    predictChoice("a");
    finish(1);
    for (int number = 2; number <= 4; number++) {
      next(number, Stage.ASKS);
      predictNumber("1");
      finish(number);
    }
    next(5, Stage.ASKS);
    assertThat(on.session.snapshot().isImported()).isTrue();
    assertThat(on.text("trap log")).contains("kvm_guest_fault", "kvm_entry");
    predictNumber("3");
    finish(5);
    assertThat(on.text("lesson")).contains("✓ Yes: SRT");
    next(6, Stage.ASKS);
    assertThat(on.session.snapshot().scenario().name()).isEqualTo("own-tables");
  }

  private LessonView view() {
    return (LessonView) on.window.panes().find("lesson").orElseThrow().view();
  }

  private void waitUntil(java.util.concurrent.Callable<Boolean> condition) {
    on.waitFor(condition);
    on.onFx(() -> {});
  }

  private void at(int number, Stage stage) {
    waitUntil(() ->
        view().card() != null
            && view().card().number() == number
            && view().card().stage() == stage);
  }

  private void next(int number, Stage stage) {
    on.type(KeyCode.CONTROL, KeyCode.ENTER);
    at(number, stage);
  }

  /** Lets the lesson do what is left to be done. */
  private void finish(int number) {
    waitUntil(() -> view().card().stage() != Stage.WORKS);
    if (view().card().stage() == Stage.WAITS) {
      on.onFx(() -> on.window.lessons().act());
    }
    at(number, Stage.SEEN);
  }

  private void predictNumber(String number) {
    on.onFx(() -> ((TextField) on.robot().lookup("#lesson-number").query()).setText(number));
    on.onFx(
        () -> ((TextField) on.robot().lookup("#lesson-number").query()).getOnAction().handle(null));
  }

  private void predictChoice(String letter) {
    on.onFx(() ->
        ((RadioButton) on.robot().lookup("#lesson-choice-" + letter).query()).setSelected(true));
    on.onFx(
        () -> ((javafx.scene.control.Button) on.robot().lookup("#lesson-predict").query()).fire());
  }
}
