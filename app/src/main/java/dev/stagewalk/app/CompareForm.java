package dev.stagewalk.app;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Place;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Branch;
import dev.stagewalk.time.Mark;
import java.util.function.Consumer;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/** Asks which moment or branch this moment is to be compared with. */
final class CompareForm extends VBox {
  /** Branches and marks that have a button; all can be typed. */
  private static final int MOST = 6;

  private final Consumer<Place> chosen;

  CompareForm(Snapshot now, Consumer<Place> chosen) {
    this.chosen = chosen;
    getStyleClass().add("form");
    setId("compare-form");
    Label title = new Label("Compare " + now.moment() + " with");
    title.getStyleClass().add("strong");
    TextField field = new TextField();
    field.setId("compare-with");
    field.getStyleClass().add("code");
    field.setPromptText("start, 18364, 50%, event 47, exit 21, branch 2");
    Label words =
        new Label(
            "Type a moment or branch: start, 18364, 1:18364.2, 50%, event 47, exit 21, branch"
                + " 2, a mark.");
    words.setWrapText(true);
    words.getStyleClass().addAll("form-words", "muted");
    getChildren().addAll(title, field, words);
    field.setOnAction(_ -> {
      try {
        Place place = Place.parse(field.getText());
        var _ = place.from(now); // says if there is no such mark or event
        chosen.accept(place);
      } catch (IllegalArgumentException e) {
        words.setText(e.getMessage());
        words.getStyleClass().setAll("label", "form-words", "form-error");
      }
    });
    offers(now);
  }

  private void offers(Snapshot now) {
    if (!now.moment().isStart()) {
      offer("the start", new Place.Start());
    }
    if (now.exitCount() > 1) {
      offer(
          "the exit before this one, " + (now.exitCount() - 1),
          new Place.AtExit(now.exitCount() - 1));
    }
    now.branches().all().stream()
        .filter(branch -> branch.number() != now.moment().branch())
        .limit(MOST)
        .forEach(branch -> offer(words(branch), new Place.OfBranch(branch.number())));
    now.marks().stream()
        .filter(mark -> !mark.note().isEmpty() && !mark.moment().equals(now.moment()))
        .limit(MOST)
        .forEach(this::offer);
  }

  private static String words(Branch branch) {
    return "this moment of branch "
        + branch.number()
        + (branch.words().isEmpty() ? "" : ": " + branch.words());
  }

  private void offer(Mark mark) {
    Moment moment = mark.moment();
    offer(mark.note() + ", " + moment, new Place.AtMoment(moment));
  }

  private void offer(String words, Place place) {
    Button button = new Button(words);
    button.getStyleClass().add("small");
    button.setMaxWidth(Double.MAX_VALUE);
    button.setOnAction(_ -> chosen.accept(place));
    getChildren().add(button);
  }
}
