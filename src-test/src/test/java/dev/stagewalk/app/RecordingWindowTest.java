package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.session.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.application.Platform;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** A trace of a real machine opened in a window that shows a run. */
@ExtendWith(ApplicationExtension.class)
final class RecordingWindowTest {
  private static final Path TRACES =
      Path.of("").toAbsolutePath().resolve("src/test/resources/traces");

  private WindowOnTest on;

  @TempDir private Path folder;

  @Start
  void open(Stage stage) {
    on = new WindowOnTest(stage, "demand-paging");
  }

  @AfterEach
  void close() {
    on.close();
  }

  private void open(Path file) {
    Platform.runLater(() -> on.window.open(file));
  }

  private Snapshot opened(String name) {
    open(TRACES.resolve(name));
    return on.until(s -> s.recording().isPresent());
  }

  @Test
  void aKvmTraceIsReadAsRowsAndWhatItDoesNotSayIsSaidToBeUnknown() {
    Snapshot now = opened("kvm-6.1/ftrace-bare.txt");
    assertThat(now.events().size()).isEqualTo(709);
    assertThat(on.text("trap log"))
        .contains("fetch · Translation fault, level 1 · IPA 0x4000_0000")
        .contains("read 4 bytes · IPA 0x0900_0018 · not answered yet");
    assertThat(on.text("ranges")).contains("inferred").contains("PA unknown");

    Snapshot exit = on.press(KeyCode.CONTROL, KeyCode.RIGHT);
    assertThat(exit.exitCount()).isEqualTo(1);
    on.press(KeyCode.F10);
    assertThat(on.text("registers"))
        .contains("ESR_EL2")
        .contains("Unknown, because this event does not state them: x0 to x30");
    assertThat(on.text("explain")).contains("Translation fault, level 1").contains("HPFAR_EL2");
    on.robot().clickOn("#tab-table-walk");
    on.waitFor(() -> on.shown("table walk").contains("The translation tables are unknown"));
    on.robot().clickOn("#tab-tlb");
    on.waitFor(() -> on.shown("tlb").contains("no machine records it"));
  }

  @Test
  void aFileThatCannotBeOpenedIsRefusedAndTheRunStaysOpen() throws Exception {
    String before = on.session.snapshot().scenario().name();
    open(Files.writeString(folder.resolve("notes.txt"), "remember the milk\n"));
    on.waitFor(() -> on.status().contains("no line has the form of a known trace"));
    assertThat(on.session.snapshot().recording()).isEmpty();
    assertThat(on.session.snapshot().scenario().name()).isEqualTo(before);
  }

  @Test
  void theKernelsStage2ListingFillsTheRangesButForWhatItDoesNotSay() throws Exception {
    String listing =
        "---[ Guest IPA ]---\n"
            + "0x0000000000000000-0x0000000042000000        1056M 1\n"
            + "0x0000000042000000-0x0000000043000000          16M 2   R W PXNUXN AF BLK\n";
    open(Files.writeString(folder.resolve("stage2_page_tables"), listing));
    on.until(s -> s.recording().isPresent());
    assertThat(on.text("ranges"))
        .contains("IPA 0x4200_0000…0x42ff_ffff → PA unknown")
        .contains("level 2 · R W PXNUXN AF BLK · memory type unknown")
        .contains("not mapped");
  }

  @Test
  void aRecordingRunsNotAndASampleAfterItDoes() {
    Snapshot recording = opened("kvm-6.12/trace_pipe-lost-events.txt");
    on.type(KeyCode.F5);
    on.waitFor(() -> on.status().contains("nothing can be executed"));
    assertThat(on.session.snapshot()).isSameAs(recording);
    assertThat(on.text("trap log")).contains("415 events of CPU 0 were lost here");
    open(
        Path.of("")
            .toAbsolutePath()
            .resolveSibling("sample-guests")
            .resolve("src/main/resources/dev/stagewalk/guests/images/host.elf"));
    Snapshot run = on.until(s -> s.recording().isEmpty());
    assertThat(run.scenario().name()).endsWith("host.elf");
    assertThat(on.text("registers")).contains("x0");
  }
}
