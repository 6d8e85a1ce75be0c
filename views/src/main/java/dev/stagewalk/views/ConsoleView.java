package dev.stagewalk.views;

import dev.stagewalk.session.Command;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/**
 * What the guest has printed on its UART, with a line to type into it, and beside it what the
 * hypervisor has printed.
 */
public final class ConsoleView implements View {
  private final TextArea guest = area("console", "What the guest prints on its UART appears here.");
  private final TextArea host = area("host-console", "What the hypervisor prints appears here.");
  private final Label uart = new Label("Guest UART");
  private final TextField input = new TextField();
  private final VBox hypervisor = titled(new Label("Hypervisor"), host);
  private final HBox node = new HBox();
  private final Label header = new Label();
  private final Actions actions;
  private @Nullable Snapshot shown;

  public ConsoleView(Actions actions) {
    this.actions = actions;
    input.setId("console-input");
    input.getStyleClass().addAll("code", "small");
    input.setPromptText("Type a line into the UART: Enter sends it");
    input.setOnAction(_ -> type());
    VBox console = titled(uart, guest);
    console.getChildren().add(input);
    node.getChildren().addAll(console, hypervisor);
    node.getStyleClass().add("consoles");
    header.getStyleClass().add("quiet");
  }

  private static TextArea area(String id, String prompt) {
    TextArea area = new TextArea();
    area.setId(id);
    area.setEditable(false);
    area.setPromptText(prompt);
    area.getStyleClass().addAll("code", "console");
    VBox.setVgrow(area, Priority.ALWAYS);
    return area;
  }

  private static VBox titled(Label label, TextArea area) {
    label.getStyleClass().add("quiet");
    VBox box = new VBox(label, area);
    box.getStyleClass().add("console-box");
    HBox.setHgrow(box, Priority.ALWAYS);
    box.setPrefWidth(0);
    return box;
  }

  /** The line comes in at the present moment; what ran, or waited for it, goes on. */
  private void type() {
    Snapshot now = shown;
    if (now == null || now.state() == RunState.ENDED) {
      return;
    }
    actions.submit(new Command.Inject(new Edit.Type(input.getText() + "\n")));
    input.clear();
    if (now.state() == RunState.RUNNING || now.state() == RunState.AWAITS_INPUT) {
      actions.submit(new Command.Run());
    }
  }

  @Override
  public String title() {
    return "Console";
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public String unknownInRecordings() {
    return "What the guest printed is unknown: a trace has at most its accesses to the UART, among"
        + " the emulated accesses of the trap log.";
  }

  @Override
  public String unknownInDumps() {
    return "What the guest printed is unknown: a dump holds memory alone.";
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public String text() {
    return guest.getText();
  }

  @Override
  public void show(Snapshot snapshot) {
    Snapshot before = shown;
    if (before != null && before.version() == snapshot.version()) {
      return;
    }
    shown = snapshot;
    input.setDisable(snapshot.state() == RunState.ENDED);
    fill(guest, snapshot.console());
    fill(host, snapshot.hostConsole());
    // A program at EL2 itself has the UART, and no hypervisor below it prints.
    boolean bare = snapshot.scenario().bare();
    uart.setText(bare ? "UART" : "Guest UART");
    guest.setPromptText(
        "What the "
            + (bare ? "program prints on the" : "guest prints on its")
            + " UART appears here.");
    hypervisor.setVisible(!bare);
    hypervisor.setManaged(!bare);
    long lines = snapshot.console().lines().count() + snapshot.hostConsole().lines().count();
    header.setText(lines == 1 ? "1 line" : lines + " lines");
  }

  private static void fill(TextArea area, String text) {
    String had = area.getText();
    if (had.equals(text)) {
      return;
    }
    if (text.startsWith(had)) {
      area.appendText(text.substring(had.length()));
    } else {
      area.setText(text);
      area.positionCaret(text.length());
    }
  }
}
