package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.session.RunState;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/**
 * The window on a program at EL2 itself: there is no guest, and no hypervisor to tell things to.
 */
@ExtendWith(ApplicationExtension.class)
final class BareProgramWindowTest {
  private WindowOnTest on;

  @Start
  void open(Stage stage) {
    on = new WindowOnTest(stage, "two-pes");
  }

  @AfterEach
  void close() {
    on.close();
  }

  @Test
  void itSpeaksOfAProgramAndOffersNothingThatOnlyAHypervisorDoes() {
    on.until(s -> on.session.snapshot().scenario().bare());
    Node geometry = on.robot().lookup("#geometry").query();
    assertThat(geometry.isVisible()).isFalse();
    Node unmap = on.robot().lookup("#do-unmap").query();
    assertThat(unmap.isDisabled()).isTrue();

    assertThat(on.text("start here")).contains("begins at EL2").doesNotContain("guest");

    on.press(KeyCode.F5);
    on.until(s -> s.state() == RunState.ENDED);
    assertThat(on.text("trap log")).contains("program").contains("EL2").doesNotContain("guest");
    assertThat(on.text("table walk")).contains("has ended").doesNotContain("Once");
    on.robot().clickOn("#tab-console");
    assertThat(on.text("console")).contains("both have counted");
  }
}
