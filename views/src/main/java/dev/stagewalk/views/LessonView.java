package dev.stagewalk.views;

import dev.stagewalk.session.Snapshot;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** A lesson, one card at a time: predict, then step, then see. Or the lessons to choose from. */
public final class LessonView implements View {
  private final LessonActions actions;
  private final ScrollPane node = new ScrollPane();
  private final Label header = new Label();
  private LessonShelf shelf = new LessonShelf(java.util.List.of());
  private @Nullable LessonCard card;
  private String trouble = "";

  public LessonView(LessonActions actions) {
    this.actions = actions;
    header.getStyleClass().add("quiet");
    header.setId("lesson-place");
    node.setFitToWidth(true);
    node.setId("lesson");
    show(shelf);
  }

  @Override
  public String title() {
    return "Lesson";
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public Node header() {
    return header;
  }

  /** The cards follow the lesson and not the moment. */
  @Override
  public void show(Snapshot snapshot) {}

  /** Shows the lessons to choose from. */
  public void show(LessonShelf lessons) {
    shelf = lessons;
    card = null;
    trouble = "";
    header.setText("");
    VBox list = new VBox();
    list.getStyleClass().add("lesson-shelf");
    for (LessonShelf.Group group : lessons.groups()) {
      Label title = new Label(group.title());
      title.getStyleClass().addAll("strong", "small-heading");
      list.getChildren().add(title);
      group.items().forEach(item -> list.getChildren().add(row(item)));
    }
    node.setContent(list);
    node.setVvalue(0);
  }

  private Node row(LessonShelf.Item item) {
    String label = item.label().isEmpty() ? "" : item.label() + "  ";
    String progress = item.progress().isEmpty() ? "" : "   " + item.progress();
    Button button = new Button(label + item.title() + progress);
    button.setMnemonicParsing(false);
    button.setWrapText(true);
    button.setMinHeight(Region.USE_PREF_SIZE);
    button.setMaxWidth(Double.MAX_VALUE);
    button.getStyleClass().addAll("flat", "lesson-row");
    button.setId("lesson-" + item.name());
    button.setAccessibleText(item.title() + ". " + item.intro());
    button.setTooltip(new Tooltip(item.intro()));
    button.setOnAction(_ -> actions.openLesson(item.name()));
    return button;
  }

  /** Shows a card. */
  public void show(LessonCard shown) {
    LessonCard before = card;
    card = shown;
    trouble = "";
    header.setText(shown.lesson() + " · " + shown.number() + " of " + shown.of());
    draw(shown);
    boolean sameCard = before != null && before.number() == shown.number();
    if (!sameCard) {
      node.setVvalue(0);
    } else if (shown.stage() == LessonCard.Stage.SEEN) {
      // What came of it stands below the question.
      Platform.runLater(() -> node.setVvalue(1));
    }
  }

  /** Says on the card that is shown why something was not done. */
  public void tell(String words) {
    trouble = words;
    LessonCard now = card;
    if (now != null) {
      draw(now);
    }
  }

  private void draw(LessonCard shown) {
    LessonCardNode drawn = new LessonCardNode(shown, trouble, actions);
    HBox around = new HBox(drawn);
    HBox.setHgrow(drawn, javafx.scene.layout.Priority.ALWAYS);
    around.getStyleClass().add("card-around");
    node.setContent(around);
  }

  /** The card that is shown; null while the list is. */
  public @Nullable LessonCard card() {
    return card;
  }

  /** A lesson may be about a recording, and another can be chosen whatever is open. */
  @Override
  public String unknownInRecordings() {
    return "";
  }

  @Override
  public String unknownInDumps() {
    return "";
  }

  @Override
  public String text() {
    LessonCard now = card;
    StringBuilder out = new StringBuilder();
    if (now == null) {
      for (LessonShelf.Group group : shelf.groups()) {
        out.append(group.title()).append('\n');
        for (LessonShelf.Item item : group.items()) {
          String label = item.label().isEmpty() ? "" : item.label() + "  ";
          String line = "  " + label + item.title() + "  " + item.progress();
          out.append(line.stripTrailing()).append('\n');
        }
      }
      return out.toString();
    }
    out.append(header.getText()).append("  ").append(now.title()).append('\n');
    out.append(now.text()).append('\n');
    now.figure().forEach(line -> out.append("  ").append(line).append('\n'));
    if (now.asks()) {
      out.append("? ").append(now.prompt()).append('\n');
      for (int i = 0; i < now.choices().size(); i++) {
        out.append("  ").append((char) ('a' + i)).append(") ").append(now.choices().get(i));
        out.append('\n');
      }
      if (!now.answer().isEmpty()) {
        out.append("Predicted: ").append(now.answer()).append('\n');
      }
    }
    if (now.stage() == LessonCard.Stage.SEEN) {
      if (!now.verdict().words().isEmpty()) {
        out.append(now.verdict().right() ? "✓ " : "✗ ").append(now.verdict().words()).append('\n');
      }
      out.append(now.see()).append('\n');
    }
    return out.append(trouble).toString();
  }
}
