package dev.stagewalk.views;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** One card of a lesson, with what can be done at its stage. */
final class LessonCardNode extends VBox {
  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  private final LessonCard card;
  private final LessonActions actions;
  private final FlowPane buttons = new FlowPane();

  LessonCardNode(LessonCard card, String trouble, LessonActions actions) {
    this.card = card;
    this.actions = actions;
    getStyleClass().addAll("card", "lesson-card");
    buttons.getStyleClass().add("lesson-buttons");
    getChildren().add(words(card.title(), "strong", "card-strong"));
    for (String paragraph : card.text().split("\n")) {
      getChildren().add(words(paragraph));
    }
    if (!card.figure().isEmpty()) {
      getChildren().add(words(String.join("\n", card.figure()), "code", "lesson-figure"));
    }
    if (card.asks()) {
      question();
    }
    if (card.stage() == LessonCard.Stage.SEEN) {
      outcome();
    }
    if (!trouble.isEmpty()) {
      getChildren().add(words(trouble, "form-error"));
    }
    offers();
    getChildren().add(buttons);
  }

  private static Label words(String text, String... classes) {
    Label label = new Label(text);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    label.getStyleClass().addAll(classes);
    return label;
  }

  private void question() {
    VBox box = new VBox(words(card.prompt(), "strong"));
    box.getStyleClass().add("lesson-question");
    boolean open = card.stage() == LessonCard.Stage.ASKS;
    if (card.choices().isEmpty()) {
      TextField field = new TextField(card.answer());
      field.setId("lesson-number");
      field.setPromptText("a number: 0x… or decimal");
      field.getStyleClass().add("code");
      field.setEditable(open);
      field.setOnAction(_ -> actions.predict(field.getText()));
      box.getChildren().add(field);
      if (open) {
        offer("lesson-predict", "Predict", true, () -> actions.predict(field.getText()));
      }
    } else {
      choices(box, open);
    }
    getChildren().add(box);
  }

  private void choices(VBox box, boolean open) {
    ToggleGroup group = new ToggleGroup();
    List<RadioButton> all = new ArrayList<>();
    for (int i = 0; i < card.choices().size(); i++) {
      String letter = String.valueOf((char) ('a' + i));
      RadioButton choice = new RadioButton(letter + ")  " + card.choices().get(i));
      choice.setMnemonicParsing(false);
      choice.setWrapText(true);
      choice.setMinHeight(Region.USE_PREF_SIZE);
      choice.setToggleGroup(group);
      choice.setId("lesson-choice-" + letter);
      choice.setUserData(letter);
      choice.setSelected(letter.equals(card.answer().toLowerCase(Locale.ROOT)));
      // Greyed words would be hard to read beside what came of them.
      choice.setMouseTransparent(!open);
      choice.setFocusTraversable(open);
      all.add(choice);
    }
    box.getChildren().addAll(all);
    if (open) {
      Button predict =
          offer(
              "lesson-predict",
              "Predict",
              true,
              () -> {
                if (group.getSelectedToggle() != null) {
                  actions.predict((String) group.getSelectedToggle().getUserData());
                }
              });
      predict.disableProperty().bind(group.selectedToggleProperty().isNull());
    }
  }

  private void outcome() {
    if (!card.verdict().words().isEmpty()) {
      boolean right = card.verdict().right();
      Label verdict = words((right ? "✓ " : "✗ ") + card.verdict().words(), "lesson-verdict");
      verdict.setId("lesson-verdict");
      verdict.pseudoClassStateChanged(WRONG, !right);
      getChildren().add(verdict);
    }
    if (!card.see().isEmpty()) {
      for (String paragraph : card.see().split("\n")) {
        getChildren().add(words(paragraph));
      }
    }
  }

  private void offers() {
    switch (card.stage()) {
      case ASKS -> {
        // The question has its own.
      }
      case WAITS -> {
        if (!card.hint().isEmpty()) {
          getChildren().add(words("Press " + card.hint() + ", or let the lesson do it.", "muted"));
        }
        offer("lesson-act", "Do it", true, actions::act);
      }
      case WORKS -> getChildren().add(words("The machine is at work …", "muted"));
      case SEEN -> {
        offer("lesson-next", card.isLast() ? "Finish" : "Next", true, actions::next);
      }
    }
    if (card.number() > 1) {
      offer("lesson-back", "Back", false, actions::back);
    }
    if (card.stage() == LessonCard.Stage.SEEN || card.stage() == LessonCard.Stage.WAITS) {
      offer("lesson-again", "Again", false, actions::again);
    }
    offer("lesson-list", "All lessons", false, actions::lessons);
  }

  private Button offer(String id, String words, boolean primary, Runnable run) {
    Button button = new Button(words);
    button.setId(id);
    button.getStyleClass().addAll("small", primary ? "accent" : "flat");
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(_ -> run.run());
    buttons.getChildren().add(button);
    return button;
  }
}
