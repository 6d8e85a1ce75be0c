package dev.stagewalk.views;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.explain.Explainer;
import dev.stagewalk.explain.Explanation;
import dev.stagewalk.explain.MaintenanceNotes;
import dev.stagewalk.explain.Scene;
import dev.stagewalk.session.Answer;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenes;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;

/**
 * The selected event in words, or the newest one if none is selected; at an open exit also what may
 * be done about it.
 */
public final class ExplainView implements View {
  /** Events looked at for one worth explaining. */
  private static final int SEARCHED = 500;

  /** Lines of evidence that are shown without being asked for. */
  private static final int SHORT = 2;

  private final SelectionModel selection;
  private final Actions actions;
  private final VBox body = new VBox();
  private final ScrollPane node = new ScrollPane(body);
  private final Label heading = new Label();
  private final Button copy = new Button();
  private final HBox header = new HBox(heading, copy);
  private @Nullable Snapshot shown;
  private @Nullable Explanation explanation;
  private List<Explanation.Section> notes = List.of();
  private long explained = -1;
  private boolean explainedOpen;

  /** Titles of the long sections that the user has unfolded. */
  private final Set<String> unfolded = new HashSet<>();

  public ExplainView(SelectionModel selection, Actions actions) {
    this.selection = selection;
    this.actions = actions;
    body.getStyleClass().add("explain");
    body.setId("explain");
    node.setFitToWidth(true);
    heading.getStyleClass().addAll("quiet", "small-heading");
    copy.getStyleClass().addAll("small", "flat");
    copy.setGraphic(new FontIcon(MaterialDesignC.CONTENT_COPY));
    copy.setAccessibleText("Copy the explanation as text");
    copy.setMinWidth(Region.USE_PREF_SIZE);
    copy.setTooltip(new Tooltip("Copy the explanation as text"));
    copy.setOnAction(_ -> actions.copy(text()));
    header.setAlignment(Pos.CENTER_RIGHT);
    header.getStyleClass().add("view-header");
    selection.onChange(this::refresh);
  }

