package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javafx.scene.input.KeyCombination;
import org.junit.jupiter.api.Test;

final class ActionTableTest {
  private final ActionTable table =
      new ActionTable(
          (WindowCommands)
              Proxy.newProxyInstance(
                  ActionTableTest.class.getClassLoader(),
                  new Class<?>[] {WindowCommands.class},
                  (_, _, _) -> null));

  @Test
  void noKeyMeansTwoThings() {
    Set<KeyCombination> seen = new HashSet<>();
    for (WindowAction action : table.all()) {
      for (KeyCombination key : action.keys()) {
        assertThat(seen.add(key)).as(action.id() + " " + key).isTrue();
      }
    }
  }

  @Test
  void noTwoActionsShareAnId() {
    List<String> ids = table.all().stream().map(WindowAction::id).toList();
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void theKeysOfTheManualAreThere() {
    List<String> keys =
        List.of(
            "F5",
            "Ctrl+F5",
            "F6",
            "F9",
            "F10",
            "Ctrl+F10",
            "F11",
            "Ctrl+F11",
            "Shift+F11",
            "Ctrl+Shift+F11",
            "Ctrl+Right",
            "Ctrl+Left",
            "Shift+F5",
            "Ctrl+G",
            "U",
            "E",
            "Ctrl+B",
            "Ctrl+1",
            "Ctrl+9",
            "Ctrl+Z",
            "Ctrl+Y",
            "Ctrl+Plus",
            "Ctrl+Minus",
            "Ctrl+0",
            "Ctrl+Shift+L",
            "Ctrl+P");
    for (String key : keys) {
      assertThat(table.all().stream().anyMatch(a -> a.keys().contains(KeyCombination.valueOf(key))))
          .as(key)
          .isTrue();
    }
  }

  @Test
  void theSameThingBackwardsIsTheSameKeyWithCtrl() {
    assertBackwards("run", "run-back");
    assertBackwards("step", "step-back");
    assertBackwards("walk-step", "walk-step-back");
  }

  private void assertBackwards(String forward, String back) {
    String key = table.get(forward).keys().getFirst().getName();
    assertThat(table.get(back).keys()).containsExactly(KeyCombination.valueOf("Ctrl+" + key));
  }
}
