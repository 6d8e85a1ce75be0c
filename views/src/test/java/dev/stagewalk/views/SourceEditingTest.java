package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javafx.event.Event;
import javafx.scene.control.MenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.fxmisc.richtext.CodeArea;
import org.junit.jupiter.api.Test;

/** Colours and completion of a source in the code pane. */
final class SourceEditingTest {
  @Test
  void controlAndSpaceWriteTheOnlyWordThatFits() {
    Pictures.onFx(() -> {
      CodeArea area = new CodeArea("mrs x0, vtt");
      new CompletionMenu(area);
      area.moveTo(area.getLength());
      Event.fireEvent(
          area,
          new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.SPACE, false, true, false, false));
      assertThat(area.getText()).isEqualTo("mrs x0, vttbr_el2");
      area.setEditable(false);
      area.replaceText("mrs x0, vtt");
      area.moveTo(area.getLength());
      Event.fireEvent(
          area,
          new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.SPACE, false, true, false, false));
      assertThat(area.getText()).isEqualTo("mrs x0, vtt");
      return null;
    });
  }

  @Test
  void ofSeveralWordsOneIsChosenFromAListThatSaysWhenItIsCut() {
    Pictures.onFx(() -> {
      CodeArea area = new CodeArea("again: ldx");
      CompletionMenu completion = new CompletionMenu(area);
      area.moveTo(area.getLength());
      completion.show();
      List<MenuItem> items = completion.menu().getItems();
      assertThat(texts(items)).containsSubsequence("ldxp", "ldxr", "ldxrb", "ldxrh").hasSize(4);
      items.get(1).fire();
      assertThat(area.getText()).isEqualTo("again: ldxr");

      area.replaceText("again: ld");
      area.moveTo(area.getLength());
      completion.show();
      items = completion.menu().getItems();
      assertThat(items).hasSize(17);
      assertThat(items.getLast().isDisable()).isTrue();
      assertThat(items.getLast().getText()).matches("\\d+ more: type another letter");

      area.replaceText("b ag\nagain: nop\nagainst: nop");
      area.moveTo(4);
      completion.show();
      assertThat(texts(completion.menu().getItems())).containsExactly("again", "against");
      return null;
    });
  }

  private static List<String> texts(List<MenuItem> items) {
    return items.stream().map(MenuItem::getText).toList();
  }

  @Test
  void coloursFollowTheText() {
    Pictures.onFx(() -> {
      Listing listing = new Listing(new Look(), address -> {}, address -> {});
      listing.setText("a: mov x0, #1 // one", new long[] {0});
      CodeArea area = listing.area();
      assertThat(area.getStyleAtPosition(1)).containsExactly("code-label");
      assertThat(area.getStyleAtPosition(4)).containsExactly("code-word");
      assertThat(area.getStyleAtPosition(8)).isEmpty();
      assertThat(area.getStyleAtPosition(12)).containsExactly("code-number");
      assertThat(area.getStyleAtPosition(17)).containsExactly("code-comment");
      area.replaceText(0, 2, "// a");
      listing.colour();
      assertThat(area.getStyleAtPosition(8)).containsExactly("code-comment");
      return null;
    });
  }
}
