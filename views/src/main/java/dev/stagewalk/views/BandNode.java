package dev.stagewalk.views;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/**
 * A walk of one stage as the pane draws it: the address on top, one column a level under it, arrows
 * between them; dashed for stage 1, solid for stage 2.
 */
final class BandNode extends Region {
  private static final double LEAST_COLUMN = 11.5;

  /** Of five levels. */
  private static final double LEAST_OF_MANY = 9.5;

  private static final double LEAST_GAP = 1.5;
  private static final double MOST_COLUMN = 24;

  private final Look look;
  private final SelectionModel selection;
  private final Label title = new Label();
  private final AddressStrip address = new AddressStrip();
  private final List<ColumnNode> columns = new ArrayList<>();
  private final WalkArrows arrows;
  private @Nullable WalkFigure figure;
  private @Nullable WalkBand band;
  private int budget;
  private boolean brief;

  BandNode(Look look, SelectionModel selection) {
    this.look = look;
    this.selection = selection;
    this.arrows = new WalkArrows(look);
    getStyleClass().add("walk-band");
    title.getStyleClass().addAll("strong", "small", "walk-band-title");
    getChildren().addAll(title, address, arrows);
  }

  void show(WalkFigure newFigure, WalkBand newBand, int rows) {
    figure = newFigure;
    band = newBand;
    title.setText(newBand.title());
    title.setVisible(!newBand.title().isEmpty());
    address.show(newBand);
    List<WalkColumn> wanted = newBand.columns();
    while (columns.size() < wanted.size()) {
      ColumnNode node =
          new ColumnNode(look, selection, newFigure, newBand, wanted.get(columns.size()));
      columns.add(node);
      getChildren().add(columns.size(), node);
    }
    while (columns.size() > wanted.size()) {
      getChildren().remove(columns.removeLast());
    }
    setBudget(rows);
    requestLayout();
  }

  /** Rows a column may have. */
  void setBudget(int rows) {
    budget = rows;
    WalkFigure shown = figure;
    WalkBand of = band;
    if (shown != null && of != null) {
      for (int i = 0; i < columns.size(); i++) {
        columns
            .get(i)
            .show(shown, of, of.columns().get(i), i == 0 && !of.beginsHeld(), brief ? 1 : rows);
      }
    }
  }

  int budget() {
    return budget;
  }

  /**
   * Tells the band its room before it is laid out.
   *
   * @param width in pixels
   * @param isCompact whether height is scarce
   * @param isBrief whether only the entries on the path are shown
   */
  void setRoom(double width, boolean isCompact, boolean isBrief) {
    double each = columnWidth(width);
    columns.forEach(c -> c.setRoom(each, isCompact, isBrief));
    if (brief != isBrief) {
      brief = isBrief;
      setBudget(budget);
    }
  }

  /** Makes the strips of all entries higher, in pixels. */
  void setExtra(double pixels) {
    columns.forEach(c -> c.setExtra(pixels));
  }

  void light() {
    columns.forEach(ColumnNode::light);
  }

  /** Where columns are narrow the arrows make do with less. */
  private double columnGap(double inner) {
    double em = look.em();
    return inner < columns.size() * ColumnNode.NARROW_BELOW * em ? LEAST_GAP * em : 2 * em;
  }

  private double leastColumn() {
    return (columns.size() > 4 ? LEAST_OF_MANY : LEAST_COLUMN) * look.em();
  }

  private double columnWidth(double inner) {
    int n = Math.max(1, columns.size());
    double each = (inner - (n - 1) * columnGap(inner)) / n;
    return Math.clamp(each, leastColumn(), MOST_COLUMN * look.em());
  }

  /** Width that the columns need at least. */
  double leastWidth() {
    int n = Math.max(2, columns.size());
    return n * leastColumn() + (n - 1) * LEAST_GAP * look.em();
  }

  /** Width that the columns take of so much room. */
  double columnsWidth(double inner) {
    int n = columns.size();
    return n * columnWidth(inner) + (n - 1) * columnGap(inner);
  }

  /** Height of everything but the rows. */
  double overhead(double width) {
    double columnsOverhead = columns.isEmpty() ? 0 : columns.getFirst().overhead();
    return headHeight(width) + columnsOverhead;
  }

  /** Height that one more row takes. */
  double rowHeight() {
    return columns.isEmpty() ? 2 * look.em() : columns.getFirst().rowHeight();
  }

  private double titleHeight() {
    return title.isVisible() ? title.prefHeight(-1) + 0.35 * look.em() : 0;
  }

  /** Height of what stands above the columns, over the whole width. */
  double headHeight(double width) {
    return titleHeight() + address.prefHeight(width) + 1.3 * look.em();
  }

  @Override
  protected double computePrefHeight(double width) {
    double each = columnWidth(width);
    double tallest = 0;
    for (ColumnNode column : columns) {
      tallest = Math.max(tallest, column.prefHeight(each));
    }
    return headHeight(width) + tallest;
  }

  @Override
  protected void layoutChildren() {
    double width = getWidth();
    if (title.isVisible()) {
      title.resizeRelocate(0, 0, width, title.prefHeight(-1));
    }
    place(address, 0, titleHeight(), width, address.prefHeight(width));
    double top = headHeight(width);
    double each = columnWidth(width);
    double x = 0;
    for (ColumnNode column : columns) {
      place(column, x, top, each, column.prefHeight(each));
      x += each + columnGap(width);
    }
    drawArrows();
  }

  private static void place(Region node, double x, double y, double width, double height) {
    node.resizeRelocate(x, y, width, height);
    // Arrows need the rows' places in this same pass.
    node.layout();
  }

  private void drawArrows() {
    arrows.begin(band != null && band.stage() == 1);
    for (ColumnNode column : columns) {
      WalkColumn shown = column.column();
      Bounds box = address.localToParent(address.boundsOf(shown.level()));
      Token hue = shown.isKnown() ? Levels.hue(shown.level()) : Token.LINE;
      arrows.drop(box, column.getLayoutX(), column.getLayoutY(), look.color(hue));
    }
    for (int i = 0; i + 1 < columns.size(); i++) {
      Node from = columns.get(i).pathNode();
      ColumnNode to = columns.get(i + 1);
      if (from != null && to.column().isKnown()) {
        Token hue = Levels.hue(columns.get(i).column().level());
        Bounds start = sceneToLocal(from.localToScene(from.getBoundsInLocal()));
        arrows.arrow(start, to.localToParent(to.stripBounds()), look.color(hue));
      }
    }
    arrows.end();
  }

  /** The column of a level; null if there is none. */
  @Nullable ColumnNode column(int level) {
    for (ColumnNode column : columns) {
      if (column.column().level() == level) {
        return column;
      }
    }
    return null;
  }

  /** Lowest edge of the columns between two x of the parent, in the parent's coordinates. */
  double below(double from, double to) {
    double y = 0;
    for (ColumnNode column : columns) {
      double x = getLayoutX() + column.getLayoutX();
      if (x < to && x + column.getWidth() > from) {
        y = Math.max(y, getLayoutY() + column.getLayoutY() + column.getHeight());
      }
    }
    return y;
  }
}
