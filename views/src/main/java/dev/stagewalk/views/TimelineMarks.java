package dev.stagewalk.views;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import javafx.scene.text.TextAlignment;

/**
 * The marks of the present branch on the timeline: a flag each, with its number and as much of its
 * note as there is room for before the next.
 */
final class TimelineMarks {
  private List<Flag> flags = List.of();
  private double top;
  private double height;

  /**
   * @param number in order of time among the marks of all branches, from 1
   * @param moment in the present branch
   */
  record Placed(int number, Mark mark, Moment moment) {

    /** For a tooltip. */
    String words() {
      return "mark " + number + (mark.note().isEmpty() ? "" : " · " + mark.note()) + " · " + moment;
    }
  }

  private record Flag(Placed placed, double x, double right) {}

  /** The marks that the present branch goes through. */
  static List<Placed> of(Snapshot now) {
    List<Placed> found = new ArrayList<>();
    for (int i = 0; i < now.marks().size(); i++) {
      Mark mark = now.marks().get(i);
      int number = i + 1;
      now.branches()
          .in(now.moment().branch(), mark.moment())
          .ifPresent(moment -> found.add(new Placed(number, mark, moment)));
    }
    return found;
  }

  /**
   * Paints them.
   *
   * @param flagTop upper edge of the flags
   * @param bottom lower end of their poles
   */
  void paint(
      GraphicsContext g,
      TimelinePainter at,
      TimelineModel model,
      Look look,
      Snapshot now,
      double flagTop,
      double bottom) {
    double em = look.em();
    Font font = look.text(0.75);
    top = flagTop;
    height = 0.95 * em;
    List<Placed> marks = of(now);
    flags = new ArrayList<>();
    for (int i = 0; i < marks.size(); i++) {
      double position = model.position(marks.get(i).moment());
      if (position >= at.from() && position <= at.to()) {
        double x = at.xOf(position);
        double next =
            i + 1 < marks.size()
                ? at.xOf(model.position(marks.get(i + 1).moment())) - 0.6 * em
                : at.right() + 0.6 * em;
        flags.add(paint(g, look, font, marks.get(i), x, next, bottom));
      }
    }
    g.setTextAlign(TextAlignment.LEFT);
  }

  private Flag paint(
      GraphicsContext g,
      Look look,
      Font font,
      Placed placed,
      double x,
      double limit,
      double bottom) {
    double em = look.em();
    double left = x - 0.5 * em;
    String note = fitting(placed.mark().note(), font, limit - x - 0.9 * em);
    double right = x + 0.5 * em + (note.isEmpty() ? 0 : width(note, font) + 0.4 * em);
    g.setFill(look.color(Token.TEXT));
    g.fillRoundRect(left, top, right - left, height, 4, 4);
    g.fillRect(x - 0.5, top, 1, bottom - top);
    g.setFill(look.color(Token.PANE));
    g.setFont(font);
    g.setTextBaseline(VPos.CENTER);
    g.setTextAlign(TextAlignment.CENTER);
    g.fillText("" + placed.number(), x, top + height / 2);
    g.setTextAlign(TextAlignment.LEFT);
    g.fillText(note, x + 0.5 * em, top + height / 2);
    return new Flag(placed, left, right);
  }

  private static String fitting(String note, Font font, double room) {
    if (width(note, font) <= room) {
      return note;
    }
    String cut = note;
    while (cut.length() > 2 && width(cut + "…", font) > room) {
      cut = cut.substring(0, cut.length() - 1);
    }
    return cut.length() > 2 ? cut.strip() + "…" : "";
  }

  private static double width(String words, Font font) {
    Text text = new Text(words);
    text.setFont(font);
    return text.getLayoutBounds().getWidth();
  }

  /** The one under the mouse. */
  Optional<Placed> under(double x, double y) {
    return y < top - 2 || y > top + height + 2
        ? Optional.empty()
        : flags.reversed().stream()
            .filter(flag -> x >= flag.x && x <= flag.right)
            .map(Flag::placed)
            .findFirst();
  }
}
