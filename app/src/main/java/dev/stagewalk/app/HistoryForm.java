package dev.stagewalk.app;

import dev.stagewalk.session.Snapshot;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** Shows what the history takes, and asks how much it may take. */
final class HistoryForm extends VBox {
  /**
   * @param chosen told the budget in bytes; empty for the usual one
   */
  HistoryForm(Snapshot now, Consumer<Optional<Long>> chosen) {
    getStyleClass().add("form");
    setId("history-form");
    Label title = new Label("Memory for going back");
    title.getStyleClass().add("strong");
    Label used = new Label("The history takes " + HistorySize.used(now) + ".");
    used.setId("history-used");
    TextField field = new TextField(HistorySize.words(now.historyBudget()));
    field.setId("history-budget");
    field.getStyleClass().add("code");
    Label words =
        new Label(
            HistorySize.begins(now)
                + " Up to this amount nothing is given up; then first what other branches keep."
                + " With more, going back is quicker. Usually "
                + HistorySize.usual()
                + ".");
    words.setWrapText(true);
    words.getStyleClass().addAll("form-words", "muted");
    Button usual = new Button("As usual");
    usual.setId("history-usual");
    usual.setOnAction(_ -> chosen.accept(Optional.empty()));
    Button set = new Button("Set");
    set.setId("history-set");
    set.getStyleClass().add("accent");
    HBox buttons = new HBox(usual, set);
    buttons.getStyleClass().add("button-row");
    buttons.setAlignment(Pos.CENTER_RIGHT);
    getChildren().addAll(title, used, field, words, buttons);
    Runnable confirm =
        () -> {
          try {
            chosen.accept(Optional.of(HistorySize.parse(field.getText())));
          } catch (IllegalArgumentException e) {
            words.setText(e.getMessage());
            words.getStyleClass().setAll("label", "form-words", "form-error");
          }
        };
    set.setOnAction(_ -> confirm.run());
    field.setOnAction(_ -> confirm.run());
    javafx.application.Platform.runLater(field::selectAll);
  }
}
