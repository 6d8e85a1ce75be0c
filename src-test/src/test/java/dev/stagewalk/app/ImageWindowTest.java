package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.app.boot.ImageFiles;
import dev.stagewalk.image.boot.ImageException;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.nio.file.Path;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** The window on an image from a file, whose own tables nobody has told it about. */
@ExtendWith(ApplicationExtension.class)
final class ImageWindowTest {
  private WindowOnTest on;

  @Start
  void open(Stage stage) throws ImageException {
    Path image =
        Path.of("")
            .toAbsolutePath()
            .resolveSibling("sample-guests")
            .resolve("src/main/resources/dev/stagewalk/guests/images/host.elf");
    on = new WindowOnTest(stage, ImageFiles.scenario(image));
  }

  @AfterEach
  void close() {
    on.close();
  }

  @Test
  void itShowsSymbolsAndSourceLinesAndTheTablesThatVttbrPointsAt() {
    on.until(s -> s.scenario().name().endsWith("host.elf"));
    assertThat(on.text("code")).contains("image_start, _start:").contains("// host.S:7");

    Snapshot exit = on.press(KeyCode.F5);
    assertThat(exit.state()).isEqualTo(RunState.AT_EXIT);
    String root = "%x".formatted(exit.pe().system("VTTBR_EL2") & 0xffff_ffff_f000L);
    assertThat(on.text("table walk").replace("_", ""))
        .contains("Translation fault, level 1")
        .contains(root);

    on.press(KeyCode.F5);
    assertThat(on.text("trap log")).contains("DABT_LOW").contains("0x0900_0000");
    on.robot().clickOn("#tab-console");
    assertThat(on.text("console")).contains("host: MMU on at EL2");
  }
}
