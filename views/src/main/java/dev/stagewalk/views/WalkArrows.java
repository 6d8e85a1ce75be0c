package dev.stagewalk.views;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Bounds;
import javafx.scene.Group;
import javafx.scene.paint.Color;
import javafx.scene.shape.CubicCurveTo;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.shape.PathElement;
import javafx.scene.shape.Polygon;

/**
 * The lines of a walk: address field to column, entry to table, entry to card. Nodes are reused.
 */
final class WalkArrows extends Group {
  private final Look look;
  private final List<Path> paths = new ArrayList<>();
  private final List<Polygon> tips = new ArrayList<>();
  private boolean dash;
  private int usedPaths;
  private int usedTips;

  WalkArrows(Look look) {
    this.look = look;
    setManaged(false);
    setMouseTransparent(true);
  }

  /**
   * Forgets all lines.
   *
   * @param dashed whether the next ones belong to stage 1
   */
  void begin(boolean dashed) {
    dash = dashed;
    usedPaths = 0;
    usedTips = 0;
  }

  /** Hides what was not drawn again. */
  void end() {
    for (int i = 0; i < paths.size(); i++) {
      paths.get(i).setVisible(i < usedPaths);
    }
    for (int i = 0; i < tips.size(); i++) {
      tips.get(i).setVisible(i < usedTips);
    }
  }

  private Path path(Color color, double width, double opacity, PathElement... elements) {
    if (usedPaths == paths.size()) {
      Path path = new Path();
      paths.add(path);
      getChildren().add(path);
    }
    Path path = paths.get(usedPaths++);
    path.getElements().setAll(elements);
    path.setStroke(color);
    path.setStrokeWidth(width);
    path.setOpacity(opacity);
    if (dash) {
      path.getStrokeDashArray().setAll(7.0, 4.0);
    } else {
      path.getStrokeDashArray().clear();
    }
    return path;
  }

  /** From a field of the address down to its column. */
  void drop(Bounds box, double columnX, double columnY, Color color) {
    double em = look.em();
    double fromX = box.getMinX() + 0.9 * em;
    double toX = columnX + 0.9 * em;
    double fromY = box.getMaxY() + 1;
    double toY = columnY - 0.15 * em;
    double half = (fromY + toY) / 2;
    path(
        color,
        1.2,
        0.75,
        new MoveTo(fromX, fromY),
        new CubicCurveTo(fromX, half + 2, toX, half - 2, toX, toY));
  }

  /** From an entry to the table it names. */
  void arrow(Bounds from, Bounds strip, Color color) {
    double em = look.em();
    double x1 = from.getMaxX();
    double y1 = from.getCenterY();
    double x2 = strip.getMinX();
    double y2 = strip.getCenterY();
    double head = 0.75 * em;
    double middle = x1 + (x2 - x1) * 0.55;
    path(
        color,
        2,
        1,
        new MoveTo(x1, y1),
        new CubicCurveTo(middle, y1, middle - 0.4 * em, y2, x2 - head, y2),
        new LineTo(x2 - head, y2));
    if (usedTips == tips.size()) {
      Polygon tip = new Polygon();
      tips.add(tip);
      getChildren().add(tip);
    }
    Polygon tip = tips.get(usedTips++);
    tip.getPoints().setAll(x2 - head, y2 - head * 0.6, x2 + 1, y2, x2 - head, y2 + head * 0.6);
    tip.setFill(color);
  }

  /** From under an entry's column down to the card. */
  void leader(double x, double fromY, double toY, Color color) {
    Path path = path(color, 1.4, 1, new MoveTo(x, fromY), new LineTo(x, toY));
    path.getStrokeDashArray().setAll(3.0, 3.0);
  }
}
