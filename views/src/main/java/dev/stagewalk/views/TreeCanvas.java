package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Lookup.Verdict;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.geometry.Orientation;
import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.ScrollBar;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;

/**
 * The rows of a tree that are on screen, painted. A list control spends more than a pulse on a jump
 * through a million rows; this spends the same few milliseconds wherever it is.
 */
final class TreeCanvas extends Region {
  private final Look look;
  private final SelectionModel selection;
  private final TreeModel model;
  private final Consumer<TreeModel.Row> choose;
  private final Canvas canvas = new Canvas();
  private final ScrollBar bar = new ScrollBar();
  private int selected = -1;
  private int hovered = -1;

  private final Runnable used;

  /**
   * @param choose called with the row that a person chose
   * @param used called when a person goes through the rows, whatever comes of it
   */
  TreeCanvas(
      Look look,
      SelectionModel selection,
      TreeModel model,
      Consumer<TreeModel.Row> choose,
      Runnable used) {
    this.used = used;
    this.look = look;
    this.selection = selection;
    this.model = model;
    this.choose = choose;
    getStyleClass().add("tree-canvas");
    setId("tree-rows");
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.TREE_VIEW);
    bar.setOrientation(Orientation.VERTICAL);
    bar.valueProperty().addListener((_, _, _) -> paint());
    getChildren().addAll(canvas, bar);
    setOnScroll(e -> {
      used.run();
      bar.setValue(Math.clamp(bar.getValue() - e.getDeltaY() / rowHeight(), 0, bar.getMax()));
      e.consume();
    });
    canvas.setOnMouseClicked(this::click);
    canvas.setOnMouseMoved(e -> hover(rowAt(e.getY())));
    setOnMouseExited(_ -> hover(-1));
    addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    focusedProperty().addListener((_, _, _) -> paint());
  }

  private double rowHeight() {
    return Math.ceil(1.85 * look.em());
  }

  private int visibleRows() {
    return Math.max(1, (int) (getHeight() / rowHeight()));
  }

  /** Number of the first row on screen. */
  int first() {
    return (int) bar.getValue();
  }

  /** The row that is selected. */
  Optional<TreeModel.Row> selectedRow() {
    return selected >= 0 && selected < model.size()
        ? Optional.of(model.row(selected))
        : Optional.empty();
  }

  /** Selects a row and brings it on screen. */
  void goTo(int number) {
    selected = Math.clamp(number, -1, model.size() - 1);
    bringOnScreen(selected);
    setAccessibleText(selectedRow().map(TreeModel.Row::text).orElse("no row selected"));
    paint();
  }

  /** Scrolls to a row that is not on screen, and selects nothing. */
  void bringOnScreen(int number) {
    int top = first();
    if (number < top || number >= top + visibleRows() - 1) {
      bar.setValue(Math.clamp(number - visibleRows() / 3.0, 0, bar.getMax()));
    }
  }

  /** The rows are others, or look otherwise. */
  void changed() {
    selected = Math.min(selected, model.size() - 1);
    requestLayout();
    arrangeBar();
    paint();
  }

  private void arrangeBar() {
    int rows = model.size();
    int most = Math.max(0, rows - visibleRows());
    bar.setMax(most);
    bar.setVisibleAmount(rows == 0 ? 0 : most * (double) visibleRows() / rows);
    bar.setUnitIncrement(1);
    bar.setBlockIncrement(visibleRows());
    bar.setValue(Math.min(bar.getValue(), most));
    bar.setVisible(most > 0);
  }

  @Override
  protected void layoutChildren() {
    double thick = bar.prefWidth(-1);
    bar.resizeRelocate(getWidth() - thick, 0, thick, getHeight());
    if (canvas.getWidth() != getWidth() - thick || canvas.getHeight() != getHeight()) {
      canvas.setWidth(Math.max(0, getWidth() - thick));
      canvas.setHeight(getHeight());
      arrangeBar();
      paint();
    }
  }

  // Gestures

  private int rowAt(double y) {
    int number = first() + (int) (y / rowHeight());
    return y >= 0 && number < model.size() ? number : -1;
  }

  private void hover(int number) {
    if (number != hovered) {
      hovered = number;
      Selection preview = Selection.NONE;
      if (number >= 0) {
        TreeModel.Row row = model.row(number);
        preview = row.isSingle() ? Selection.of(row.entry(), row.ipa()) : Selection.NONE;
      }
      selection.preview(preview);
      paint();
    }
  }

  private void click(MouseEvent event) {
    requestFocus();
    used.run();
    int number = rowAt(event.getY());
    if (number < 0) {
      return;
    }
    TreeModel.Row row = model.row(number);
    boolean onArrow = event.getX() < left(row) + 1.4 * look.em();
    if (row.kind() == Verdict.TABLE && (onArrow || event.getClickCount() == 2)) {
      model.toggle(row);
      changed();
    }
    goTo(number);
    choose.accept(row);
  }

  private void key(KeyEvent event) {
    int page = visibleRows() - 1;
    switch (event.getCode()) {
      case DOWN -> goTo(Math.min(selected + 1, model.size() - 1));
      case UP -> goTo(Math.max(selected - 1, 0));
      case PAGE_DOWN -> goTo(Math.min(selected + page, model.size() - 1));
      case PAGE_UP -> goTo(Math.max(selected - page, 0));
      case HOME -> goTo(0);
      case END -> goTo(model.size() - 1);
      case RIGHT -> open(true);
      case LEFT -> open(false);
      case ENTER -> selectedRow().ifPresent(choose);
      default -> {
        return;
      }
    }
    used.run();
    event.consume();
  }

  private void open(boolean wanted) {
    selectedRow()
        .filter(row -> row.kind() == Verdict.TABLE && row.expanded() != wanted)
        .ifPresent(row -> {
          model.toggle(row);
          changed();
        });
  }

  // Painting

  private double left(TreeModel.Row row) {
    return (0.7 + 1.6 * row.depth()) * look.em();
  }

  private void paint() {
    GraphicsContext g = canvas.getGraphicsContext2D();
    double width = canvas.getWidth();
    double height = canvas.getHeight();
    if (width <= 0 || height <= 0) {
      return;
    }
    g.setFill(look.color(Token.PANE));
    g.fillRect(0, 0, width, height);
    g.setTextBaseline(VPos.CENTER);
    Font code = look.code(0.93);
    Font bold = Font.font(code.getFamily(), FontWeight.BOLD, code.getSize());
    Font text = look.text(0.86);
    double rowHeight = rowHeight();
    int top = first();
    for (int i = 0; i * rowHeight < height && top + i < model.size(); i++) {
      paintRow(g, top + i, i * rowHeight, code, bold, text);
    }
  }

  private void paintRow(GraphicsContext g, int number, double y, Font code, Font bold, Font text) {
    double em = look.em();
    TreeModel.Row row = model.row(number);
    boolean lit = row.isSingle() && selection.lit().hasDescriptor(row.entry().address());
    if (number == selected || lit) {
      g.setFill(look.color(Token.SELECTED));
      g.fillRect(0, y, canvas.getWidth(), rowHeight());
    } else if (number == hovered) {
      g.setFill(look.color(Token.HOVER));
      g.fillRect(0, y, canvas.getWidth(), rowHeight());
    }
    if (number == selected && isFocused()) {
      g.setFill(look.color(Token.ACCENT));
      g.fillRect(0, y, 3, rowHeight());
    }
    double middle = y + rowHeight() / 2;
    double x = left(row);
    boolean invalid = row.kind() == Verdict.INVALID;
    if (row.kind() == Verdict.TABLE) {
      arrow(g, x, middle, row.expanded());
    }
    g.setFont(bold);
    g.setFill(look.color(invalid ? Token.MUTED : Levels.hue(row.entry().level())));
    g.fillText(row.name(), x + 1.3 * em, middle);
    g.setFont(code);
    g.setFill(look.color(invalid ? Token.MUTED : Token.TEXT));
    g.fillText(
        row.word() + (row.target() != 0 ? " → " + Hex.address(row.target()) : ""),
        14.5 * em,
        middle);
    g.setFill(look.color(Token.MUTED));
    g.fillText(
        row.input() + " " + Hex.address(row.ipa()) + "  " + Scan.rounded(row.covers()),
        29.5 * em,
        middle);
    g.setFont(text);
    g.fillText(row.attributes(), 46.5 * em, middle);
  }

  private void arrow(GraphicsContext g, double x, double middle, boolean open) {
    double r = 0.28 * look.em();
    double cx = x + 0.4 * look.em();
    g.setFill(look.color(Token.MUTED));
    if (open) {
      g.fillPolygon(
          new double[] {cx - r, cx + r, cx},
          new double[] {middle - r * 0.6, middle - r * 0.6, middle + r},
          3);
    } else {
      g.fillPolygon(
          new double[] {cx - r * 0.6, cx + r, cx - r * 0.6},
          new double[] {middle - r, middle, middle + r},
          3);
    }
  }
}
