package dev.stagewalk.views;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/**
 * Lays a walk out: one band or two with the chips of the folded walks between them, the card below
 * the entry it speaks of. Whatever does not fit the height makes the pane scroll, never overlap.
 */
final class WalkBody extends Region {
  private static final double LEAST_TABLES = 19;

  /** Of a list of tables that has only their addresses, in em. */
  private static final double SLIM_TABLES = 9.5;

  /** How much higher than need be strips get where there is room, in em. */
  private static final double MOST_EXTRA = 2.6;

  private static final double MOST_EXTRA_LARGE = 4.5;

  private static final int MOST_ROWS = 14;

  /** In type as large as a projector's, where one looks at one thing at a time. */
  private static final int MOST_ROWS_LARGE = 8;

  private static final double LARGE = 1.2;
  private static final int LEAST_ROWS = 3;
  private static final int ROWS_ABOVE = 5;

  private final Look look;
  private final SelectionModel selection;
  private final List<BandNode> bands = new ArrayList<>();
  private final ChipsNode chips;
  private final WalkArrows arrows;
  private final CardNode card;
  private final TablesNode tables;
  private @Nullable WalkFigure figure;
  private double viewportHeight;
  private double needed;
  private double extra;
  private double lastNeeded;
  private boolean isNew;
  private final DoubleConsumer scrollTo;

  /**
   * @param open told which walk of stage 2 to open
   * @param scrollTo told how far to scroll for a new walk, 0 to 1: where there is no room for all
   *     of it, so far that the lower band can be read
   */
  WalkBody(
      Look look,
      SelectionModel selection,
      Actions actions,
      IntConsumer open,
      DoubleConsumer scrollTo) {
    this.scrollTo = scrollTo;
    this.look = look;
    this.selection = selection;
    this.arrows = new WalkArrows(look);
    this.card = new CardNode(actions);
    this.tables = new TablesNode(selection);
    this.chips = new ChipsNode(open);
    getStyleClass().add("walk-body");
    getChildren().addAll(chips, arrows, card, tables);
  }

  void show(WalkFigure newFigure, TablesFigure newTables) {
    isNew |= figure == null || !figure.source().equals(newFigure.source());
    figure = newFigure;
    tables.show(newTables);
    card.show(newFigure.card());
    chips.show(newFigure);
    while (bands.size() < newFigure.bands().size()) {
      BandNode node = new BandNode(look, selection);
      bands.add(node);
      getChildren().addFirst(node);
    }
    while (bands.size() > newFigure.bands().size()) {
      getChildren().remove(bands.removeLast());
    }
    for (int i = 0; i < bands.size(); i++) {
      BandNode node = bands.get(i);
      node.show(newFigure, newFigure.bands().get(i), Math.max(LEAST_ROWS, node.budget()));
    }
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
    bands.forEach(BandNode::light);
  }

  /** Rows the columns of each band may have, so that the card still fits under them. */
  private void giveRows(double width) {
    double em = look.em();
    double rest = viewportHeight - 0.8 * em - 1.3 * em - card.prefHeight(cardWidth(width)) - em;
    if (chips.isVisible()) {
      rest -= chips.prefHeight(width) + 1.2 * em;
    }
    for (BandNode band : bands) {
      rest -= band.overhead(width) + (bands.size() > 1 ? em : 0);
    }
    double row = bands.isEmpty() ? 2 * em : bands.getLast().rowHeight();
    int rows = (int) (rest / row);
    if (bands.size() == 2) {
      int above = isBrief() ? 1 : Math.clamp(rows / 3, LEAST_ROWS, ROWS_ABOVE);
      give(bands.getFirst(), Math.max(LEAST_ROWS, above));
      rows -= above;
    }
    if (!bands.isEmpty()) {
      int most = look.scale() >= LARGE ? MOST_ROWS_LARGE : MOST_ROWS;
      give(bands.getLast(), Math.clamp(rows, LEAST_ROWS, most));
    }
  }

  private static void give(BandNode band, int rows) {
    if (band.budget() != rows) {
      band.setBudget(rows);
    }
  }

  /** Whether the upper of two bands shows only the entries on the path. */
  private boolean isBrief() {
    return bands.size() == 2 && viewportHeight < 46 * look.em();
  }

  /** Whether the pane is too low for everything that is nice to have. */
  private boolean isCompact() {
    return viewportHeight < (bands.size() == 2 ? 60 : 32) * look.em();
  }

  private double cardWidth(double width) {
    double em = look.em();
    if (isCompact()) {
      // Beside a card a little narrower there is room for the list of other tables.
      double beside = width - (SLIM_TABLES + 1.3) * em;
      double most = tables.isEmpty() || beside < 40 * em ? 44 * em : Math.min(44 * em, beside);
      return Math.min(width, most);
    }
    return Math.min(width, Math.clamp(width * 0.66, 36 * em, 44 * em));
  }

  @Override
  protected double computeMinWidth(double height) {
    double least = bands.stream().mapToDouble(BandNode::leastWidth).max().orElse(0);
    return least + 2.8 * look.em();
  }

  @Override
  protected double computePrefHeight(double width) {
    return Math.max(needed, 10 * look.em());
  }

  @Override
  protected void layoutChildren() {
    arrange();
    if (heighten()) {
      arrange();
    }
    report();
  }

