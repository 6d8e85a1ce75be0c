package dev.stagewalk.views;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.OpenedDump;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.AccessibleAttribute;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/**
 * The table walk: the input address, one column a level, what the walk came to. It follows the
 * guest, shows the walk of a selected event or what a selected IPA would do, or stays where it was
 * pinned, and its header says which.
 */
public final class WalkView implements View {
  private final SelectionModel selection;
  private final Scans scans;
  private final Label which = new Label();
  private final CheckBox follow = new CheckBox("follow guest");
  private final HBox header = new HBox(which, follow);
  private final WalkBody body;
  private final ScrollPane scroll;
  private final Label emptyTitle = new Label();
  private final Label emptyWords = new Label();
  private final Button emptyStep = new Button("Step one instruction");
  private final VBox empty;
  private final StackPane root;
  private @Nullable Snapshot snapshot;
  private @Nullable WalkSource pinned;
  private @Nullable WalkFigure figure;
  private boolean drawing;

  /** The walk of stage 2 that the user opened, and in which translation; −1 for none. */
  private int opened = -1;

  private @Nullable WalkSource openedIn;
  private Selection consulted = Selection.NONE;
  private Moment consultedAt = Moment.START;

  public WalkView(Look look, SelectionModel selection, Actions actions, Scans scans) {
    this.selection = selection;
    this.scans = scans;
    body = new WalkBody(look, selection, actions, this::open, this::scrollTo);
    scroll = new ScrollPane(body);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("walk-scroll");
    scroll
        .viewportBoundsProperty()
        .addListener((_, _, bounds) -> body.setViewportHeight(bounds.getHeight()));
    empty = emptyPane(actions);
    root =
        new StackPane(scroll, empty) {
          @Override
          public Object queryAccessibleAttribute(AccessibleAttribute attribute, Object... args) {
            return attribute == AccessibleAttribute.TEXT
                ? text()
                : super.queryAccessibleAttribute(attribute, args);
          }
        };
    root.setId("walk");
    follow.setId("walk-follow");
    which.getStyleClass().addAll("muted", "small");
    follow.setMinWidth(Region.USE_PREF_SIZE);
    header.getStyleClass().add("pane-header-tail");
    header.setAlignment(Pos.CENTER_RIGHT);
    follow.setSelected(true);
    follow.setOnAction(_ -> pinOrFollow());
    MenuItem copy = new MenuItem("Copy as text");
    copy.setOnAction(_ -> actions.copy(text()));
    ContextMenu menu = SearchMenu.of(selection, actions, copy);
    scroll.setContextMenu(menu);
    selection.onChange(this::selectionChanged);
    scans.onChange(this::scanChanged);
    look.onChange(this::draw);
    empty.setVisible(true);
    scroll.setVisible(false);
  }

  private VBox emptyPane(Actions actions) {
    emptyTitle.getStyleClass().add("empty-title");
    emptyWords.setWrapText(true);
    emptyWords.getStyleClass().add("muted");
    emptyWords.setMaxWidth(480);
    emptyStep.setOnAction(_ -> actions.submit(new Command.Step()));
    VBox box = new VBox(emptyTitle, emptyWords, emptyStep);
    box.getStyleClass().add("empty-pane");
    box.setAlignment(Pos.CENTER);
    return box;
  }

