package dev.stagewalk.views;

import dev.stagewalk.check.Preview;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.session.Snapshot;
import java.util.Set;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/** Says what a TLBI would remove, before anybody executes it. */
final class TlbiBar {
  private final ComboBox<Preview.Instruction> choice = new ComboBox<>();
  private final Label result = new Label();
  private final HBox bar;
  private Set<TlbEntry> removed = Set.of();

  /**
   * @param changed told when the answer may have become another one
   */
  TlbiBar(Runnable changed) {
    choice.getItems().setAll(Preview.Instruction.values());
    choice.setValue(Preview.Instruction.VMALLS12E1IS);
    choice.setId("tlbi-choice");
    choice.setAccessibleText("TLBI to ask about");
    choice.setTooltip(new Tooltip("A TLBI; one with an operand takes it from the selected entry"));
    choice.setMinWidth(Region.USE_PREF_SIZE);
    choice.valueProperty().addListener((_, _, _) -> changed.run());
    result.setId("tlbi-result");
    result.setWrapText(true);
    result.setMinHeight(Region.USE_PREF_SIZE);
    HBox.setHgrow(result, Priority.ALWAYS);
    Label title = new Label("TLBI");
    title.getStyleClass().add("muted");
    title.setMinWidth(Region.USE_PREF_SIZE);
    bar = new HBox(title, choice, result);
    bar.getStyleClass().addAll("view-bar", "tlbi-bar");
    bar.setAlignment(Pos.CENTER_LEFT);
  }

  Node node() {
    return bar;
  }

  /** Which entries the TLBI would remove. */
  Set<TlbEntry> removed() {
    return removed;
  }

  String text() {
    return result.getText();
  }

  /** Asks again, for a moment and the entry that is selected. */
  void ask(@Nullable Snapshot snapshot, @Nullable TlbEntry selected) {
    Preview.Instruction instruction = choice.getValue();
    removed = Set.of();
    if (snapshot == null || instruction == null) {
      result.setText("");
    } else if (instruction.hasOperand() && selected == null) {
      result.setText("Select an entry: the operand is made of its address.");
    } else {
      long operand = selected == null ? 0 : instruction.operandFor(selected);
      Preview preview = snapshot.checks().preview(instruction, operand);
      removed = Set.copyOf(preview.removed());
      result.setText(
          (instruction.hasOperand() ? preview.title() + ", " : "")
              + preview.words()
              + ": it names "
              + preview.scope().words());
    }
  }
}
