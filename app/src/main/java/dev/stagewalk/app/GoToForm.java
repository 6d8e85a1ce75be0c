package dev.stagewalk.app;

import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Mark;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/** Asks for a moment, an event, a branch, a mark, an address or a label to go to. */
final class GoToForm extends VBox {
  /**
   * @param marked told the mark whose note is to change
   */
  GoToForm(
      Supplier<Snapshot> snapshot, Consumer<Inputs.Destination> chosen, Consumer<Mark> marked) {
    getStyleClass().add("form");
    setId("go-to-form");
    Label title = new Label("Go to");
    title.getStyleClass().add("strong");
    TextField field = new TextField();
    field.setId("go-to");
    field.getStyleClass().add("code");
    field.setText(snapshot.get().moment().toString());
    Label words =
        new Label(
            "a moment  1:18364.2, 18364, 50%, start, end\n"
                + "an event  #47, an exit  exit 21\n"
                + "a branch  branch 2, a mark  mark 2, or its name\n"
                + "an address  0x4020_3000\n"
                + "a label of the program  loop+0x8");
    words.setWrapText(true);
    words.getStyleClass().addAll("form-words", "muted");
    Waypoints waypoints =
        new Waypoints(snapshot.get(), place -> chosen.accept(new Inputs.ToPlace(place)), marked);
    getChildren().addAll(title, field, words, waypoints);
    field.setOnAction(_ -> {
      try {
        chosen.accept(Inputs.destination(field.getText(), snapshot.get()));
      } catch (IllegalArgumentException e) {
        words.setText(e.getMessage());
        words.getStyleClass().setAll("label", "form-words", "form-error");
      }
    });
    javafx.application.Platform.runLater(field::selectAll);
  }
}
