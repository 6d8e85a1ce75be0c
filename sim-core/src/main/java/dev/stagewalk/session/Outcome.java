package dev.stagewalk.session;

import dev.stagewalk.time.History;

/** What an edit that was carried out has come to, in words; empty if there is nothing to say. */
final class Outcome {
  private Outcome() {}

  static String ofEdit(History.Edited edited) {
    return edited.made() ? begins(edited) + "; " + stays(edited) : "";
  }

  static String ofUndo(History.Edited edited) {
    String where = edited.made() ? begins(edited) : "this is branch " + edited.branch();
    return where + ", without that edit; " + stays(edited);
  }

  static String ofRedo(History.Edited edited) {
    return edited.branch() == edited.left()
        ? ""
        : "this is branch " + edited.branch() + " again, with that edit";
  }

  private static String begins(History.Edited edited) {
    return "branch " + edited.branch() + " begins here";
  }

  private static String stays(History.Edited edited) {
    long later = edited.later();
    String what =
        later == 0
            ? "what came after stays"
            : later == 1 ? "the later event stays" : "the " + later + " later events stay";
    return what + " in branch " + edited.left();
  }
}
