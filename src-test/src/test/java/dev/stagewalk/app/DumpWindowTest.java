package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.session.Command;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.TreeView;
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

/** A dump of a real machine's memory opened in a window that shows a run. */
@ExtendWith(ApplicationExtension.class)
final class DumpWindowTest {
  private static final Path DUMPS =
      Path.of("").toAbsolutePath().resolve("src/test/resources/dumps");
  private static final Path KVM_6_1 = DUMPS.resolve("kvm61-nvhe-linuxguest.elf");

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

  /** What a pane shows once it is in front of the others in its frame. */
  private String front(String pane) {
    on.onFx(() -> {
      Panes.Place place = on.window.panes().find(pane).orElseThrow();
      place.frame().open(place.view());
    });
    return on.shown(pane);
  }

  private Snapshot opened(Path file) {
    Platform.runLater(() -> on.window.open(file));
    return on.until(s -> s.dump().isPresent());
  }

  @Test
  void tablesAreThoseOfThePeInGuestContextAndAnotherCanBeChosen() {
    Snapshot now = opened(KVM_6_1);
    assertThat(now.pe().id()).isEqualTo(1);
    assertThat(on.text("ranges")).contains("0x4020_0000", "0x4ba0_0000", "22 leaves · 19 ranges");
    front("tree");
    assertThat(on.text("tree")).contains("0x4953_1000");
    assertThat(on.text("registers"))
        .contains("kvm61-nvhe-linuxguest.regs.json")
        .contains("tables of PE 1: in guest context: VTTBR_EL2 is loaded and HCR_EL2.VM is 1")
        .contains("PE 0: VTTBR_EL2 is 0: no guest has been entered on it");
    for (String silent : new String[] {"trap log", "tlb", "console", "code"}) {
      assertThat(front(silent)).contains("dump");
    }
    on.session.submit(new Command.SeeFrom(0)).join();
    on.until(s -> s.pe().id() == 0);
    front("ranges");
    on.waitFor(() -> on.text("ranges").contains("VTTBR_EL2 of PE 0 is 0"));
  }

  @Test
  void findingsAreThoseOfTheCommandLineAndNothingRuns() {
    Snapshot now = opened(KVM_6_1);
    front("findings");
    on.waitFor(() -> on.text("findings").contains("writable-executable"));
    assertThat(on.text("findings")).contains("hardware-update-absent");
    assertThat(on.window.root().lookup("#do-run").isDisabled()).isTrue();
    assertThat(on.window.root().lookup("#do-inject").isDisabled()).isTrue();
    on.type(KeyCode.F5);
    on.waitFor(() -> on.status().contains("nothing can be executed"));
    assertThat(on.session.snapshot()).isSameAs(now);
  }

  @Test
  void whatNoFileSaysIsUnknownUntilItIsTypedIn() throws Exception {
    opened(Files.copy(KVM_6_1, folder.resolve("alone.elf")));
    assertThat(on.text("registers")).contains("VTTBR_EL2\tunknown", "Every register is unknown");
    assertThat(on.text("ranges")).contains("VTTBR_EL2 and VTCR_EL2 are unknown");
    assertThat(front("table walk")).contains("Type what is missing in under Registers");
    on.session.submit(new Command.Inject(new Edit.SetRegister("VTTBR_EL2", 0x4000043582000L)));
    on.until(s -> s.dump().orElseThrow().unknown().orElse("").startsWith("VTCR_EL2 is unknown"));
    on.session.submit(new Command.Inject(new Edit.SetRegister("VTCR_EL2", 0x80243558L)));
    front("ranges");
    on.waitFor(() -> on.text("ranges").contains("22 leaves · 19 ranges"));
    assertThat(on.text("registers")).contains("typed in", "HCR_EL2 is unknown; VM = 1");
  }

  @Test
  void theWalkOfAnIpaThatIsTypedAboveTheTreeIsShown() {
    opened(KVM_6_1);
    front("tree");
    on.waitFor(() -> on.text("tree").contains("0x4953_1000"));
    TreeView tree = (TreeView) on.window.panes().find("tree").orElseThrow().view();
    on.onFx(() -> tree.reveal(0x4020_3018L));
    front("table walk");
    assertThat(on.text("table walk")).contains("0x4ba0_3018");
    on.onFx(() -> tree.reveal(0x8000_0000L));
    on.waitFor(() -> on.text("table walk").contains("Translation fault"));
  }

  @Test
  void aDroppedFileIsOpened() {
    assertThat(FilesOnBoard.drop(on, KVM_6_1)).isTrue();
    on.until(s -> s.dump().isPresent());
  }
}
