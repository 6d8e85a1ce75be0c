package dev.stagewalk.views;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Branch;
import dev.stagewalk.time.Branches;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.canvas.GraphicsContext;

/**
 * The other branches of a run as the timeline shows them: thin lines below the bar of the guest,
 * each from where it parts from the present branch to its end.
 */
final class TimelineTails {
  /** Lines that there is room for; of more branches the newest are shown. */
  private static final int ROWS = 3;

  private List<Tail> tails = List.of();
  private double top;
  private double gap = 1;

  /**
   * @param from where it parts from the present branch, in instructions
   * @param to where it ends
   */
  record Tail(Branch branch, double from, double to) {

    /** The moment of the branch at a place of the axis. */
    Moment at(double position) {
      long instruction = (long) Math.clamp(Math.rint(position), Math.ceil(from), Math.ceil(to));
      Moment moment = new Moment(branch.number(), instruction, 0);
      return branch.end().isBefore(moment) ? branch.end() : moment;
    }

    /** For a tooltip. */
    String words() {
      return told() + " · click to go there";
    }

    /** In words. */
    String told() {
      return "branch "
          + branch.number()
          + (branch.words().isEmpty() ? "" : ": " + branch.words())
          + " · to "
          + branch.end();
    }
  }

  /** Those of a snapshot, the newest first. */
  static List<Tail> of(Snapshot now) {
    Branches branches = now.branches();
    List<Tail> found = new ArrayList<>();
    for (Branch branch : branches.all().reversed()) {
      if (branch.number() != now.moment().branch() && found.size() < ROWS) {
        Moment parting = branches.parting(branch.number(), now.moment().branch());
        found.add(new Tail(branch, position(parting), position(branch.end())));
      }
    }
    return found;
  }

  private static double position(Moment moment) {
    return moment.instruction() + (moment.micro() > 0 ? 0.5 : 0);
  }

  /** Where the longest branch ends. */
  static double end(Snapshot now) {
    double end = 0;
    for (Branch branch : now.branches().all()) {
      end = Math.max(end, Math.ceil(position(branch.end())));
    }
    return end;
  }

  /** Takes up a moment; whether there is any other branch. */
  boolean show(Snapshot now) {
    tails = now.recording().isPresent() ? List.of() : of(now);
    return !tails.isEmpty();
  }

  /**
   * Paints them.
   *
   * @param bar lower edge of the bar of the guest
   * @param room height below it
   */
  void paint(GraphicsContext g, TimelinePainter at, Look look, double bar, double room) {
    top = bar;
    gap = room / (tails.size() + 0.5);
    g.setStroke(look.color(Token.MUTED));
    g.setFill(look.color(Token.MUTED));
    g.setLineWidth(1.2);
    for (int row = 0; row < tails.size(); row++) {
      Tail tail = tails.get(row);
      double y = Math.floor(rowTop(row)) + 0.5;
      double x1 = Math.clamp(at.xOf(tail.from), at.left(), at.right());
      double x2 = Math.clamp(at.xOf(tail.to), at.left(), at.right());
      if (at.xOf(tail.from) > at.right() || at.xOf(tail.to) < at.left()) {
        continue;
      }
      if (x1 == at.xOf(tail.from)) {
        g.strokeLine(x1, bar, x1, y);
      }
      g.strokeLine(x1, y, Math.max(x1 + 2, x2), y);
      if (x2 == at.xOf(tail.to)) {
        g.fillOval(Math.max(x1 + 2, x2) - 2, y - 2, 4, 4);
      }
    }
  }

  private double rowTop(int row) {
    return top + gap * (row + 0.75);
  }

  /** The one under the mouse. */
  Optional<Tail> under(TimelinePainter at, double x, double y) {
    for (int row = 0; row < tails.size(); row++) {
      Tail tail = tails.get(row);
      boolean near = Math.abs(y - rowTop(row)) <= Math.max(2, gap / 2);
      if (near && x >= at.xOf(tail.from) - 4 && x <= at.xOf(tail.to) + 4) {
        return Optional.of(tail);
      }
    }
    return Optional.empty();
  }
}