  @Override
  public String title() {
    return "Table walk";
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public String unknownInRecordings() {
    return "The translation tables are unknown: a trace says that an access faulted, at most at"
        + " which level and IPA, and no descriptor. What can be inferred of the address"
        + " space is in Ranges.";
  }

  @Override
  public String unknownInDumps() {
    return "";
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public String text() {
    return figure == null ? emptyWords.getText() : WalkText.of(figure);
  }

  @Override
  public void show(Snapshot newSnapshot) {
    if (snapshot == null || newSnapshot.version() != snapshot.version()) {
      if (newSnapshot.dump().isPresent()) {
        // There is one moment alone: what was selected while this pane was behind another counts.
        consulted = selection.selected();
        consultedAt = newSnapshot.moment();
      }
      snapshot = newSnapshot;
      draw();
    }
  }

  private void scrollTo(double part) {
    scroll.setVvalue(part);
  }

  /** Opens one of the walks of stage 2 in the translation shown; the one that is open folds. */
  private void open(int walk) {
    if (figure == null) {
      return;
    }
    openedIn = figure.source();
    boolean isOpen = figure.chips().get(walk).open();
    opened = isOpen ? -1 : walk;
    draw();
  }

  private void pinOrFollow() {
    pinned = follow.isSelected() || figure == null ? null : figure.source();
    draw();
  }

  private void selectionChanged() {
    if (snapshot != null && !selection.selected().equals(consulted)) {
      consulted = selection.selected();
      consultedAt = snapshot.moment();
      draw();
    }
    body.light();
  }

  private void draw() {
    Snapshot now = snapshot;
    if (now == null) {
      return;
    }
    follow.setText(now.scenario().bare() ? "follow program" : "follow guest");
    Optional<WalkSource> source = source(now);
    empty.setVisible(source.isEmpty());
    scroll.setVisible(source.isPresent());
    if (source.isEmpty()) {
      figure = null;
      sayWhyEmpty(now);
      which.setText("");
      return;
    }
    WalkSource shown = source.get();
    if (!shown.equals(openedIn)) {
      opened = -1;
    }
    figure = WalkFigure.of(now, shown, opened);
    drawing = true;
    scans.want(now);
    drawing = false;
    body.show(figure, tables(figure));
    body.light();
    which.setText(headerWords(shown));
    which.setTooltip(new Tooltip(which.getText()));
  }

  private void sayWhyEmpty(Snapshot now) {
    boolean ended = now.state() == RunState.ENDED;
    boolean on = Stage2.parameters(now).enabled();
    if (now.dump().isPresent()) {
      emptyTitle.setText("No table walk yet");
      emptyStep.setVisible(false);
      emptyStep.setManaged(false);
      emptyWords.setText(
          now.dump()
              .flatMap(OpenedDump::unknown)
              .map(words -> words + " Type what is missing in under Registers.")
              .orElse(
                  "Choose a range or an entry of the tree, or type an IPA above the tree: the walk"
                      + " of a read there appears here."));
      return;
    }
    emptyTitle.setText(ended ? "No table walk" : "No table walk yet");
    emptyStep.setVisible(!ended);
    emptyStep.setManaged(!ended);
    if (ended) {
      emptyWords.setText(
          "The run has ended. Its last events hold no table walk"
              + (on ? "." : ", and stage 2 is off: HCR_EL2.VM is 0."));
    } else if (on) {
      emptyWords.setText(
          "When the "
              + (now.scenario().bare() ? "program" : "guest")
              + " touches an address that the TLB does not hold, the lookups of its"
              + " translation table walk appear here, one column a level.");
    } else {
      emptyWords.setText(
          "Stage 2 is off: HCR_EL2.VM is 0."
              + (now.scenario().bare()
                  ? " Once the program turns it on, each walk appears here, one column a level."
                  : " Once the hypervisor has enabled it, each walk of the guest appears here, one"
                      + " column a level."));
    }
  }

  private TablesFigure tables(WalkFigure walk) {
    Scan scan = scans.newest();
    return scan == null || scan.choice() != TableChoice.STAGE_2
        ? TablesFigure.EMPTY
        : TablesFigure.of(scan, walk);
  }

  private void scanChanged() {
    if (figure != null && !drawing) {
      body.show(figure, tables(figure));
    }
  }

  private String headerWords(WalkSource source) {
    String counter =
        figure != null && !figure.chips().isEmpty()
            ? " · " + figure.counter().replace("read ", "").replace(" of ", "/")
            : "";
    // What comes last is cut off first where there is little room.
    String words = source.regime() + " · " + source.heading() + counter;
    return pinned == null ? words : "Pinned at " + pinned.moment() + ": " + words;
  }

  private Optional<WalkSource> source(Snapshot now) {
    if (pinned != null) {
      return Optional.of(pinned);
    }
    // A selection made at another moment has had its time: the guest went on.
    if (consultedAt.equals(now.moment())) {
      Optional<WalkSource> chosen = Optional.empty();
      if (consulted.event().isPresent()) {
        chosen = WalkSource.ofEvent(now, consulted.event().getAsLong());
      } else if (consulted.ipa().isPresent()) {
        chosen = probeUnlessShown(now, consulted.ipa().getAsLong());
      }
      if (chosen.isPresent()) {
        return chosen;
      }
    }
    return WalkSource.following(now);
  }

  /** Clicking an entry of the walk on screen must not replace the walk. */
  private Optional<WalkSource> probeUnlessShown(Snapshot now, long ipa) {
    Optional<WalkSource> following = WalkSource.following(now);
    boolean onPath =
        following.isPresent()
            && following.get().inOrder().stream()
                .anyMatch(l -> consulted.hasDescriptor(l.descriptorAddress()));
    return onPath ? following : WalkSource.probe(now, ipa);
  }
}
