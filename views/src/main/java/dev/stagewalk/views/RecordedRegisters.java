package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The registers that the newest event of a recording states; all others are said to be unknown. */
final class RecordedRegisters extends VBox {
  private final SelectionModel selection;
  private final Map<String, BitStrip> strips = new HashMap<>();
  private final VBox values = new VBox();
  private final VBox below = new VBox();
  private final Label unknown = new Label();
  private List<String> lines = List.of();

  RecordedRegisters(SelectionModel selection) {
    this.selection = selection;
    values.getStyleClass().add("registers");
    below.getStyleClass().add("bit-strips");
    unknown.getStyleClass().addAll("muted", "unknown-in-recording");
    unknown.setWrapText(true);
    unknown.setMinHeight(USE_PREF_SIZE);
    getChildren().setAll(values, below, unknown);
    setId("recorded-registers");
  }

  void show(Snapshot snapshot) {
    values.getChildren().clear();
    lines = new ArrayList<>();
    long count = snapshot.eventCount();
    if (count > 0
        && snapshot.events().get(count - 1).what() instanceof SimEvent.Recorded recorded) {
      value("PC", recorded.pc());
      value("IPA", recorded.ipa());
    }
    List<BitStrip> shown = new ArrayList<>();
    for (String name : List.of("ESR_EL2", "FAR_EL2", "ESR_EL1", "FAR_EL1")) {
      if (snapshot.pe().registers().systemNames().contains(name)) {
        BitStrip strip = strips.computeIfAbsent(name, known -> new BitStrip(selection, known));
        strip.show(snapshot);
        shown.add(strip);
      }
    }
    below.getChildren().setAll(shown);
    unknown.setText(
        count == 0
            ? "Before the first event nothing is known of any register."
            : (lines.isEmpty() && shown.isEmpty()
                    ? "This event states no register. "
                    : "Unknown, because this event does not state them: ")
                + (lines.isEmpty() && shown.isEmpty()
                    ? "x0 to x30, SP, PSTATE and all system registers are unknown."
                    : "x0 to x30, SP, PSTATE, VTTBR_EL2, VTCR_EL2 and every other system"
                        + " register."));
  }

  private void value(String name, OptionalLong value) {
    if (value.isEmpty()) {
      return;
    }
    Label label = new Label(name);
    label.getStyleClass().add("register-name");
    Label number = new Label(Hex.full(value.getAsLong()));
    number.getStyleClass().addAll("code", "register-value");
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    HBox line = new HBox(label, gap, number);
    line.getStyleClass().add("register");
    values.getChildren().add(line);
    lines.add(name + "\t" + Hex.full(value.getAsLong()));
  }

  String text() {
    String strips =
        below.getChildren().stream()
            .map(strip -> ((BitStrip) strip).text())
            .collect(Collectors.joining("\n"));
    return String.join("\n", lines) + "\n" + strips + "\n" + unknown.getText();
  }
}
