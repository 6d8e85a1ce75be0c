package dev.stagewalk.views;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** The walks of stage 2 within a translation of a VA, one chip each; a click opens one. */
final class ChipsNode extends VBox {
  private static final PseudoClass OPEN = PseudoClass.getPseudoClass("open");
  private static final PseudoClass DIM = PseudoClass.getPseudoClass("dim");

  /** A width that holds all chips in one line. */
  private static final double NO_LIMIT = 100_000;

  private final IntConsumer open;
  private final Label title = new Label("Stage 2 translates, in this order");
  private final Label counter = new Label();
  private final FlowPane list = new FlowPane();
  private final List<Chip> pool = new ArrayList<>();
  private boolean slim;

  /**
   * @param open told which walk to open, by its place in {@link WalkParts#walks()}
   */
  ChipsNode(IntConsumer open) {
    this.open = open;
    getStyleClass().add("walk-chips");
    title.getStyleClass().addAll("strong", "small");
    counter.getStyleClass().addAll("code", "small", "walk-counter");
    list.getStyleClass().add("walk-chips-list");
    HBox head = new HBox(title, counter);
    head.getStyleClass().add("walk-chips-head");
    head.setAlignment(Pos.BASELINE_LEFT);
    getChildren().addAll(head, list);
  }

  /**
   * Tells the chips their room before they are laid out.
   *
   * @param tight whether height is scarce: chips that do not fit a line are their names alone, but
   *     for the one that is open
   */
  void setRoom(double width, boolean tight) {
    slim = false;
    pool.forEach(Chip::showWords);
    if (tight && prefHeight(width) > prefHeight(NO_LIMIT) + 1) {
      slim = true;
      pool.forEach(Chip::showWords);
    }
  }

  void show(WalkFigure figure) {
    List<WalkChip> chips = figure.chips();
    counter.setText(figure.counter());
    while (pool.size() < chips.size()) {
      pool.add(new Chip());
    }
    for (int i = 0; i < chips.size(); i++) {
      pool.get(i).show(chips.get(i), figure.card().hue(), figure.card().symbol());
    }
    if (list.getChildren().size() != chips.size()) {
      list.getChildren().setAll(pool.subList(0, chips.size()));
    }
    setVisible(!chips.isEmpty());
  }

  /** One walk. */
  private final class Chip extends Button {
    private final Label name = new Label();
    private final Label words = new Label();
    private final Label reads = new Label();
    private final Tooltip tip = new Tooltip();
    private boolean isOpen;
    private String hue = "";
    private int walk;

    Chip() {
      name.getStyleClass().addAll("strong", "small", "walk-chip-name");
      words.getStyleClass().addAll("code", "tiny");
      reads.getStyleClass().addAll("muted", "tiny");
      HBox first = new HBox(name, reads);
      first.getStyleClass().add("walk-chips-head");
      first.setAlignment(Pos.BASELINE_LEFT);
      VBox both = new VBox(first, words);
      setGraphic(both);
      getStyleClass().add("walk-chip");
      setTooltip(tip);
      setOnAction(_ -> open.accept(walk));
    }

    void showWords() {
      boolean on = !slim || isOpen;
      for (Label label : List.of(words, reads)) {
        if (label.isManaged() != on) {
          label.setVisible(on);
          label.setManaged(on);
        }
      }
    }

    void show(WalkChip chip, Token failing, String symbol) {
      walk = chip.walk();
      isOpen = chip.open();
      showWords();
      boolean refused = chip.state() == WalkChip.State.REFUSED;
      String mark =
          switch (chip.state()) {
            case DONE -> "\u2714 ";
            case REFUSED -> symbol + " ";
            case GOING_ON -> "\u25b8 ";
            case AHEAD -> "";
          };
      name.setText(mark + chip.name());
      words.setText(chip.words());
      reads.setText(chip.reads());
      tip.setText(chip.text() + (chip.open() ? "" : "\nClick to open its tables"));
      setAccessibleText(chip.text());
      Token wanted =
          refused
              ? failing
              : chip.level() == WalkChip.OUTPUT ? Token.ACCENT : Levels.hue(chip.level());
      if (!wanted.styleClass().equals(hue)) {
        getStyleClass().remove(hue);
        hue = wanted.styleClass();
        getStyleClass().add(hue);
      }
      pseudoClassStateChanged(OPEN, chip.open());
      pseudoClassStateChanged(DIM, chip.state() == WalkChip.State.AHEAD);
    }
  }
}
