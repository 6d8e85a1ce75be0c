package dev.stagewalk.app;

import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.function.Predicate;
import javafx.scene.input.KeyCombination;
import org.kordamp.ikonli.Ikon;

/**
 * One thing the user can ask for. Menus, toolbar, keys and palette all read the one table of these.
 *
 * @param id short and stable: {@code step-back}
 * @param group the menu it stands in
 * @param section actions of one group with another section stand behind a line
 * @param title as a menu writes it: "Back one instruction"
 * @param brief as the toolbar writes it: "Back"
 * @param keys combinations that trigger it; the first is shown
 * @param icon for toolbar and palette
 * @param enabled whether it can be done at a moment
 * @param run does it
 */
record WindowAction(
    String id,
    Group group,
    int section,
    String title,
    String brief,
    List<KeyCombination> keys,
    Ikon icon,
    Predicate<Snapshot> enabled,
    Runnable run) {

  /** The menus, in order. */
  enum Group {
    FILE("File"),
    RUN("Run"),
    FIND("Find"),
    INJECT("Inject"),
    VIEW("View"),
    LEARN("Learn"),
    HELP("Help");

    private final String words;

    Group(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** The key as the user reads it, empty if there is none. */
  String keyText() {
    return keys.isEmpty() ? "" : keyText(keys.getFirst());
  }

  private static String keyText(KeyCombination key) {
    return key.getDisplayText()
        .replace("Right", "→")
        .replace("Left", "←")
        .replace("Plus", "+")
        .replace("Equals", "+")
        .replace("Minus", "−");
  }
}
