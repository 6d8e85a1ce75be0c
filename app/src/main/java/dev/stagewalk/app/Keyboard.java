package dev.stagewalk.app;

import dev.stagewalk.session.Snapshot;
import java.util.function.Supplier;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ComboBoxBase;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import org.fxmisc.richtext.GenericStyledArea;

/**
 * Turns keys into actions before any control sees them, so that F10 steps although JavaFX's menu
 * bar claims it. Where the focus is in a text input, letters, arrows and undo belong to that.
 */
final class Keyboard {
  private final ActionTable actions;
  private final Supplier<Snapshot> snapshot;

  Keyboard(ActionTable actions, Supplier<Snapshot> snapshot) {
    this.actions = actions;
    this.snapshot = snapshot;
  }

  void attach(Scene scene) {
    scene.addEventFilter(
        KeyEvent.KEY_PRESSED,
        e -> {
          if (!(typing(scene) && belongsToText(e))) {
            act(e);
          }
        });
    // Menu items carry the same keys so that menus can show them. What a text input has left
    // unconsumed must not reach those.
    scene.addEventHandler(
        KeyEvent.KEY_PRESSED,
        e -> {
          if (typing(scene) && belongsToText(e)) {
            e.consume();
          }
        });
  }

  private void act(KeyEvent e) {
    for (WindowAction action : actions.all()) {
      for (KeyCombination key : action.keys()) {
        if (key.match(e)) {
          e.consume();
          if (action.enabled().test(snapshot.get())) {
            action.run().run();
          }
          return;
        }
      }
    }
  }

  private static boolean typing(Scene scene) {
    Node focus = scene.getFocusOwner();
    if (focus instanceof TextInputControl text) {
      return text.isEditable() && !text.isDisabled();
    }
    if (focus instanceof GenericStyledArea<?, ?, ?> area) {
      return area.isEditable();
    }
    return focus instanceof ComboBoxBase<?> box && box.isEditable()
        || focus instanceof Spinner<?> spinner && spinner.isEditable();
  }

  private static boolean belongsToText(KeyEvent e) {
    KeyCode code = e.getCode();
    if (code.isArrowKey() || code == KeyCode.HOME || code == KeyCode.END) {
      return true;
    }
    if (e.isShortcutDown()) {
      return code == KeyCode.Z
          || code == KeyCode.Y
          || code == KeyCode.A
          || code == KeyCode.C
          || code == KeyCode.V
          || code == KeyCode.X;
    }
    return code.isLetterKey() || code.isDigitKey() || code == KeyCode.ENTER;
  }
}
