package dev.stagewalk.app;

import static dev.stagewalk.app.WindowAction.Group.FIND;

import dev.stagewalk.views.SearchOffer;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignE;
import org.kordamp.ikonli.materialdesign2.MaterialDesignH;
import org.kordamp.ikonli.materialdesign2.MaterialDesignM;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;

/** What can be asked of the run about what is selected: the menu Find. */
final class FindActions {
  private final ActionList list;
  private final WindowCommands window;

  private FindActions(ActionList list, WindowCommands window) {
    this.list = list;
    this.window = window;
  }

  static void addTo(ActionList list, WindowCommands window) {
    FindActions actions = new FindActions(list, window);
    actions.selected();
    actions.anything();
  }

  private void selected() {
    list.line();
    ask(
        "who-wrote",
        "Who wrote what is selected?",
        "Who wrote it?",
        "W",
        MaterialDesignP.PENCIL_OUTLINE,
        SearchOffer.Kind.WRITER);
    ask(
        "last-use",
        "Last use of the selected translation",
        "Last use",
        "",
        MaterialDesignH.HISTORY,
        SearchOffer.Kind.USE);
    ask(
        "next-fault",
        "Next fault of the selected IPA",
        "Next fault",
        "",
        MaterialDesignA.ALERT_OUTLINE,
        SearchOffer.Kind.NEXT_FAULT);
    ask(
        "previous-fault",
        "Previous fault of the selected IPA",
        "Previous fault",
        "",
        MaterialDesignA.ALERT_OUTLINE,
        SearchOffer.Kind.PREVIOUS_FAULT);
    ask(
        "watch",
        "Stop when what is selected is written",
        "Watch",
        "Shift+W",
        MaterialDesignE.EYE_OUTLINE,
        SearchOffer.Kind.WATCH);
  }

  private void ask(
      String id, String title, String brief, String key, Ikon icon, SearchOffer.Kind kind) {
    list.add(FIND, id, title, brief, key, icon, Enabled::idle, () -> window.inquiries().ask(kind));
  }

  private void anything() {
    list.line();
    list.add(
        FIND,
        "search",
        "Search the run for a write, a use or a fault…",
        "Search…",
        "Ctrl+F",
        MaterialDesignM.MAGNIFY,
        Enabled::idle,
        () -> window.inquiries().form());
  }
}