  private void arrange() {
    double em = look.em();
    double left = 1.4 * em;
    double width = getWidth() - 2 * left;
    chips.setRoom(width, isBrief());
    for (int i = 0; i < bands.size(); i++) {
      bands.get(i).setRoom(width, isCompact(), i == 0 && isBrief());
      bands.get(i).setExtra(i == bands.size() - 1 ? extra : 0);
    }
    giveRows(width);
    double y = 0.8 * em;
    boolean chipsFirst = bands.size() == 2 && chips.isVisible();
    double top = y;
    for (int i = 0; i < bands.size(); i++) {
      if (i == 1) {
        y += 1.1 * em;
        if (chipsFirst) {
          y = place(chips, left, y, width, chips.prefHeight(width)) + em;
        }
      }
      top = y;
      y = place(bands.get(i), left, y, width, bands.get(i).prefHeight(width));
    }
    double right = left + (bands.isEmpty() ? 0 : bands.getLast().columnsWidth(width));
    arrows.begin(false);
    needed = placeCard(left, right, top, y, width);
    arrows.end();
    if (chips.isVisible() && !chipsFirst) {
      needed = place(chips, left, needed, width, chips.prefHeight(width)) + em;
    }
  }

  /** Tells whoever scrolls how high all is, and where to. */
  private void report() {
    double em = look.em();
    // Once the body has the height it asked for: before that a scroll pane forgets the place.
    if (isNew && viewportHeight > 0 && getHeight() + 1 >= needed) {
      isNew = false;
      double hidden = needed - viewportHeight;
      boolean tight = bands.size() == 2 && hidden > em;
      scrollTo.accept(tight ? Math.min(1, (chips.getLayoutY() - 0.5 * em) / hidden) : 0);
    }
    if (Math.abs(needed - lastNeeded) > 0.5) {
      lastNeeded = needed;
      if (getParent() != null) {
        getParent().requestLayout();
      }
    }
  }

  /** Gives the strips of the lowest band what height is left; whether that changed anything. */
  private boolean heighten() {
    double em = look.em();
    double rest = viewportHeight - needed + extra - 0.5 * em;
    double most = look.scale() >= LARGE ? MOST_EXTRA_LARGE : MOST_EXTRA;
    double wanted = Math.floor(Math.clamp(rest, 0, most * em));
    if (Math.abs(wanted - extra) < 2) {
      return false;
    }
    extra = wanted;
    return true;
  }

  /** Places the card and the list of other tables; returns the height of everything. */
  private double placeCard(double left, double right, double top, double bottom, double width) {
    double em = look.em();
    double gap = 2 * em;
    double room = left + width - right - gap;
    double cardWidth = cardWidth(width);
    ColumnNode of = cardColumn();
    Node from = of == null ? null : of.pathNode();
    double x = of == null ? left : bands.getLast().getLayoutX() + of.getLayoutX();
    double middle = of == null ? left : x + of.getWidth() / 2;
    double cardX;
    double cardY;
    if (room >= 20 * em) {
      cardWidth = Math.min(room, 36 * em);
      cardX = right + gap;
      cardY = top + (bands.isEmpty() ? 0 : bands.getLast().headHeight(width));
    } else {
      double wanted = of == null ? left : middle - cardWidth * 0.75;
      // The list of other tables gets its room at the left, if the card still reaches its entry.
      double aside = left + (LEAST_TABLES + 1.5) * em;
      if (aside + 2 * em > middle) {
        aside = left + (SLIM_TABLES + 1.2) * em;
      }
      boolean shift = aside + 2 * em <= middle && !tables.isEmpty();
      double most = Math.max(left, left + width - cardWidth);
      cardX = Math.clamp(shift ? Math.max(wanted, aside) : wanted, left, most);
      cardY = below(cardX, cardX + cardWidth) + 1.3 * em;
    }
    double cardHeight = card.prefHeight(cardWidth);
    place(card, cardX, cardY, cardWidth, cardHeight);
    if (figure != null && of != null && room < 20 * em) {
      double fromBottom = bands.getLast().getLayoutY() + of.getLayoutY() + of.getHeight();
      leader(from, fromBottom, cardX, cardY, cardWidth, figure.card().hue());
    }

    double free = room < 20 * em ? cardX - left : 0;
    boolean beside = free >= (SLIM_TABLES + 1) * em;
    double tablesWidth = beside ? Math.min(free - 1.2 * em, 30 * em) : width;
    tables.setSlim(beside && free < (LEAST_TABLES + 1) * em);
    double besideY = below(left, left + tablesWidth) + 1.6 * em;
    tables.fit(
        tablesWidth,
        beside ? Math.max(cardY + cardHeight, viewportHeight - em) - besideY : Double.MAX_VALUE);
    double tablesHeight = tables.prefHeight(tablesWidth);
    double tablesY =
        beside ? besideY : Math.max(bottom, room >= 20 * em ? 0 : cardY + cardHeight) + 1.2 * em;
    if (room >= 20 * em && !beside) {
      tablesY = Math.max(tablesY, cardY + cardHeight + em);
    }
    place(tables, left, tablesY, tablesWidth, tablesHeight);
    double tablesBottom = tables.isEmpty() ? 0 : tablesY + tablesHeight;
    return Math.max(Math.max(cardY + cardHeight, bottom), tablesBottom) + em;
  }

  /** Lowest edge of the lowest columns between two x. */
  private double below(double from, double to) {
    if (bands.isEmpty()) {
      return 0;
    }
    double least = bands.getLast().getLayoutY() + bands.getLast().overhead(getWidth()) * 0.5;
    return Math.max(least, bands.getLast().below(from, to));
  }

  private @Nullable ColumnNode cardColumn() {
    WalkFigure now = figure;
    if (now == null) {
      return null;
    }
    return now.cardBand() == bands.size() - 1 ? bands.getLast().column(now.cardLevel()) : null;
  }

  private void leader(
      @Nullable Node from, double fromBottom, double x, double y, double width, Token hue) {
    if (from != null) {
      double em = look.em();
      double at = Math.clamp(inBody(from).getCenterX(), x + em, x + width - em);
      arrows.leader(at, fromBottom + 0.3 * em, y, look.color(hue));
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
