package dev.stagewalk.views;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/**
 * Lays a walk out: address on top, one column a level under it, arrows between them, the card below
 * the entry it speaks of. Whatever does not fit the height makes the pane scroll, never overlap.
 */
final class WalkBody extends Region {
  private static final double LEAST_COLUMN = 11.5;
  private static final double MOST_COLUMN = 24;
  private static final double LEAST_TABLES = 19;
  private static final int MOST_ROWS = 14;
  private static final int LEAST_ROWS = 3;

  private final Look look;
  private final SelectionModel selection;
  private final AddressStrip address = new AddressStrip();
  private final List<ColumnNode> columns = new ArrayList<>();
  private final WalkArrows arrows;
  private final CardNode card;
  private final TablesNode tables;
  private @Nullable WalkFigure figure;
  private double viewportHeight;
  private double needed;
  private double lastNeeded;
  private int shownBudget = LEAST_ROWS;

  WalkBody(Look look, SelectionModel selection, Actions actions) {
    this.look = look;
    this.selection = selection;
    this.arrows = new WalkArrows(look);
    this.card = new CardNode(actions);
    this.tables = new TablesNode(selection);
    getStyleClass().add("walk-body");
    getChildren().addAll(address, arrows, card, tables);
  }

  void show(WalkFigure newFigure, TablesFigure newTables) {
    figure = newFigure;
    address.show(newFigure);
    tables.show(newTables);
    card.show(newFigure.card());
    List<WalkColumn> wanted = newFigure.columns();
    while (columns.size() < wanted.size()) {
      ColumnNode node = new ColumnNode(look, selection, newFigure, wanted.get(columns.size()));
      columns.add(node);
      getChildren().add(1, node);
    }
    while (columns.size() > wanted.size()) {
      getChildren().remove(columns.removeLast());
    }
    showColumns(shownBudget);
    requestLayout();
  }

  /** The height there is without scrolling, in pixels. */
  void setViewportHeight(double height) {
    if (Math.abs(height - viewportHeight) > 0.5) {
      viewportHeight = height;
      requestLayout();
    }
  }

  /** Marks what belongs to the selection. */
  void light() {
    columns.forEach(ColumnNode::light);
  }

  private void showColumns(int budget) {
    shownBudget = budget;
    WalkFigure now = figure;
    if (now != null) {
      for (int i = 0; i < columns.size(); i++) {
        columns.get(i).show(now, now.columns().get(i), i == 0, budget);
      }
    }
  }

  /** Rows a column may have, so that the card still fits under them. */
  private int budget(double width) {
    double em = look.em();
    double head = 0.8 * em + address.prefHeight(width) + 1.3 * em;
    double overhead = columns.isEmpty() ? 0 : columns.getFirst().overhead();
    double under = 1.3 * em + card.prefHeight(cardWidth(width)) + em;
    double row = columns.isEmpty() ? 2 * em : columns.getFirst().rowHeight();
    int rows = (int) ((viewportHeight - head - overhead - under) / row);
    return Math.clamp(rows, LEAST_ROWS, MOST_ROWS);
  }

  private double columnGap() {
    return 2 * look.em();
  }

  private double columnWidth(double inner) {
    int n = Math.max(1, columns.size());
    double em = look.em();
    return Math.clamp((inner - (n - 1) * columnGap()) / n, LEAST_COLUMN * em, MOST_COLUMN * em);
  }

  /** Whether the pane is too low for everything that is nice to have. */
  private boolean isCompact() {
    return viewportHeight < 32 * look.em();
  }

  private double cardWidth(double width) {
    double em = look.em();
    if (isCompact()) {
      return Math.min(width, 44 * em);
    }
    return Math.min(width, Math.clamp(width * 0.66, 36 * em, 44 * em));
  }

  @Override
  protected double computeMinWidth(double height) {
    int n = Math.max(2, columns.size());
    return n * LEAST_COLUMN * look.em() + (n - 1) * columnGap() + 2 * look.em();
  }

  @Override
  protected double computePrefHeight(double width) {
    return Math.max(needed, 10 * look.em());
  }

