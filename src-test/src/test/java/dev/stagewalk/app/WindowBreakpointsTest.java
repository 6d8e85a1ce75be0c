package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Breakpoint;
import dev.stagewalk.session.Snapshot;
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

/** Breakpoints in the real window: typed, listed, gone to, and set on a class of trap. */
@ExtendWith(ApplicationExtension.class)
final class WindowBreakpointsTest {
  private WindowOnTest on;

  @Start
  void open(Stage stage) {
    on = new WindowOnTest(stage, "demand-paging");
  }

  @BeforeEach
  void arrange() {
    on.until(s -> s.version() > 2);
    on.onFx(() -> on.window.arrange(Arrangement.DEBUG));
    on.press(KeyCode.F5);
  }

  @AfterEach
  void close() {
    on.close();
  }

  private TextField line() {
    return on.robot().lookup("#breakpoint-input").query();
  }

  private Snapshot enter(String text) {
    long version = on.session.snapshot().version();
    on.onFx(() -> line().setText(text));
    on.type(KeyCode.ENTER);
    return on.until(s -> s.version() > version);
  }

  @Test
  void oneIsTypedListedGoneToForwardAndBackAndDeleted() {
    on.type(KeyCode.CONTROL, KeyCode.F9);
    assertThat(on.isOpen("breakpoints")).isTrue();
    assertThat(line().isFocused()).isTrue();
    Snapshot set = enter("on fault translation level=3 if x0 >= 0x40202000");
    assertThat(set.breakpoints()).hasSize(1);
    assertThat(line().getText()).isEmpty();
    TableView<Breakpoint> table = on.robot().lookup("#breakpoints-table").query();
    on.onFx(() -> {
      table.requestFocus();
      table.getSelectionModel().select(0);
    });
    Snapshot first = on.press(KeyCode.ENTER);
    assertThat(first.isAtBreakpoint()).isTrue();
    Moment there = first.moment();
    Snapshot second = on.press(KeyCode.ENTER);
    assertThat(second.moment()).isGreaterThan(there);
    assertThat(on.status()).startsWith("breakpoint 1: data abort");
    assertThat(on.press(KeyCode.SHIFT, KeyCode.ENTER).moment()).isEqualTo(there);
    assertThat(on.text("breakpoints"))
        .isEqualTo("on fault translation level=3 if x0 >= 0x40202000   (stands here)");
    assertThat(on.press(KeyCode.SPACE).breakpoints().getFirst().enabled()).isFalse();
    assertThat(on.press(KeyCode.DELETE).breakpoints()).isEmpty();
  }

  @Test
  void aMistakeIsSaidBelowTheLineWithTheCaretAtItsPlace() {
    on.type(KeyCode.CONTROL, KeyCode.F9);
    on.onFx(() -> line().setText("on exit lvel=3"));
    on.type(KeyCode.ENTER);
    Labeled problem = on.robot().lookup("#breakpoint-problem").query();
    assertThat(problem.getText()).contains("column 9", "no event has a field 'lvel'");
    assertThat(problem.isVisible()).isTrue();
    assertThat(line().getText()).isEqualTo("on exit lvel=3");
    assertThat(line().getCaretPosition()).isEqualTo(8);
    assertThat(on.session.snapshot().breakpoints()).isEmpty();
    on.onFx(() -> line().setText("on exit level=3"));
    assertThat(problem.isVisible()).isFalse();
  }

  @Test
  void f9OnARowOfTheTrapLogTogglesABreakpointOnThatClassOfTrap() {
    TableView<Integer> log = on.robot().lookup("#trap-log").query();
    on.onFx(() -> {
      log.requestFocus();
      log.getSelectionModel().selectLast();
    });
    Snapshot set = on.press(KeyCode.F9);
    assertThat(set.breakpoints())
        .singleElement()
        .extracting(Breakpoint::text)
        .isEqualTo("on exit ec=0x24 translation");
    assertThat(on.press(KeyCode.F9).breakpoints()).isEmpty();
  }

  @Test
  void eventsAreGoneThroughOneByOne() {
    long count = on.session.snapshot().eventCount();
    assertThat(on.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.RIGHT).eventCount())
        .isEqualTo(count + 1);
    assertThat(on.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.LEFT).eventCount())
        .isEqualTo(count);
  }
}
