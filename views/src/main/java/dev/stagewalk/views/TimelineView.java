package dev.stagewalk.views;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.canvas.Canvas;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/**
 * The whole run: lanes of the guest, the exits, the host and you, with the present moment and the
 * marks. Click or drag to go to a moment, wheel to zoom, double-click to see all of it again.
 */
public final class TimelineView implements View {
  /** Least time between two commands while scrubbing. */
  private static final long SCRUB_NANOS = 60_000_000;

  /** Narrowest part of the run that fills the pane, in instructions. */
  private static final double LEAST_SPAN = 0.02;

  private final Look look;
  private final SelectionModel selection;
  private final Actions actions;
  private final TimelineModel model = new TimelineModel();
  private final Canvas canvas = new Canvas();
  private final TimelinePainter painter;
  private final Pane pane = new Pane();
  private final Region header = new Region();
  private final Tooltip tip = new Tooltip();
  private @Nullable Snapshot snapshot;
  private boolean whole = true;
  private boolean behind;
  private long lastScrub;
  private double pressedAt = -1;

  public TimelineView(Look look, SelectionModel selection, Actions actions) {
    this.look = look;
    this.selection = selection;
    this.actions = actions;
    painter = new TimelinePainter(look, selection, model, canvas);
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
  public String unknownInRecordings() {
    return "";
  }

  @Override
  public String unknownInDumps() {
    return "A dump is one instant of a real machine: there is no time in it.";
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
      painter.range(0, model.end());
    } else {
      range(painter.from(), painter.to());
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
    StringBuilder more = new StringBuilder();
    TimelineMarks.of(now).forEach(mark -> more.append('\n').append(mark.words()));
    if (now.recording().isEmpty()) {
      TimelineTails.of(now).forEach(tail -> more.append('\n').append(tail.told()));
    }
    return String.format(
            Locale.ROOT,
            "Timeline: now at %s of %s, %s, %s, %s%s.",
            now.moment(),
            now.end(),
            counted(now.eventCount(), "event"),
            counted(now.exitCount(), "exit"),
            counted(now.marks().size(), "mark"),
            now.branches().count() == 1
                ? ""
                : ", branch " + now.moment().branch() + " of " + now.branches().count())
        + more;
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /** Shows a part of the run, as much of it as there is. */
  private void range(double from, double to) {
    double end = model.end();
    double span = Math.min(to - from, end);
    double start = Math.clamp(from, 0, Math.max(0, end - span));
    painter.range(start, start + span);
    whole = span >= end;
  }

  /** Moves the window along when the present leaves it. */
  private void follow(double position) {
    double span = painter.to() - painter.from();
    if (position < painter.from() || position > painter.to()) {
      range(position - span * 0.8, position + span * 0.2);
    }
  }

  // Gestures

  private void zoom(ScrollEvent event) {
    double from = painter.from();
    double span = painter.to() - from;
    double width = Math.max(1, painter.right() - painter.left());
    if (event.getDeltaY() == 0) {
      double shift = -event.getDeltaX() / width * span;
      range(from + shift, from + shift + span);
    } else {
      double x = Math.clamp(event.getX(), painter.left(), painter.left() + width);
      double at = painter.positionAt(x);
      double wanted =
          Math.clamp(span * Math.pow(1.0015, -event.getDeltaY()), LEAST_SPAN, model.end());
      double start = at - (at - from) / span * wanted;
      range(start, start + wanted);
    }
    paint();
    event.consume();
  }

  private void press(MouseEvent event) {
    pressedAt = event.getX();
    pane.requestFocus();
    if (event.getClickCount() == 2) {
      whole = true;
      painter.range(0, model.end());
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
      boolean still = Math.abs(event.getX() - pressedAt) < 3;
      Optional<Moment> pointed = still ? pointed(event) : Optional.empty();
      pressedAt = -1;
      if (pointed.isPresent()) {
        actions.submit(new Command.GoTo(pointed.get()));
        return;
      }
      Event near = still ? nearest(event) : null;
      if (near != null) {
        selection.select(Selection.of(near));
        actions.submit(new Command.GoTo(near.moment()));
      } else {
        goTo(event.getX());
      }
    }
    pressedAt = -1;
  }

  /** The moment of a mark or of another branch under the mouse. */
  private Optional<Moment> pointed(MouseEvent event) {
    return painter
        .mark(event.getX(), event.getY())
        .map(TimelineMarks.Placed::moment)
        .or(() ->
            painter
                .tail(event.getX(), event.getY())
                .map(tail -> tail.at(painter.positionAt(event.getX()))));
  }

  private void goTo(double x) {
    if (snapshot != null) {
      actions.submit(new Command.GoTo(model.momentAt(painter.positionAt(x))));
    }
  }

  private void hover(MouseEvent event) {
    Optional<String> pointed =
        painter
            .mark(event.getX(), event.getY())
            .map(TimelineMarks.Placed::words)
            .or(() -> painter.tail(event.getX(), event.getY()).map(TimelineTails.Tail::words));
    if (pointed.isPresent()) {
      selection.preview(Selection.NONE);
      tip.setText(pointed.get());
      return;
    }
    Event near = nearest(event);
    if (near == null) {
      selection.preview(Selection.NONE);
      tip.setText(model.words(painter.positionAt(event.getX())));
    } else {
      selection.preview(Selection.of(near));
      tip.setText(
          "event "
              + near.number()
              + " · "
              + painter.name(near)
              + " · "
              + model.words(model.position(near.moment())));
    }
  }

  /** The event under the mouse, in the lane under the mouse; null if none is near. */
  private @Nullable Event nearest(MouseEvent event) {
    double reach = 0.35 * look.em();
    List<TimelineModel.Item> items =
        model.items(
            painter.positionAt(event.getX() - reach), painter.positionAt(event.getX() + reach));
    if (items == null) {
      return null;
    }
    int lane = (int) ((event.getY() - painter.laneTop(0)) / painter.laneHeight());
    Event best = null;
    double distance = reach;
    for (TimelineModel.Item item : items) {
      double away = Math.abs(painter.xOf(item.position()) - event.getX());
      if (model.row(item.event()) == lane && away <= distance) {
        best = item.event();
        distance = away;
      }
    }
    return best;
  }

  private void paint() {
    painter.paint(snapshot, whole);
  }

  /** The moment that belongs to a place in the pane; for tests of gestures. */
  Moment momentAtX(double x) {
    return model.momentAt(painter.positionAt(x));
  }
}
