package dev.stagewalk.app;

import dev.stagewalk.session.Command;
import java.util.function.Consumer;
import javafx.application.Platform;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/** Asks what to search for in the run, as the command line does. */
final class SearchForm extends VBox {
  SearchForm(String suggestion, Consumer<Command> chosen) {
    getStyleClass().add("form");
    setId("search-form");
    Label title = new Label("Search the run");
    title.getStyleClass().add("strong");
    TextField field = new TextField(suggestion);
    field.setId("search-run");
    field.getStyleClass().add("code");
    field.setPrefColumnCount(40);
    CheckBox stay = new CheckBox("Answer without going there");
    Label words =
        new Label(
            "who wrote an entry  last write entry ipa 0x4020_0000 level 3\n"
                + "last write to memory  last write ipa 0x4020_0000+0x1000 (or va, pa)\n"
                + "last change of a register  last write register HCR_EL2\n"
                + "last use of a translation  last use ipa 0x4020_0000\n"
                + "next fault of an IPA  next fault ipa 0x4020_0000");
    words.setWrapText(true);
    words.getStyleClass().addAll("form-words", "muted");
    getChildren().addAll(title, field, stay, words);
    field.setOnAction(_ -> chosen.accept(new Command.Search(field.getText(), stay.isSelected())));
    Platform.runLater(field::selectAll);
  }
}
