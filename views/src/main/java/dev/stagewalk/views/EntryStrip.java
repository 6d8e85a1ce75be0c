package dev.stagewalk.views;

import dev.stagewalk.event.Lookup.Verdict;
import java.util.Arrays;
import java.util.function.IntConsumer;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import org.jspecify.annotations.Nullable;

/** All entries of one table as cells, in reading order; the path's entry is outlined. */
final class EntryStrip extends Region {
  /** Cells a row, for a table of 512 entries; doubled with each factor of four. */
  private static final int CELLS = 64;

  private static final int LEAST_CELLS = 16;

  private final Look look;
  private final Canvas canvas = new Canvas();
  private WalkColumn column;
  private Token pathHue = Token.TEXT;
  private Token hue = Token.LEVEL_0;
  private @Nullable Theme painted;
  private boolean compact;
  private double extra;

  EntryStrip(Look look, WalkColumn column, IntConsumer click) {
    this.look = look;
    this.column = column;
    getChildren().add(canvas);
    getStyleClass().add("entry-strip");
    setOnMouseClicked(e -> {
      int index = entryAt(e.getX(), e.getY());
      if (index >= 0) {
        click.accept(index);
      }
    });
  }

  void show(WalkColumn newColumn, Token newHue, Token newPathHue) {
    boolean same =
        newColumn.path() == column.path()
            && newHue == hue
            && newPathHue == pathHue
            && look.theme() == painted
            && Arrays.equals(newColumn.kinds(), column.kinds());
    if (same) {
      column = newColumn;
      return;
    }
    boolean resize = newColumn.entries() != column.entries();
    column = newColumn;
    hue = newHue;
    pathHue = newPathHue;
    if (resize) {
      requestLayout();
    }
    paint();
  }

  /** Makes it lower, for panes of little height. */
  void setCompact(boolean on) {
    compact = on;
    requestLayout();
  }

  /** Makes it higher than it need be, where the pane has the room; in pixels. */
  void setExtra(double pixels) {
    if (Math.abs(pixels - extra) > 0.5) {
      extra = pixels;
      requestLayout();
    }
  }

  private int linesOf(int perLine) {
    return (Math.max(1, column.entries()) + perLine - 1) / perLine;
  }

  /** Cells a row where height is scarce. */
  private int mostPerLine() {
    int cells = CELLS;
    while (cells * cells / 8 < column.entries()) {
      cells *= 2;
    }
    return cells;
  }

  /** Cells a row: so many that a cell is about as wide as it is high. */
  private int perLine() {
    int cells = mostPerLine();
    while (cells > LEAST_CELLS
        && (getHeight() - 6) / linesOf(cells) > 2 * (getWidth() - 6) / cells) {
      cells /= 2;
    }
    return cells;
  }

  private int lines() {
    return linesOf(perLine());
  }

  private double cell(double width) {
    return Math.max(0.1, (width - 6) / perLine());
  }

  @Override
  protected double computePrefHeight(double width) {
    double w = width > 0 ? width : getWidth();
    double least = look.em() * (compact ? 1.5 : 2.3);
    int cells = mostPerLine();
    double most = look.em() * (compact ? 1.5 : 4);
    return extra
        + Math.max(least, Math.min(most, 6 + Math.max(0.1, (w - 6) / cells) * linesOf(cells)));
  }

  @Override
  protected void layoutChildren() {
    if (canvas.getWidth() != getWidth() || canvas.getHeight() != getHeight()) {
      canvas.setWidth(getWidth());
      canvas.setHeight(getHeight());
      paint();
    }
  }

  /** The entry at a place in the strip; −1 for none. */
  int entryAt(double x, double y) {
    double w = cell(getWidth());
    double h = (getHeight() - 6) / lines();
    int cx = (int) Math.floor((x - 3) / w);
    int cy = (int) Math.floor((y - 3) / h);
    int index = cy * perLine() + cx;
    return cx < 0 || cx >= perLine() || cy < 0 || index >= column.entries() ? -1 : index;
  }

  private void paint() {
    double width = canvas.getWidth();
    double height = canvas.getHeight();
    if (width <= 0 || height <= 0) {
      return;
    }
    painted = look.theme();
    GraphicsContext g = canvas.getGraphicsContext2D();
    g.clearRect(0, 0, width, height);
    g.setFill(look.color(Token.PANE));
    g.fillRect(0, 0, width, height);
    double w = cell(width);
    double h = (height - 6) / lines();
    double gap = w >= 2.4 && h >= 2.4 ? 0.8 : 0;
    Color none = look.color(Token.VOID);
    Color color = look.color(hue);
    if (gap == 0) {
      g.setFill(none);
      g.fillRect(3, 3, w * Math.min(perLine(), column.entries()), h * lines());
    }
    int perLine = perLine();
    for (int i = 0; i < column.entries(); i++) {
      Verdict kind = column.kinds()[i];
      boolean valid = kind != Verdict.INVALID && kind != Verdict.UNREACHED;
      if (!valid && gap == 0) {
        continue;
      }
      g.setFill(valid ? color : none);
      double x = 3 + i % perLine * w;
      double y = 3 + i / perLine * h;
      // A table fills its cell; a leaf leaves the lower part free.
      boolean leaf = column.kinds()[i] != Verdict.TABLE && valid && h >= 3;
      g.fillRect(x, y, Math.max(1, w - gap), Math.max(1, leaf ? h * 0.7 : h - gap));
    }
    if (column.path() >= 0 && column.path() < column.entries()) {
      double size = Math.max(w, 0.5 * look.em());
      double high = Math.max(h, 0.5 * look.em());
      double x = 3 + column.path() % perLine * w;
      double y = 3 + column.path() / perLine * h;
      g.setStroke(look.color(pathHue));
      g.setLineWidth(0.1 * look.em());
      g.strokeRect(
          Math.clamp(x - (size - w) / 2 - 0.4, 1, Math.max(1, width - size - 1)),
          Math.clamp(y - (high - h) / 2 - 0.4, 1, Math.max(1, height - high - 1)),
          size,
          high);
    }
  }
}
