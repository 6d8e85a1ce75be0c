package dev.stagewalk.views;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent.Lane;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Mark;
import java.util.List;
import java.util.Locale;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;
import org.jspecify.annotations.Nullable;

/**
 * The whole run: lanes of the guest, the exits, the host and you, with the present moment and the
 * marks. Click or drag to go to a moment, wheel to zoom, double-click to see all of it again.
 */
public final class TimelineView implements View {
  private static final Lane[] LANES = {Lane.GUEST, Lane.EXITS, Lane.HOST, Lane.YOU};
  private static final String[] NAMES = {"guest", "exits", "host", "you"};

  /** Least time between two commands while scrubbing. */
  private static final long SCRUB_NANOS = 60_000_000;

  private final Look look;
  private final SelectionModel selection;
  private final Actions actions;
  private final TimelineModel model = new TimelineModel();
  private final Canvas canvas = new Canvas();
  private final Pane pane = new Pane();
  private final Region header = new Region();
  private final Tooltip tip = new Tooltip();
  private @Nullable Snapshot snapshot;
  private double from;
  private double to = 1;
  private boolean whole = true;
  private boolean behind;
  private long lastScrub;
  private double pressedAt = -1;

  public TimelineView(Look look, SelectionModel selection, Actions actions) {
    this.look = look;
    this.selection = selection;
    this.actions = actions;
    header.setManaged(false);
    pane.setOnScroll(this::zoom);
    pane.setOnMousePressed(this::press);
    pane.setOnMouseDragged(this::drag);
    pane.setOnMouseReleased(this::release);
    pane.setOnMouseMoved(this::hover);
    pane.setOnMouseExited(_ -> selection.preview(Selection.NONE));
    Tooltip.install(pane, tip);
    pane.getStyleClass().add("timeline");
    pane.setId("timeline");
    selection.onChange(this::paint);
    look.onChange(() -> {
      pane.requestLayout();
      paint();
    });
  }

  /** Holds the canvas and follows its size. */
  private final class Pane extends Region {
    Pane() {
      getChildren().add(canvas);
    }

    @Override
    protected double computePrefHeight(double width) {
      return 5.6 * look.em();
    }

    @Override
    protected double computeMinHeight(double width) {
      return 5 * look.em();
    }

    @Override
    protected void layoutChildren() {
      if (canvas.getWidth() != getWidth() || canvas.getHeight() != getHeight()) {
        canvas.setWidth(getWidth());
        canvas.setHeight(getHeight());
        paint();
      }
    }
  }

  @Override
  public String title() {
    return "Timeline";
  }

