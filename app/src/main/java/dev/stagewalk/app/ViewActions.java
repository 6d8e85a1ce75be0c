package dev.stagewalk.app;

import static dev.stagewalk.app.WindowAction.Group.VIEW;

import dev.stagewalk.views.Theme;
import java.util.Locale;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignH;
import org.kordamp.ikonli.materialdesign2.MaterialDesignI;
import org.kordamp.ikonli.materialdesign2.MaterialDesignM;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;

/** What one sees, and how: the menu View. */
final class ViewActions {
  private final ActionList list;
  private final WindowCommands window;

  private ViewActions(ActionList list, WindowCommands window) {
    this.list = list;
    this.window = window;
  }

  static void addTo(ActionList list, WindowCommands window) {
    ViewActions actions = new ViewActions(list, window);
    actions.viewing();
  }

  private void viewing() {
    list.line();
    for (Arrangement arrangement : Arrangement.values()) {
      list.add(
          VIEW,
          "arrange-" + arrangement.words().toLowerCase(Locale.ROOT),
          "Arrangement: " + arrangement.words(),
          arrangement.words(),
          "",
          MaterialDesignT.TABLE_COLUMN,
          Enabled.ALWAYS,
          () -> window.arrange(arrangement));
    }
    list.add(
        VIEW,
        "reset-panes",
        "Reset the panes",
        "Reset panes",
        "",
        MaterialDesignR.RESTORE,
        Enabled.ALWAYS,
        window::resetPanes);
    list.add(
        VIEW,
        "maximise",
        "Let this pane fill the window, or put it back",
        "Maximise",
        "",
        MaterialDesignA.ARROW_EXPAND_ALL,
        Enabled.ALWAYS,
        window::maximisePane);
    list.line();
    list.add(
        VIEW,
        "explain",
        "Explain the selected event",
        "Explain",
        "E",
        MaterialDesignI.INFORMATION_OUTLINE,
        Enabled.ALWAYS,
        window::explainSelected);
    list.add(
        VIEW,
        "palette",
        "Search anything",
        "Search anything",
        "Ctrl+P",
        MaterialDesignM.MAGNIFY,
        Enabled.ALWAYS,
        window::palette);
    list.line();
    list.add(
        VIEW,
        "history",
        "Memory for going back…",
        "History",
        "",
        MaterialDesignH.HISTORY,
        Enabled.ALWAYS,
        () -> window.historyMemory().form());
    list.line();
    for (Theme theme : Theme.values()) {
      list.add(
          VIEW,
          "theme-" + theme.name().toLowerCase(Locale.ROOT),
          "Theme: " + theme.words(),
          theme.words(),
          "",
          MaterialDesignT.THEME_LIGHT_DARK,
          Enabled.ALWAYS,
          () -> window.theme(theme));
    }
    list.line();
    list.add(
        VIEW,
        "larger",
        "Larger",
        "Larger",
        "Ctrl+Plus",
        MaterialDesignM.MAGNIFY_PLUS_OUTLINE,
        Enabled.ALWAYS,
        () -> window.scaleBy(1.1),
        "Ctrl+Equals",
        "Ctrl+Add",
        "Ctrl+Shift+Equals");
    list.add(
        VIEW,
        "smaller",
        "Smaller",
        "Smaller",
        "Ctrl+Minus",
        MaterialDesignM.MAGNIFY_MINUS_OUTLINE,
        Enabled.ALWAYS,
        () -> window.scaleBy(1 / 1.1),
        "Ctrl+Subtract");
    list.add(
        VIEW,
        "scale-100",
        "100 %",
        "100 %",
        "Ctrl+0",
        MaterialDesignM.MAGNIFY,
        Enabled.ALWAYS,
        () -> window.scaleBy(0),
        "Ctrl+Numpad 0");
    list.add(
        VIEW,
        "projector",
        "Projector: large type",
        "Projector",
        "Ctrl+Shift+L",
        MaterialDesignP.PROJECTOR,
        Enabled.ALWAYS,
        window::projector);
  }
}
