package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.cpu.RegisterFile;
import dev.stagewalk.cpu.VectorRegisters;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** V0 to V31, FPSR and FPCR: one line until somebody opens it, for few guests use them. */
final class VectorLines extends VBox {
  private static final PseudoClass CHANGED = PseudoClass.getPseudoClass("changed");
  private static final PseudoClass ZERO = PseudoClass.getPseudoClass("zero");

  private final Label head = new Label();
  private final VBox list = new VBox();
  private final List<Line> lines = new ArrayList<>();
  private @Nullable Snapshot shown;

  VectorLines() {
    setId("vectors");
    getStyleClass().add("registers");
    head.getStyleClass().addAll("quiet", "registers-rest");
    head.setMaxWidth(Double.MAX_VALUE);
    head.setFocusTraversable(true);
    head.setAccessibleRole(AccessibleRole.BUTTON);
    head.setOnMouseClicked(_ -> toggle());
    head.setOnKeyPressed(e -> {
      if (e.getCode() == KeyCode.ENTER || e.getCode() == KeyCode.SPACE) {
        toggle();
        e.consume();
      }
    });
    for (int i = 0; i < VectorRegisters.COUNT; i++) {
      lines.add(new Line("v" + i));
    }
    lines.add(new Line("FPSR"));
    lines.add(new Line("FPCR"));
    lines.forEach(line -> list.getChildren().add(line.box));
    open(false);
    getChildren().addAll(head, list);
  }

  private void toggle() {
    open(!list.isVisible());
    Snapshot now = shown;
    if (now != null) {
      show(now);
    }
  }

  private void open(boolean on) {
    list.setVisible(on);
    list.setManaged(on);
  }

  void show(Snapshot snapshot) {
    shown = snapshot;
    RegisterFile now = snapshot.pe().registers();
    RegisterFile before = snapshot.before().registers();
    int used = 0;
    int changed = 0;
    for (int i = 0; i < VectorRegisters.COUNT; i++) {
      long high = now.vectorHigh(i);
      long low = now.vectorLow(i);
      boolean isNew = high != before.vectorHigh(i) || low != before.vectorLow(i);
      lines.get(i).show(high, low, isNew);
      used += (high | low) == 0 ? 0 : 1;
      changed += isNew ? 1 : 0;
    }
    for (Line line : lines.subList(VectorRegisters.COUNT, lines.size())) {
      long value = of(now, line.name);
      line.show(0, value, value != of(before, line.name));
      changed += value != of(before, line.name) ? 1 : 0;
    }
    head.setText(
        (list.isVisible() ? "\u25b4 " : "\u25be ")
            + "v0…v31, FPSR, FPCR: "
            + (used == 0 ? "all zero" : used + " in use")
            + (changed == 0 ? "" : ", " + changed + " changed"));
    head.setAccessibleText((list.isVisible() ? "Fold: " : "Unfold: ") + head.getText());
  }

  private static long of(RegisterFile registers, String name) {
    return registers.systemNames().contains(name) ? registers.system(name) : 0;
  }

  /** One line a register, those that are zero left out. */
  String text() {
    StringBuilder out = new StringBuilder();
    for (Line line : lines) {
      if (!line.isZero) {
        out.append(line.name).append('\t').append(line.words).append('\n');
      }
    }
    return out.toString();
  }

  /** One register; 128 bits stand in two rows. */
  private static final class Line {
    private final String name;
    private final Label value = new Label();
    private final HBox box;
    private String words = "";
    private boolean isZero = true;

    Line(String name) {
      this.name = name;
      Label label = new Label(name);
      label.getStyleClass().add("register-name");
      label.setMinWidth(Region.USE_PREF_SIZE);
      value.getStyleClass().addAll("code", "register-value");
      value.setMinHeight(Region.USE_PREF_SIZE);
      Region gap = new Region();
      HBox.setHgrow(gap, Priority.ALWAYS);
      box = new HBox(label, gap, value);
      box.setId("register-" + name);
      box.getStyleClass().add("register");
      box.setAlignment(Pos.TOP_LEFT);
    }

    void show(long high, long low, boolean changed) {
      isZero = (high | low) == 0;
      String below = Hex.full(low).substring(2);
      words = high == 0 ? Hex.full(low) : Hex.full(high) + "_" + below;
      value.setText(high == 0 ? Hex.full(low) : Hex.full(high) + "\n  " + below);
      box.pseudoClassStateChanged(CHANGED, changed);
      box.pseudoClassStateChanged(ZERO, isZero && !changed);
      box.setAccessibleText(name + " " + words + (changed ? ", changed" : ""));
    }
  }
}
