package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Lookup.Verdict;
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

  /** How much of an entry can be said. */
  enum Room {
    WIDE,
    /** Folded entries without the invalid ones among them. */
    LESS,
    /** Blocks by their size alone too. */
    NARROW,
    /** Tables and pages by their address alone. */
    TIGHT
  }

  /**
   * What a row shows.
   *
   * @param symbol of the fault that ended the walk here, or empty
   * @param pending the walk reads it next
   * @param detail for the tooltip and the screen reader
   */
  record Row(
      WalkColumn.Row row,
      boolean failing,
      String symbol,
      boolean pending,
      String detail,
      Room room) {
    private String words(WalkColumn.Entry entry) {
      String words = entry.word();
      if (entry.kind() == Verdict.BLOCK) {
        // The size first: where a row is narrow its end is what is cut.
        words =
            words.replaceFirst("^BLOCK (.+)", room.compareTo(Room.NARROW) < 0 ? "$1 BLOCK" : "$1");
      } else if (entry.hasTarget() && room == Room.TIGHT) {
        words = "";
      }
      return (symbol + " " + words).strip();
    }
  }

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
        word.setText(row.words(e));
        target.setText(e.hasTarget() ? "→ " + Hex.address(e.target()) : "");
        // Where the entry leads now is in the tooltip and on the card: a row has no room for it.
        remark.setText(e.remark().replaceFirst(" →.*", ""));
        pseudoClassStateChanged(ON_PATH, e.onPath());
      }
      case WalkColumn.Run r -> {
        word.setText(row.room() == Room.WIDE ? r.words() : r.shortWords());
        target.setText("");
        remark.setText("");
        pseudoClassStateChanged(ON_PATH, false);
      }
    }
    word.setManaged(!word.getText().isEmpty());
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
