package dev.stagewalk.app;

import dev.stagewalk.app.WindowAction.Group;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javafx.scene.input.KeyCombination;
import org.kordamp.ikonli.Ikon;

/** Actions as they are written down, one after the other, with lines between them. */
final class ActionList {
  private final List<WindowAction> actions = new ArrayList<>();
  private final Consumer<Command> submit;
  private int section;

  /**
   * @param submit does a command of the session
   */
  ActionList(Consumer<Command> submit) {
    this.submit = submit;
  }

  List<WindowAction> actions() {
    return List.copyOf(actions);
  }

  /** What follows stands behind a line. */
  void line() {
    section++;
  }

  void command(
      Group group,
      String id,
      String title,
      String brief,
      String key,
      Ikon icon,
      Predicate<Snapshot> enabled,
      Command command) {
    add(group, id, title, brief, key, icon, enabled, () -> submit.accept(command));
  }

  void add(
      Group group,
      String id,
      String title,
      String brief,
      String key,
      Ikon icon,
      Predicate<Snapshot> enabled,
      Runnable run,
      String... alsoKeys) {
    List<KeyCombination> keys = new ArrayList<>();
    if (!key.isEmpty()) {
      keys.add(KeyCombination.valueOf(key));
    }
    Arrays.stream(alsoKeys).map(KeyCombination::valueOf).forEach(keys::add);
    actions.add(
        new WindowAction(id, group, section, title, brief, List.copyOf(keys), icon, enabled, run));
  }
}
