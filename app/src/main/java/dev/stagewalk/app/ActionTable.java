package dev.stagewalk.app;

import java.util.List;

/** All actions of the window, in the order of the menus. */
final class ActionTable {
  private final List<WindowAction> actions;

  ActionTable(WindowCommands window) {
    ActionList list = new ActionList(window::submit);
    FileActions.addTo(list, window);
    RunActions.addTo(list, window);
    FindActions.addTo(list, window);
    InjectActions.addTo(list, window);
    ViewActions.addTo(list, window);
    LearnActions.addTo(list, window);
    actions = list.actions();
  }

  List<WindowAction> all() {
    return actions;
  }

  /**
   * The action of an id.
   *
   * @throws IllegalArgumentException if there is none
   */
  WindowAction get(String id) {
    return actions.stream()
        .filter(a -> a.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no action " + id));
  }
}
