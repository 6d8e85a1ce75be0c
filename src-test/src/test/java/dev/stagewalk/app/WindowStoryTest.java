package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Selection;
import java.util.List;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** The program's main story, told with the keyboard and the mouse in the real window. */
@ExtendWith(ApplicationExtension.class)
final class WindowStoryTest {
  private static final long PAGE = 0x4020_0000L;

  private WindowOnTest on;

  @Start
  void open(Stage stage) {
    on = new WindowOnTest(stage, "demand-paging");
  }

  @AfterEach
  void close() {
    on.close();
  }

  @Test
  void theFirstCardHasThreeDoors() {
    on.until(s -> s.moment().instruction() > 0);
    for (String door : List.of("#learn", "#debug-my-tables", "#replay-a-trace")) {
      Button button = on.robot().lookup(door).queryButton();
      Bounds bounds = button.localToScene(button.getLayoutBounds());
      assertThat(bounds.getMaxX()).isLessThanOrEqualTo(button.getScene().getWidth());
      assertThat(bounds.getWidth()).isGreaterThanOrEqualTo(button.prefWidth(-1));
    }
    assertThat(ImageChooser.Wanted.TABLES.filters().getFirst().getDescription())
        .isEqualTo("Dumps of memory");
    assertThat(ImageChooser.Wanted.TRACE.filters().getFirst().getDescription()).isEqualTo("Traces");
    assertThat(ImageChooser.Wanted.TRACE.filters()).hasSize(5);
  }

  @Test
  void aPageFaultsComesBackIsPulledOutAndComesBackAgain() {
    Snapshot before = on.until(s -> s.moment().instruction() > 0);
    assertThat(before.state()).isEqualTo(RunState.PAUSED);
    assertThat(on.text("start here"))
        .contains("Press F5. The guest is about to touch a page nobody mapped.");
    assertThat(on.isOpen("explain")).isFalse();

    Snapshot fault = on.press(KeyCode.F5);
    assertThat(fault.state()).isEqualTo(RunState.AT_EXIT);
    assertThat(on.isOpen("explain")).isTrue();
    assertThat(on.text("explain")).contains("Translation fault, level 2").contains("HPFAR_EL2");
    assertThat(on.text("table walk")).contains("INVALID");

    Snapshot mapped = on.press(KeyCode.F10);
    assertThat(mapped.state()).isEqualTo(RunState.PAUSED);
    assertThat(mapped.memory().hash()).isNotEqualTo(fault.memory().hash());
    Snapshot back = on.press(KeyCode.CONTROL, KeyCode.LEFT);
    assertThat(back.moment()).isEqualTo(fault.moment());
    assertThat(back.memory().hash()).isEqualTo(fault.memory().hash());
    Moment start = on.press(KeyCode.CONTROL, KeyCode.F10).moment();
    assertThat(start).isEqualTo(before.moment());
    on.press(KeyCode.F10);
    Snapshot again = on.press(KeyCode.F10);
    assertThat(again.moment()).isEqualTo(mapped.moment());
    assertThat(again.memory().hash()).isEqualTo(mapped.memory().hash());

    // Two more pages, so that the level 3 table outlives the one that is pulled out.
    untilFaultAt(PAGE + 0x2000);
    on.press(KeyCode.F10);
    on.onFx(() -> on.window.selection().select(Selection.ofIpa(PAGE + 0x18)));
    Snapshot pulled = on.press(KeyCode.U);
    assertThat(pulled.canUndo()).isTrue();
    assertThat(on.text("trap log")).contains("you").contains("unmap 0x4020_0000 4 KiB");

    Snapshot second = untilFaultAt(PAGE);
    SimEvent.ExceptionTaken taken = (SimEvent.ExceptionTaken) second.exit().orElseThrow().what();
    Translation.Fault refused = taken.fault().orElseThrow();
    assertThat(refused.level()).isEqualTo(3);
    assertThat(taken.hpfarValid()).isTrue();
    assertThat(second.pe().system("HPFAR_EL2")).isEqualTo(PAGE >>> 12 << 4);
    assertThat(on.text("explain")).contains("Translation fault, level 3");

    long version = second.version();
    on.robot().clickOn("Map this page");
    Snapshot repaired = on.until(s -> s.version() > version && s.state() == RunState.PAUSED);
    assertThat(repaired.exit()).isEmpty();

    Snapshot now = repaired;
    for (int i = 0; i < 50 && now.state() != RunState.ENDED; i++) {
      now = on.press(KeyCode.F5);
    }
    assertThat(now.state()).isEqualTo(RunState.ENDED);
    on.robot().clickOn("#tab-console");
    assertThat(on.text("console")).contains("guest: ");
    Node lines = on.robot().lookup("#console").query();
    assertThat(lines.getLayoutBounds().getHeight()).as("room for the console").isGreaterThan(150);
  }

  private Snapshot untilFaultAt(long page) {
    for (int i = 0; i < 50; i++) {
      Snapshot now = on.press(KeyCode.F5);
      assertThat(now.state()).isEqualTo(RunState.AT_EXIT);
      boolean there =
          now.exit().orElseThrow().what() instanceof SimEvent.ExceptionTaken taken
              && taken.fault().filter(f -> (f.ipa() & -0x1000) == page).isPresent();
      if (there) {
        return now;
      }
    }
    throw new AssertionError("the guest never touched the page again");
  }
}
