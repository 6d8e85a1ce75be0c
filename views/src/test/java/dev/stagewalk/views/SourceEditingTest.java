package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.event.Event;
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