  @Override
  public String title() {
    return "Explain";
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public String unknownInRecordings() {
    return "";
  }

  @Override
  public String unknownInDumps() {
    return "A dump is one instant of a real machine: it has no event to explain. What is wrong with"
        + " its tables is in Findings.";
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public String text() {
    Explanation now = explanation;
    return now == null
        ? ""
        : "Event " + explained + " (" + now.route() + ")\n" + now.asText() + notesAsText();
  }

  @Override
  public void show(Snapshot snapshot) {
    Snapshot before = shown;
    if (before != null && before.version() == snapshot.version()) {
      return;
    }
    shown = snapshot;
    refresh();
  }

  private void refresh() {
    Snapshot now = shown;
    if (now == null) {
      return;
    }
    long number = selection.lit().event().orElse(newest(now));
    if (number < 0 || number >= now.events().size()) {
      explained = -1;
      explanation = null;
      heading.setText("");
      Label empty =
          new Label(
              now.recording().isPresent()
                  ? "What happened is explained here. Press F10 to go to the first event."
                  : "What happens is explained here. Press F5 to let the guest run.");
      empty.getStyleClass().add("quiet");
      empty.setWrapText(true);
      body.getChildren().setAll(empty);
      return;
    }
    Event event = now.events().get(number);
    boolean open = isOpen(now, event);
    Scene scene = Scenes.of(event, now);
    Explanation next = Explainer.explain(scene).named(now.program().names());
    List<Explanation.Section> beside =
        now.state() == RunState.RUNNING
            ? List.of()
            : MaintenanceNotes.of(scene, now.checks().tlb());
    if (number == explained
        && open == explainedOpen
        && next.equals(explanation)
        && beside.equals(notes)) {
      return;
    }
    notes = beside;
    explained = number;
    explainedOpen = open;
    explanation = next;
    fill(next, open, now.scenario().bare());
  }

  /**
   * What to explain when nothing is selected: inside an instruction the newest step, between two
   * the newest exit, edit or end.
   */
  private static long newest(Snapshot now) {
    long last = now.eventCount() - 1;
    if (now.recording().isPresent()) {
      return last;
    }
    if (!now.moment().isBoundary()) {
      return now.exit().map(Event::number).orElse(last);
    }
    for (long n = last; n >= Math.max(0, last - SEARCHED); n--) {
      SimEvent what = now.events().get(n).what();
      if (what.lane() == SimEvent.Lane.EXITS
          || what.lane() == SimEvent.Lane.YOU
          || what instanceof SimEvent.ExceptionTaken
          || what instanceof SimEvent.GuestStopped) {
        return n;
      }
    }
    return last;
  }

  private static boolean isOpen(Snapshot now, Event event) {
    return now.state() == RunState.AT_EXIT
        && now.exit().isPresent()
        && now.exit().get().number() == event.number();
  }

  private String notesAsText() {
    StringBuilder out = new StringBuilder();
    for (Explanation.Section note : notes) {
      out.append(note.title()).append('\n');
      note.lines().forEach(line -> out.append("  ").append(line).append('\n'));
    }
    return out.toString();
  }

  /** What happened, then the notes, which often say why, then the rest. */
  private List<Explanation.Section> sections(Explanation next) {
    List<Explanation.Section> all = new ArrayList<>(next.sections());
    all.addAll(Math.min(1, all.size()), notes);
    return all;
  }

  private void fill(Explanation next, boolean open, boolean bare) {
    String route = next.route().isEmpty() ? "" : " · " + next.route();
    heading.setText("#" + explained + route);
    heading.setTooltip(new Tooltip("event " + explained + route));
    body.getChildren().clear();
    for (Explanation.Section section : sections(next)) {
      if (!section.lines().isEmpty()) {
        add(section);
      }
    }
    if (open) {
      body.getChildren().add(answers(bare));
    }
  }

  /** A section; a long list of facts is folded until somebody asks for it. */
  private void add(Explanation.Section section) {
    // The walk is drawn in its own pane; here it is at hand for who wants it in words.
    boolean walk = section.title().equals("The walk");
    boolean facts = walk || section.title().equals("Evidence");
    int kept = walk ? 0 : SHORT;
    VBox lines = new VBox();
    lines.getStyleClass().add("explain-lines");
    for (String line : section.lines()) {
      Label text = new Label(line);
      text.setWrapText(true);
      text.setMinHeight(Region.USE_PREF_SIZE);
      text.getStyleClass().add("explain-line");
      if (facts) {
        text.getStyleClass().add("explain-evidence");
      }
      lines.getChildren().add(text);
    }
    Label title = new Label(section.title());
    title.setWrapText(true);
    title.setMinHeight(Region.USE_PREF_SIZE);
    title.getStyleClass().add("explain-title");
    body.getChildren().addAll(title, lines);
    if (facts && section.lines().size() > kept + 1) {
      body.getChildren().add(fold(section.title(), lines.getChildren(), kept));
    }
  }

  private Button fold(String title, List<Node> lines, int kept) {
    Button more = new Button();
    more.getStyleClass().addAll("small", "flat", "explain-fold");
    Runnable show =
        () -> {
          boolean isOpen = unfolded.contains(title);
          for (int i = kept; i < lines.size(); i++) {
            lines.get(i).setVisible(isOpen);
            lines.get(i).setManaged(isOpen);
          }
          more.setText(
              isOpen
                  ? "\u25b4 less"
                  : "\u25be " + (lines.size() - kept) + (kept == 0 ? " lines" : " more"));
          more.setAccessibleText((isOpen ? "Fold: " : "Unfold: ") + title);
        };
    more.setOnAction(_ -> {
      if (!unfolded.remove(title)) {
        unfolded.add(title);
      }
      show.run();
    });
    show.run();
    return more;
  }

  /** What may be done at an exit; nobody but the program itself answers one at EL2. */
  private FlowPane answers(boolean bare) {
    FlowPane row = new FlowPane();
    row.getStyleClass().add("button-row");
    Button handler = new Button("Let the handler act");
    handler.getStyleClass().addAll("small", "accent");
    handler.setOnAction(_ -> actions.submit(new Command.Step()));
    row.getChildren().add(handler);
    if (bare) {
      return row;
    }
    for (Answer answer : Answer.values()) {
      Button button = new Button(answer.words());
      button.getStyleClass().add("small");
      button.setOnAction(_ -> actions.submit(new Command.AnswerExit(answer)));
      row.getChildren().add(button);
    }
    return row;
  }
}
