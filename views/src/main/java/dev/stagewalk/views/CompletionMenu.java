package dev.stagewalk.views;

import dev.stagewalk.isa.asm.SourceText;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Bounds;
import javafx.geometry.Side;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import org.fxmisc.richtext.CodeArea;

/** While a source is edited, Ctrl+Space offers the words that fit where the caret stands. */
final class CompletionMenu {
  private static final KeyCombination KEY =
      new KeyCodeCombination(KeyCode.SPACE, KeyCombination.CONTROL_DOWN);

  /** More would hide the text; one more letter makes them fewer. */
  private static final int MOST = 16;

  private final CodeArea area;
  private final ContextMenu menu = new ContextMenu();

  CompletionMenu(CodeArea area) {
    this.area = area;
    menu.setId("completions");
    area.addEventFilter(
        KeyEvent.KEY_PRESSED,
        e -> {
          if (KEY.match(e) && area.isEditable()) {
            e.consume();
            show();
          }
        });
  }

  /** What is offered. */
  ContextMenu menu() {
    return menu;
  }

  /** Offers what fits, or writes it where it is the only word. */
  void show() {
    menu.hide();
    SourceText source = new SourceText(area.getText());
    int caret = area.getCaretPosition();
    List<String> words = source.completions(caret);
    int start = caret - source.prefix(caret).length();
    if (words.size() == 1) {
      area.replaceText(start, caret, words.getFirst());
      return;
    }
    menu.getItems().clear();
    for (String word : words.subList(0, Math.min(MOST, words.size()))) {
      MenuItem item = new MenuItem(word);
      item.setMnemonicParsing(false);
      item.setOnAction(_ -> area.replaceText(start, caret, word));
      menu.getItems().add(item);
    }
    if (words.size() > MOST) {
      MenuItem more = new MenuItem(words.size() - MOST + " more: type another letter");
      more.setDisable(true);
      menu.getItems().add(more);
    }
    boolean onScreen = area.getScene() != null && area.getScene().getWindow() != null;
    if (words.isEmpty() || !onScreen) {
      return;
    }
    Optional<Bounds> place = area.getCaretBounds();
    if (place.isPresent()) {
      menu.show(area, place.get().getMinX(), place.get().getMaxY());
    } else {
      menu.show(area, Side.BOTTOM, 0, 0);
    }
  }
}
