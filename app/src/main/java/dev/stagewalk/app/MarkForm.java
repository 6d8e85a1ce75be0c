package dev.stagewalk.app;

import dev.stagewalk.time.Mark;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** Asks what a mark is to say, or takes it away. */
final class MarkForm extends VBox {
  /** As much as a flag on the timeline and a row of a list have room for. */
  private static final int LONGEST = 80;

  /**
   * @param number of the mark in order of time, from 1
   * @param named told what is written when it is confirmed
   * @param removed told that the mark is not wanted
   */
  MarkForm(Mark mark, int number, Consumer<String> named, Runnable removed) {
    getStyleClass().add("form");
    setId("mark-form");
    Label title = new Label("Mark " + number + " at " + mark.moment());
    title.getStyleClass().add("strong");
    TextField note = new TextField(mark.note());
    note.setId("mark-note");
    note.setPromptText("a note, by which it can be gone to");
    Label words =
        new Label(
            "The note stands on the timeline. "
                + (number <= 9 ? "Ctrl+" + number + " goes" : "Ctrl+G and the note go")
                + " here; so does a click on the flag.");
    words.setWrapText(true);
    words.getStyleClass().addAll("form-words", "muted");
    Button write = new Button("Write");
    write.setId("mark-write");
    write.getStyleClass().add("accent");
    Button remove = new Button("Remove the mark");
    remove.setId("mark-remove");
    HBox buttons = new HBox(remove, write);
    buttons.getStyleClass().add("button-row");
    buttons.setAlignment(Pos.CENTER_RIGHT);
    getChildren().addAll(title, note, words, buttons);
    Runnable confirm =
        () -> {
          String text = note.getText().strip();
          named.accept(text.length() > LONGEST ? text.substring(0, LONGEST) : text);
        };
    note.setOnAction(_ -> confirm.run());
    write.setOnAction(_ -> confirm.run());
    remove.setOnAction(_ -> removed.run());
    javafx.application.Platform.runLater(() -> {
      note.requestFocus();
      note.selectAll();
    });
  }
}
