package dev.stagewalk.views;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent.Lane;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.Optional;
import javafx.geometry.VPos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;
import org.jspecify.annotations.Nullable;

/** Paints the timeline, and knows where on it a moment stands. */
final class TimelinePainter {
  static final Lane[] LANES = {Lane.GUEST, Lane.EXITS, Lane.HOST, Lane.YOU};

  private final Look look;
  private final SelectionModel selection;
  private final TimelineModel model;
  private final Canvas canvas;
  private double from;
  private double to = 1;
  private TimelineRows rows = TimelineRows.LANES;
  private boolean recording;
  private final TimelineTails tails = new TimelineTails();
  private final TimelineMarks marks = new TimelineMarks();

  TimelinePainter(Look look, SelectionModel selection, TimelineModel model, Canvas canvas) {
    this.look = look;
    this.selection = selection;
    this.model = model;
    this.canvas = canvas;
  }

  /** First position shown, in instructions. */
  double from() {
    return from;
  }

  /** Last position shown, in instructions. */
  double to() {
    return to;
  }

  /** What the row of an event is called in the run that is shown. */
  String name(Event event) {
    return rows.names().get(model.row(event));
  }

  /** The mark under the mouse. */
  Optional<TimelineMarks.Placed> mark(double x, double y) {
    return marks.under(x, y);
  }

  /** The other branch under the mouse. */
  Optional<TimelineTails.Tail> tail(double x, double y) {
    return recording ? Optional.empty() : tails.under(this, x, y);
  }

  /** Chooses the part of the run that is shown. */
  void range(double newFrom, double newTo) {
    from = newFrom;
    to = newTo;
  }

  double left() {
    return (rows.areVcpus() ? 6 : rows.equals(TimelineRows.LANES) ? 3.9 : 5) * look.em();
  }

  double right() {
    return canvas.getWidth() - 1.2 * look.em();
  }

  double xOf(double position) {
    return left() + (position - from) / (to - from) * (right() - left());
  }

  double positionAt(double x) {
    return from + (x - left()) / Math.max(1, right() - left()) * (to - from);
  }

  double overviewHeight() {
    return 0.4 * look.em();
  }

  double laneTop(int lane) {
    double top = 0.4 * look.em() + overviewHeight() + 0.3 * look.em();
    return top + lane * laneHeight();
  }

  double laneHeight() {
    double em = look.em();
    return Math.max(0.75 * em, (canvas.getHeight() - 1.2 * em) / LANES.length);
  }

  /**
   * Paints a moment.
   *
   * @param whole whether all of the run is shown
   */
  void paint(@Nullable Snapshot now, boolean whole) {
    recording = now != null && now.recording().isPresent();
    rows = now == null ? TimelineRows.LANES : TimelineRows.of(now);
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
      g.fillText(rows.names().get(lane), 0.9 * em, laneTop(lane) + laneHeight() / 2);
      g.setFill(look.color(Token.LINE));
      double y = Math.floor(laneTop(lane) + laneHeight()) - 0.5;
      g.fillRect(left(), y, right() - left(), 1);
    }
    if (now == null) {
      return;
    }
    double present = model.position(now.moment());
    paintOverview(g, now, present, whole);
    if (recording) {
      paintGaps(g);
    } else {
      paintGuest(g, now, present);
    }
    List<TimelineModel.Item> items = model.items(from, to);
    if (items == null) {
      paintCounts(g);
    } else {
      items.forEach(item -> paintItem(g, item, present));
    }
    marks.paint(g, this, model, look, now, laneTop(0) - 0.1 * em, laneTop(3) + laneHeight());
    paintCursor(g, xOf(present), present >= from && present <= to);
  }

  /** The whole run, however far the lanes are zoomed. */
  private void paintOverview(GraphicsContext g, Snapshot now, double present, boolean whole) {
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
    for (TimelineMarks.Placed mark : TimelineMarks.of(now)) {
      g.fillRect(left() + model.position(mark.moment()) / end * w - 1, y, 2, h);
    }
    g.setFill(look.color(Token.ACCENT));
    g.fillRect(left() + present / end * w - 1, y - 1, 2, h + 2);
  }

  /** Where a recording has lost events: nothing is known of what happened there. */
  private void paintGaps(GraphicsContext g) {
    g.setFill(look.color(Token.FAULT_OTHER));
    double top = laneTop(0);
    double height = laneTop(3) + laneHeight() - top;
    for (double[] gap : model.gaps(from, to)) {
      double x = Math.clamp(xOf(gap[0]), left(), right());
      double end = Math.clamp(xOf(gap[1]), left(), right());
      g.setGlobalAlpha(0.22);
      g.fillRect(x, top, Math.max(3, end - x), height);
      g.setGlobalAlpha(1);
      g.fillRect(x, top, Math.max(3, end - x), 0.22 * look.em());
    }
  }

  private void paintGuest(GraphicsContext g, Snapshot now, double present) {
    boolean branched = tails.show(now);
    double y = laneTop(0) + laneHeight() * (branched ? 0.08 : 0.22);
    double h = laneHeight() * (branched ? 0.3 : 0.52);
    double end = model.endOfBranch();
    double x1 = Math.clamp(xOf(0), left(), right());
    double x2 = Math.clamp(xOf(present), left(), right());
    double x3 = Math.clamp(xOf(end), left(), right());
    g.setFill(look.color(Token.LANE_GUEST));
    g.fillRect(x1, y, Math.max(0, x2 - x1), h);
    // What lies ahead of the present has been executed once, but is not what one sees.
    g.setGlobalAlpha(0.35);
    g.fillRect(x2, y, Math.max(0, x3 - x2), h);
    g.setGlobalAlpha(1);
    tails.paint(g, this, look, y + h, laneTop(0) + laneHeight() - 1 - y - h);
  }

  private void paintItem(GraphicsContext g, TimelineModel.Item item, double present) {
    Lane lane = item.event().what().lane();
    if (lane == Lane.GUEST && !recording) {
      return;
    }
    double x = xOf(item.position());
    double top = laneTop(model.row(item.event()));
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
    // A run's guest is a bar by itself; of a recording's only the events are known.
    for (int lane = recording ? 0 : 1; lane < LANES.length; lane++) {
      int most = 1;
      for (int count : counts[lane]) {
        most = Math.max(most, count);
      }
      Color color =
          look.color(
              rows.areVcpus()
                  ? (lane < rows.threads().size() ? Token.FAULT_TRANSLATION : Token.LEVEL_2)
                  : switch (LANES[lane]) {
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

  private void paintCursor(GraphicsContext g, double x, boolean inView) {
    if (inView) {
      double top = laneTop(0) - 0.3 * look.em();
      g.setFill(look.color(Token.ACCENT));
      g.fillRect(x - 1, top, 2, laneTop(3) + laneHeight() - top);
      double r = 0.3 * look.em();
      g.fillOval(x - r, top - r * 0.6, 2 * r, 2 * r);
    }
  }
}
