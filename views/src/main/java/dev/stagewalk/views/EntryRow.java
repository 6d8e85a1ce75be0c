package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import org.jspecify.annotations.Nullable;

/** One row of a walk's column: an entry, or entries folded into one. */
final class EntryRow extends HBox {
  private static final PseudoClass ON_PATH = PseudoClass.getPseudoClass("on-path");
  private static final PseudoClass FAILING = PseudoClass.getPseudoClass("failing");
  private static final PseudoClass PENDING = PseudoClass.getPseudoClass("pending");
  private static final PseudoClass FOLDED = PseudoClass.getPseudoClass("folded");
  private static final PseudoClass LIT = PseudoClass.getPseudoClass("lit");

  private final Label index = new Label();
  private final Label word = new Label();
  private final Label target = new Label();
  private final Label remark = new Label();
  private final Tooltip tip = new Tooltip();
  private @Nullable Row shown;
  private String hue = "";

  /**
   * What a row shows.
   *
   * @param symbol of the fault that ended the walk here, or empty
   * @param pending the walk reads it next
   * @param detail for the tooltip and the screen reader
   */
  record Row(WalkColumn.Row row, boolean failing, String symbol, boolean pending, String detail) {}

  EntryRow() {
    getStyleClass().add("entry-row");
    index.getStyleClass().addAll("code", "entry-index");
    word.getStyleClass().addAll("code", "entry-word");
    target.getStyleClass().addAll("code", "entry-target");
    remark.getStyleClass().addAll("code", "entry-remark");
    index.setMinWidth(USE_PREF_SIZE);
    word.setMinWidth(0);
    target.setMinWidth(USE_PREF_SIZE);
    remark.setMinWidth(0);
    setAlignment(Pos.CENTER_LEFT);
    getChildren().addAll(index, word, target, remark);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.BUTTON);
    Tooltip.install(this, tip);
  }

  /** Runs an action on click, Enter or Space. */
  void onChoose(Runnable action) {
    setOnMouseClicked(_ -> action.run());
    setOnKeyPressed(e -> {
      if (e.getCode() == KeyCode.ENTER || e.getCode() == KeyCode.SPACE) {
        action.run();
        e.consume();
      }
    });
  }

  void show(Row row) {
    if (row.equals(shown)) {
      return;
    }
    shown = row;
    boolean entry = row.row() instanceof WalkColumn.Entry;
    index.setText(row.row().range());
    switch (row.row()) {
      case WalkColumn.Entry e -> {
        // A block's size first: where the row is narrow its end is what is cut.
        String what = e.word().replaceFirst("^BLOCK (.+)", "$1 BLOCK");
        word.setText((row.symbol().isEmpty() ? "" : row.symbol() + " ") + what);
        target.setText(e.hasTarget() ? "→ " + Hex.address(e.target()) : "");
        // Where the entry leads now is in the tooltip and on the card: a row has no room for it.
        remark.setText(e.remark().replaceFirst(" →.*", ""));
        pseudoClassStateChanged(ON_PATH, e.onPath());
      }
      case WalkColumn.Run r -> {
        word.setText(r.words());
        target.setText("");
        remark.setText("");
        pseudoClassStateChanged(ON_PATH, false);
      }
    }
    target.setManaged(!target.getText().isEmpty());
    remark.setVisible(!remark.getText().isEmpty());
    remark.setManaged(remark.isVisible());
    pseudoClassStateChanged(FAILING, row.failing());
    pseudoClassStateChanged(PENDING, row.pending());
    pseudoClassStateChanged(FOLDED, !entry);
    tip.setText(row.detail());
    setAccessibleText(row.detail());
  }

  /** Gives the row a hue of its own, or with an empty text that of its column. */
  void setHue(String styleClass) {
    if (!styleClass.equals(hue)) {
      getStyleClass().remove(hue);
      if (!styleClass.isEmpty()) {
        getStyleClass().add(styleClass);
      }
      hue = styleClass;
    }
  }

  void lit(boolean on) {
    pseudoClassStateChanged(LIT, on);
  }
}