  @Override
  protected void layoutChildren() {
    double em = look.em();
    double left = 1.4 * em;
    double width = getWidth() - 2 * left;
    double y = 0.8 * em;
    y = place(address, left, y, width, address.prefHeight(width)) + 1.3 * em;

    double columnWidth = columnWidth(width);
    columns.forEach(c -> c.setRoom(columnWidth, isCompact()));
    int budget = budget(width);
    if (budget != shownBudget) {
      showColumns(budget);
    }
    double top = y;
    double bottom = top;
    double x = left;
    for (ColumnNode column : columns) {
      bottom = Math.max(bottom, place(column, x, top, columnWidth, column.prefHeight(columnWidth)));
      x += columnWidth + columnGap();
    }
    double right = x - columnGap();
    arrows.begin();
    needed = placeCard(left, right, top, bottom, width);
    drawArrows();
    arrows.end();
    if (Math.abs(needed - lastNeeded) > 0.5) {
      lastNeeded = needed;
      if (getParent() != null) {
        getParent().requestLayout();
      }
    }
  }

  /** Places the card and the list of other tables; returns the height of everything. */
  private double placeCard(double left, double right, double top, double bottom, double width) {
    double em = look.em();
    double room = left + width - right - columnGap();
    double cardWidth = cardWidth(width);
    ColumnNode of = cardColumn();
    Node from = of == null ? null : of.pathNode();
    double fromBottom = of == null ? bottom : of.getLayoutY() + of.getHeight();
    double cardX;
    double cardY;
    if (room >= 20 * em) {
      cardWidth = Math.min(room, 36 * em);
      cardX = right + columnGap();
      cardY = top;
    } else {
      double wanted = of == null ? left : of.getLayoutX() + of.getWidth() / 2 - cardWidth * 0.75;
      // The list of other tables gets its room at the left, if the card still reaches its entry.
      double aside = left + (LEAST_TABLES + 1.5) * em;
      double middle = of == null ? left : of.getLayoutX() + of.getWidth() / 2;
      boolean shift = aside + 2 * em <= middle;
      double most = Math.max(left, left + width - cardWidth);
      cardX = Math.clamp(shift ? Math.max(wanted, aside) : wanted, left, most);
      cardY = below(cardX, cardX + cardWidth) + 1.3 * em;
    }
    double cardHeight = card.prefHeight(cardWidth);
    place(card, cardX, cardY, cardWidth, cardHeight);
    if (figure != null && room < 20 * em) {
      leader(from, fromBottom, cardX, cardY, cardWidth, figure.card().hue());
    }

    boolean beside = cardX - left >= (LEAST_TABLES + 1) * em && room < 20 * em;
    double tablesWidth = beside ? Math.min(cardX - left - 1.5 * em, 30 * em) : width;
    double tablesHeight = tables.prefHeight(tablesWidth);
    double tablesY =
        beside
            ? below(left, left + tablesWidth) + 1.6 * em
            : Math.max(bottom, room >= 20 * em ? 0 : cardY + cardHeight) + 1.2 * em;
    place(tables, left, tablesY, tablesWidth, tablesHeight);
    double tablesBottom = tables.isEmpty() ? 0 : tablesY + tablesHeight;
    return Math.max(Math.max(cardY + cardHeight, bottom), tablesBottom) + em;
  }

  /** Lowest edge of the columns between two x. */
  private double below(double from, double to) {
    double y = 0;
    for (ColumnNode column : columns) {
      if (column.getLayoutX() < to && column.getLayoutX() + column.getWidth() > from) {
        y = Math.max(y, column.getLayoutY() + column.getHeight());
      }
    }
    return y;
  }

  private @Nullable ColumnNode cardColumn() {
    WalkFigure now = figure;
    if (now == null) {
      return null;
    }
    for (ColumnNode column : columns) {
      if (column.column().level() == now.cardLevel()) {
        return column;
      }
    }
    return null;
  }

  private void leader(
      @Nullable Node from, double fromBottom, double x, double y, double width, Token hue) {
    if (from != null) {
      double em = look.em();
      double at = Math.clamp(inBody(from).getCenterX(), x + em, x + width - em);
      arrows.leader(at, fromBottom + 0.3 * em, y, look.color(hue));
    }
  }

  private void drawArrows() {
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
        arrows.arrow(inBody(from), to.localToParent(to.stripBounds()), look.color(hue));
      }
    }
  }

  private Bounds inBody(Node node) {
    return sceneToLocal(node.localToScene(node.getBoundsInLocal()));
  }

  private static double place(Region node, double x, double y, double width, double height) {
    node.resizeRelocate(x, y, width, height);
    // Arrows need the rows' places in this same pass.
    node.layout();
    return y + height;
  }
}