  @Override
  public Node node() {
    return pane;
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public void show(Snapshot now) {
    if (!behind && snapshot != null && snapshot.version() == now.version()) {
      return;
    }
    snapshot = now;
    behind = model.update(now);
    if (whole) {
      from = 0;
      to = model.end();
    } else {
      keepInRange();
      follow(model.position(now.moment()));
    }
    paint();
    pane.setAccessibleText(text());
  }

  @Override
  public String text() {
    Snapshot now = snapshot;
    if (now == null) {
      return "Timeline: nothing has run.";
    }
    return String.format(
        Locale.ROOT,
        "Timeline: now at %s of %s, %d events, %d exits, %d marks.",
        now.moment(),
        now.end(),
        now.eventCount(),
        now.exitCount(),
        now.marks().size());
  }

  /** First position shown, in instructions. */
  double from() {
    return from;
  }

  /** Last position shown, in instructions. */
  double to() {
    return to;
  }

  private void keepInRange() {
    double end = model.end();
    double span = Math.min(to - from, end);
    from = Math.clamp(from, 0, Math.max(0, end - span));
    to = from + span;
    whole = span >= end;
  }

  /** Moves the window along when the present leaves it. */
  private void follow(double position) {
    double span = to - from;
    if (position < from || position > to) {
      from = position - span * 0.8;
      to = from + span;
      keepInRange();
    }
  }

  // Geometry

  private double left() {
    return 3.9 * look.em();
  }

  private double right() {
    return canvas.getWidth() - 1.2 * look.em();
  }

  private double xOf(double position) {
    return left() + (position - from) / (to - from) * (right() - left());
  }

  private double positionAt(double x) {
    return from + (x - left()) / Math.max(1, right() - left()) * (to - from);
  }

  private double overviewHeight() {
    return 0.4 * look.em();
  }

  private double laneTop(int lane) {
    double top = 0.4 * look.em() + overviewHeight() + 0.3 * look.em();
    return top + lane * laneHeight();
  }

  private double laneHeight() {
    double em = look.em();
    return Math.max(0.75 * em, (canvas.getHeight() - 1.2 * em) / LANES.length);
  }

  // Gestures

  private void zoom(ScrollEvent event) {
    double delta = event.getDeltaY();
    if (delta == 0) {
      double shift = -event.getDeltaX() / Math.max(1, right() - left()) * (to - from);
      from += shift;
      to += shift;
    } else {
      double at = positionAt(Math.clamp(event.getX(), left(), Math.max(left(), right())));
      double span = (to - from) * Math.pow(1.0015, -delta);
      double part = (at - from) / (to - from);
      span = Math.clamp(span, 0.02, model.end());
      from = at - part * span;
      to = from + span;
    }
    keepInRange();
    paint();
    event.consume();
  }

  private void press(MouseEvent event) {
    pressedAt = event.getX();
    pane.requestFocus();
    if (event.getClickCount() == 2) {
      whole = true;
      from = 0;
      to = model.end();
      paint();
    }
  }

  private void drag(MouseEvent event) {
    long now = System.nanoTime();
    if (now - lastScrub >= SCRUB_NANOS) {
      lastScrub = now;
      goTo(event.getX());
    }
  }

  private void release(MouseEvent event) {
    if (event.getClickCount() < 2 && pressedAt >= 0) {
      Event near = Math.abs(event.getX() - pressedAt) < 3 ? nearest(event) : null;
      if (near != null) {
        selection.select(Selection.of(near));
        actions.submit(new Command.GoTo(near.moment()));
      } else {
        goTo(event.getX());
      }
    }
    pressedAt = -1;
  }

  private void goTo(double x) {
    if (snapshot != null) {
      actions.submit(new Command.GoTo(model.momentAt(positionAt(x))));
    }
  }

  private void hover(MouseEvent event) {
    Event near = nearest(event);
    if (near == null) {
      selection.preview(Selection.NONE);
      tip.setText("moment " + model.momentAt(positionAt(event.getX())));
    } else {
      selection.preview(Selection.of(near));
      tip.setText(
          "event "
              + near.number()
              + " · "
              + NAMES[near.what().lane().ordinal()]
              + " · moment "
              + near.moment());
    }
  }

  /** The event under the mouse, in the lane under the mouse; null if none is near. */
  private @Nullable Event nearest(MouseEvent event) {
    double reach = 0.35 * look.em();
    List<TimelineModel.Item> items =
        model.items(positionAt(event.getX() - reach), positionAt(event.getX() + reach));
    if (items == null) {
      return null;
    }
    int lane = (int) ((event.getY() - laneTop(0)) / laneHeight());
    Event best = null;
    double distance = reach;
    for (TimelineModel.Item item : items) {
      double away = Math.abs(xOf(item.position()) - event.getX());
      if (item.event().what().lane().ordinal() == lane && away <= distance) {
        best = item.event();
        distance = away;
      }
    }
    return best;
  }

  // Painting

  private void paint() {
    Snapshot now = snapshot;
    double width = canvas.getWidth();
    double height = canvas.getHeight();
    if (width <= 0 || height <= 0) {
      return;
    }
    GraphicsContext g = canvas.getGraphicsContext2D();
    g.clearRect(0, 0, width, height);
    double em = look.em();
    g.setFont(look.text(Math.min(0.85, laneHeight() / em)));
    g.setTextBaseline(VPos.CENTER);
    g.setTextAlign(TextAlignment.LEFT);
    for (int lane = 0; lane < LANES.length; lane++) {
      g.setFill(look.color(Token.MUTED));
      g.fillText(NAMES[lane], 0.9 * em, laneTop(lane) + laneHeight() / 2);
      g.setFill(look.color(Token.LINE));
      double y = Math.floor(laneTop(lane) + laneHeight()) - 0.5;
      g.fillRect(left(), y, right() - left(), 1);
    }
    if (now == null) {
      return;
    }
    double present = model.position(now.moment());
    paintOverview(g, now, present);
    paintGuest(g, now, present);
    List<TimelineModel.Item> items = model.items(from, to);
    if (items == null) {
      paintCounts(g);
    } else {
      items.forEach(item -> paintItem(g, item, present));
    }
    paintMarks(g, now);
    paintCursor(g, xOf(present), present >= from && present <= to);
  }

  /** The whole run, however far the lanes are zoomed. */
  private void paintOverview(GraphicsContext g, Snapshot now, double present) {
    double y = 0.4 * look.em();
    double h = overviewHeight();
    double w = right() - left();
    double end = model.end();
    g.setFill(look.color(Token.VOID));
    g.fillRoundRect(left(), y, w, h, h, h);
    if (!whole) {
      g.setFill(look.color(Token.LANE_GUEST));
      double x = left() + from / end * w;
      g.fillRoundRect(x, y, Math.max(4, (to - from) / end * w), h, h, h);
    }
    g.setFill(look.color(Token.MUTED));
    for (Mark mark : now.marks()) {
      g.fillRect(left() + model.position(mark.moment()) / end * w - 1, y, 2, h);
    }
    g.setFill(look.color(Token.ACCENT));
    g.fillRect(left() + present / end * w - 1, y - 1, 2, h + 2);
  }

  private void paintGuest(GraphicsContext g, Snapshot now, double present) {
    double y = laneTop(0) + laneHeight() * 0.22;
    double h = laneHeight() * 0.52;
    double end = model.end();
    double x1 = Math.clamp(xOf(0), left(), right());
    double x2 = Math.clamp(xOf(present), left(), right());
    double x3 = Math.clamp(xOf(end), left(), right());
    g.setFill(look.color(Token.LANE_GUEST));
    g.fillRect(x1, y, Math.max(0, x2 - x1), h);
    // What lies ahead of the present has been executed once, but is not what one sees.
    g.setGlobalAlpha(0.35);
    g.fillRect(x2, y, Math.max(0, x3 - x2), h);
    g.setGlobalAlpha(1);
  }

  private void paintItem(GraphicsContext g, TimelineModel.Item item, double present) {
    Lane lane = item.event().what().lane();
    if (lane == Lane.GUEST) {
      return;
    }
    double x = xOf(item.position());
    double top = laneTop(lane.ordinal());
    double h = laneHeight();
    boolean lit =
        selection.lit().event().isPresent()
            && selection.lit().event().getAsLong() == item.event().number();
    g.setGlobalAlpha(item.position() > present + 1e-9 && !lit ? 0.45 : 1);
    g.setFill(look.color(lit ? Token.ACCENT : TimelineModel.hue(item.event().what())));
    double w = Math.max(2, 0.2 * look.em()) + (lit ? 2 : 0);
    if (lane == Lane.YOU) {
      double r = h * 0.38;
      g.fillPolygon(
          new double[] {x - r, x, x + r},
          new double[] {top + h * 0.8, top + h * 0.1, top + h * 0.8},
          3);
    } else {
      g.fillRect(x - w / 2, top + h * 0.15, w, h * 0.68);
    }
    g.setGlobalAlpha(1);
  }

  /** Too many events to tell apart: the height of each column says how many there are. */
  private void paintCounts(GraphicsContext g) {
    int columns = (int) Math.max(1, (right() - left()) / 2);
    int[][] counts = model.counts(from, to, columns);
    for (int lane = 1; lane < LANES.length; lane++) {
      int most = 1;
      for (int count : counts[lane]) {
        most = Math.max(most, count);
      }
      Color color =
          look.color(
              switch (LANES[lane]) {
                case EXITS -> Token.FAULT_TRANSLATION;
                case YOU -> Token.TEXT;
                case GUEST, HOST -> Token.LEVEL_2;
              });
      g.setFill(color);
      double h = laneHeight() * 0.72;
      double bottom = laneTop(lane) + laneHeight() * 0.86;
      for (int i = 0; i < columns; i++) {
        if (counts[lane][i] > 0) {
          // By the logarithm, so that a lone event is still seen.
          double part = (1 + Math.log(counts[lane][i])) / (1 + Math.log(most));
          g.fillRect(left() + i * 2.0, bottom - h * part, 2, h * part);
        }
      }
    }
  }

  private void paintMarks(GraphicsContext g, Snapshot now) {
    g.setTextAlign(TextAlignment.CENTER);
    g.setFont(look.text(0.75));
    int number = 1;
    for (Mark mark : now.marks()) {
      double position = model.position(mark.moment());
      if (position >= from && position <= to) {
        double x = xOf(position);
        double top = laneTop(0) - 0.1 * look.em();
        double h = 0.95 * look.em();
        g.setFill(look.color(Token.TEXT));
        g.fillRoundRect(x - 0.5 * look.em(), top, look.em(), h, 4, 4);
        g.fillRect(x - 0.5, top, 1, laneTop(3) + laneHeight() - top);
        g.setFill(look.color(Token.PANE));
        g.fillText("" + number, x, top + h / 2);
      }
      number++;
    }
    g.setTextAlign(TextAlignment.LEFT);
  }

  private void paintCursor(GraphicsContext g, double x, boolean inView) {
    if (inView) {
      double top = laneTop(0) - 0.3 * look.em();
      g.setFill(look.color(Token.ACCENT));
      g.fillRect(x - 1, top, 2, laneTop(3) + laneHeight() - top);
      double r = 0.3 * look.em();
      g.fillOval(x - r, top - r * 0.6, 2 * r, 2 * r);
    }
  }

  /** The moment that belongs to a place in the pane; for tests of gestures. */
  Moment momentAtX(double x) {
    return model.momentAt(positionAt(x));
  }
}
