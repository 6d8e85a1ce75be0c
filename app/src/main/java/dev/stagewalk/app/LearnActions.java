package dev.stagewalk.app;

import static dev.stagewalk.app.WindowAction.Group.HELP;
import static dev.stagewalk.app.WindowAction.Group.LEARN;

import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignI;
import org.kordamp.ikonli.materialdesign2.MaterialDesignK;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;

/** Lessons, and what tells about the program: the menus Learn and Help. */
final class LearnActions {
  private final ActionList list;
  private final WindowCommands window;

  private LearnActions(ActionList list, WindowCommands window) {
    this.list = list;
    this.window = window;
  }

  static void addTo(ActionList list, WindowCommands window) {
    LearnActions actions = new LearnActions(list, window);
    actions.learning();
    actions.help();
  }

  private void learning() {
    list.line();
    list.add(
        LEARN,
        "lessons",
        "Lessons and the bug zoo",
        "Lessons",
        "Shortcut+L",
        MaterialDesignS.SCHOOL_OUTLINE,
        Enabled.ALWAYS,
        () -> window.lessons().lessons());
    list.line();
    list.add(
        LEARN,
        "lesson-next",
        "Go on with the lesson",
        "Go on",
        "Shortcut+Enter",
        MaterialDesignA.ARROW_RIGHT,
        Enabled.ALWAYS,
        () -> window.lessons().next());
    list.add(
        LEARN,
        "lesson-back",
        "Back to the card before",
        "Card before",
        "",
        MaterialDesignA.ARROW_LEFT,
        Enabled.ALWAYS,
        () -> window.lessons().back());
    list.add(
        LEARN,
        "lesson-again",
        "This card again, from its beginning",
        "Card again",
        "",
        MaterialDesignR.REFRESH,
        Enabled.ALWAYS,
        () -> window.lessons().again());
  }

  private void help() {
    list.line();
    list.add(
        HELP,
        "keys",
        "Keys",
        "Keys",
        "F1",
        MaterialDesignK.KEYBOARD_OUTLINE,
        Enabled.ALWAYS,
        window::keys);
    list.add(
        HELP,
        "about",
        "About Stagewalk",
        "About",
        "",
        MaterialDesignI.INFORMATION,
        Enabled.ALWAYS,
        window::about);
  }
}
