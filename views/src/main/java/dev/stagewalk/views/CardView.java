package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** One card at a time: what a newcomer does next. It follows what they do, whatever that is. */
public final class CardView implements View {
  private final Label strong = new Label();
  private final Label words = new Label();
  private final VBox card = new VBox(strong, words);
  private final ScrollPane node = new ScrollPane(card);
  private final Label header = new Label();
  private final Button learn = door("Learn", "learn");
  private final Button tables = door("Debug my tables…", "debug-my-tables");
  private final Button trace = door("Replay a trace…", "replay-a-trace");
  private final Button more = door("Show all panes", "show-all-panes");
  private final FlowPane doors = new FlowPane();
  private @Nullable Snapshot shown;

  /** Where on the way a newcomer is. */
  private enum Step {
    BEFORE_FAULT,
    AT_FAULT,
    AT_OTHER_EXIT,
    MAPPED,
    UNMAPPED,
    ENDED
  }

  /**
   * Where one can go from the card.
   *
   * @param lessons opens the list of lessons
   * @param tables lets a dump of one's own tables be chosen
   * @param trace lets a trace be chosen
   * @param showAll opens the arrangement with all panes
   */
  public record Doors(Runnable lessons, Runnable tables, Runnable trace, Runnable showAll) {}

  /**
   * @param to what the buttons do
   */
  public CardView(Doors to) {
    strong.setWrapText(true);
    strong.getStyleClass().addAll("strong", "card-strong");
    strong.setId("card-strong");
    words.setWrapText(true);
    words.setId("card-words");
    card.getStyleClass().add("card");
    HBox around = new HBox(card);
    HBox.setHgrow(card, javafx.scene.layout.Priority.ALWAYS);
    around.getStyleClass().add("card-around");
    node.setContent(around);
    node.setFitToWidth(true);
    learn.setOnAction(_ -> to.lessons().run());
    tables.setOnAction(_ -> to.tables().run());
    trace.setOnAction(_ -> to.trace().run());
    more.setOnAction(_ -> to.showAll().run());
    doors.getStyleClass().add("lesson-buttons");
    header.getStyleClass().add("quiet");
  }

  private static Button door(String words, String id) {
    Button button = new Button(words);
    button.getStyleClass().add("small");
    button.setId(id);
    button.setMinWidth(Region.USE_PREF_SIZE);
    return button;
  }

  @Override
  public String title() {
    return "Start here";
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public String text() {
    return strong.getText() + "\n" + words.getText();
  }

  @Override
  public void show(Snapshot snapshot) {
    Snapshot before = shown;
    if (before != null && before.version() == snapshot.version()) {
      return;
    }
    shown = snapshot;
    header.setText(snapshot.scenario().title());
    Step step = step(snapshot);
    strong.setText(strong(step, snapshot));
    words.setText(words(step, snapshot));
    boolean all = step == Step.MAPPED || step == Step.UNMAPPED || step == Step.ENDED;
    doors
        .getChildren()
        .setAll(all ? List.of(learn, tables, trace, more) : List.of(learn, tables, trace));
    card.getChildren().setAll(strong, words, doors);
  }

  private static Step step(Snapshot now) {
    if (now.state() == RunState.ENDED) {
      return Step.ENDED;
    }
    if (now.state() == RunState.AT_EXIT) {
      return fault(now).isPresent() ? Step.AT_FAULT : Step.AT_OTHER_EXIT;
    }
    long newest = now.eventCount() - 1;
    for (long n = newest; n >= Math.max(0, newest - 200); n--) {
      SimEvent what = now.events().get(n).what();
      if (what instanceof SimEvent.Edited) {
        return Step.UNMAPPED;
      }
      if (what instanceof SimEvent.ExceptionTaken taken && taken.fault().isPresent()) {
        return Step.MAPPED;
      }
    }
    return Step.BEFORE_FAULT;
  }

  private static Optional<Translation.Fault> fault(Snapshot now) {
    return now.exit()
        .map(e -> e.what() instanceof SimEvent.ExceptionTaken taken ? taken : null)
        .flatMap(SimEvent.ExceptionTaken::fault);
  }

  private static String strong(Step step, Snapshot now) {
    boolean bare = now.scenario().bare();
    return switch (step) {
      case BEFORE_FAULT ->
          bare
              ? "Press F5. The program begins at EL2 itself."
              : now.moment().isStart()
                  ? "Press F5. The guest runs to its first exit."
                  : "Press F5. The guest is about to touch a page nobody mapped.";
      case AT_FAULT ->
          bare
              ? "A lower Exception level has faulted. The program at EL2 has to answer."
              : "The guest has faulted. The machine now stands in the hypervisor.";
      case AT_OTHER_EXIT ->
          bare
              ? "A lower Exception level has left to EL2."
              : "The guest has left to the hypervisor.";
      case MAPPED ->
          bare
              ? "The program at EL2 goes on."
              : "The page is mapped, and the guest goes on where it faulted.";
      case UNMAPPED -> "You changed the machine. Press F5 and see what the guest makes of it.";
      case ENDED -> bare ? "The program has ended." : "The guest has ended.";
    };
  }

  private static String words(Step step, Snapshot now) {
    boolean bare = now.scenario().bare();
    return switch (step) {
      case BEFORE_FAULT -> now.scenario().story();
      case AT_FAULT ->
          fault(now)
              .map(f ->
                  f.kind().at(f.level())
                      + ", at IPA "
                      + Hex.address(f.ipa())
                      + ". The walk shows the entry that stopped it, Explain shows the registers"
                      + " that say so."
                      + (bare
                          ? " F10 goes through its handler, F5 to the next exit."
                          : " Press F5: the handler decides, and if it says RESUME the"
                              + " guest tries the same instruction again. F11 goes there in small"
                              + " steps, Ctrl+F11 back."))
              .orElse("");
      case AT_OTHER_EXIT -> "Explain says why. Press F5 to let the handler answer.";
      case MAPPED ->
          (bare
                  ? ""
                  : "Pull a page out from under it: select an entry of the last table and press U,"
                      + " then F5. ")
              + "Ctrl+F10 and Ctrl+← go back in time.";
      case UNMAPPED -> "Ctrl+Z takes the change back.";
      case ENDED -> "Shift+F5 goes back to its start, Ctrl+← to its last exit.";
    };
  }
}
