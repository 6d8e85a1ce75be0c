package dev.stagewalk.session;

import dev.stagewalk.event.Moment;
import dev.stagewalk.time.Mark;
import java.util.ArrayList;
import java.util.List;

/** The marks of a run, one a moment at most, in order of time and then of branch. */
final class Marks {
  private final List<Mark> marks = new ArrayList<>();

  /** Marks a moment; words for one that is marked already replace its own. */
  void add(Moment moment, String note) {
    String words = note.strip();
    boolean known = marks.stream().anyMatch(mark -> mark.moment().equals(moment));
    if (known && words.isEmpty()) {
      return;
    }
    marks.removeIf(mark -> mark.moment().equals(moment));
    marks.add(new Mark(moment, words));
    marks.sort(Mark.BY_TIME);
  }

  /**
   * Changes what a mark says.
   *
   * @throws Refused if there is none at this moment
   */
  void name(Moment moment, String note) {
    remove(moment);
    add(moment, note);
  }

  /**
   * Takes a mark away.
   *
   * @throws Refused if there is none at this moment
   */
  void remove(Moment moment) {
    if (!marks.removeIf(mark -> mark.moment().equals(moment))) {
      throw new Refused("there is no mark at " + moment);
    }
  }

  void clear() {
    marks.clear();
  }

  List<Mark> all() {
    return List.copyOf(marks);
  }
}
