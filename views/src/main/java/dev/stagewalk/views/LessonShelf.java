package dev.stagewalk.views;

import java.util.List;

/** The lessons to choose from, in groups. */
public record LessonShelf(List<Group> groups) {
  public LessonShelf {
    groups = List.copyOf(groups);
  }

  /** "Lessons" or "Bug zoo". */
  public record Group(String title, List<Item> items) {
    public Group {
      items = List.copyOf(items);
    }
  }

  /**
   * A lesson to choose.
   *
   * @param name as it is opened: L7
   * @param label what stands before the title; empty for cases
   * @param done cards gone through
   * @param of cards there are
   */
  public record Item(String name, String label, String title, String intro, int done, int of) {
    /** "3 of 8", "done", or nothing yet. */
    String progress() {
      return done == 0 ? "" : done >= of ? "✓ done" : done + " of " + of;
    }
  }
}
