package dev.stagewalk.app;

import dev.stagewalk.session.Edit;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.collections.FXCollections;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** Asks for what an injection needs to know, and shows it as the line that would be typed. */
final class InjectionForm extends VBox {
  private final InjectionKind kind;
  private final List<Supplier<String>> values = new ArrayList<>();
  private Supplier<String> pe = () -> "";
  private final Label line = new Label();
  private final Label words = new Label();
  private final Button inject = new Button("Inject");
  private final Consumer<Edit> chosen;

  /**
   * @param ipa filled in where one is asked for
   * @param chosen told what is to be done when it is complete and confirmed
   */
  InjectionForm(
      InjectionKind kind, Snapshot now, Selection selected, long ipa, Consumer<Edit> chosen) {
    this.kind = kind;
    this.chosen = chosen;
    getStyleClass().add("form");
    setId("injection-form");
    Label title = new Label(kind.title().replace("…", ""));
    title.getStyleClass().add("strong");
    GridPane fields = new GridPane();
    fields.getStyleClass().add("form-fields");
    for (InjectionKind.Field field : kind.fields()) {
      int row = values.size();
      Node input = input(field, field.first(now, selected, ipa), row);
      fields.addRow(row, new Label(field.label()), input);
    }
    int pes = now.pes().size();
    if (kind.ofOnePe() && pes > 1) {
      ChoiceBox<String> which = new ChoiceBox<>(FXCollections.observableArrayList("next"));
      for (int i = 0; i < pes; i++) {
        which.getItems().add(Integer.toString(i));
      }
      which.setValue("next");
      which.setId("injection-pe");
      which.setOnAction(_ -> check());
      pe = () -> which.getValue().equals("next") ? "" : which.getValue();
      fields.addRow(values.size(), new Label("PE"), which);
    }
    line.getStyleClass().addAll("code", "muted");
    line.setId("injection-line");
    words.setWrapText(true);
    words.setId("injection-words");
    words.getStyleClass().add("form-words");
    inject.getStyleClass().add("accent");
    inject.setId("injection-confirm");
    inject.setOnAction(_ -> confirm());
    HBox buttons = new HBox(inject);
    buttons.setAlignment(Pos.CENTER_RIGHT);
    getChildren().addAll(title, fields, line, words, buttons);
    check();
  }

  private Node input(InjectionKind.Field field, String first, int number) {
    if (!field.choices().isEmpty()) {
      ChoiceBox<String> box = new ChoiceBox<>(FXCollections.observableArrayList(field.choices()));
      box.setValue(first);
      box.setId("injection-" + number);
      box.setOnAction(_ -> check());
      values.add(box::getValue);
      return box;
    }
    TextField text = new TextField(first);
    text.setId("injection-" + number);
    text.getStyleClass().add("code");
    text.setOnAction(_ -> confirm());
    text.textProperty().addListener((_, _, _) -> check());
    if (kind == InjectionKind.LINE) {
      text.setPrefColumnCount(32);
    }
    values.add(text::getText);
    return text;
  }

  private String text() {
    return kind.line(values.stream().map(Supplier::get).toList(), pe.get());
  }

  private void check() {
    String typed = text();
    line.setText(kind == InjectionKind.LINE ? syntax(typed) : typed);
    try {
      words.setText("You " + InjectionKind.edit(typed).words() + ".");
      inject.setDisable(false);
      words.getStyleClass().remove("form-error");
    } catch (IllegalArgumentException e) {
      words.setText(e.getMessage());
      inject.setDisable(true);
      if (!words.getStyleClass().contains("form-error")) {
        words.getStyleClass().add("form-error");
      }
    }
  }

  /** How the line that is being typed goes on, by its first word; all first words if by none. */
  private static String syntax(String typed) {
    String verb = typed.replaceFirst("^inject +", "").split(" ")[0];
    return InjectionGrammar.forms().stream()
        .filter(form -> form.verb().equals(verb))
        .map(InjectionGrammar.Form::syntax)
        .findFirst()
        .orElse("");
  }

  private void confirm() {
    try {
      chosen.accept(InjectionKind.edit(text()));
    } catch (IllegalArgumentException e) {
      check();
    }
  }
}
