package dev.stagewalk.app;

import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.lesson.Lit;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.OpenedDump;
import dev.stagewalk.session.OpenedRun;
import dev.stagewalk.session.OpenedSession;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.trace.Trace;
import dev.stagewalk.views.Actions;
import dev.stagewalk.views.CardView;
import dev.stagewalk.views.LessonActions;
import dev.stagewalk.views.Look;
import dev.stagewalk.views.Selection;
import dev.stagewalk.views.SelectionModel;
import dev.stagewalk.views.Theme;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/**
 * The window on one session: a scene graph that needs no stage, so that it can also be rendered to
 * pictures. It shows a new moment whenever {@link #pulse} is called. All methods belong to the
 * JavaFX application thread.
 */
final class StagewalkWindow implements Actions, WindowCommands {
  private final OpenedSession session;
  private final Look look;
  private final Settings settings;
  private final SelectionModel selection = new SelectionModel();
  private final Player player = new Player(this::dispatch);
  private final ActionTable actions = new ActionTable(this);
  private final Panes panes;
  private final Layouts layouts;
  private final MenuRow menus;
  private final ToolRow tools;
  private final StatusRow status = new StatusRow();
  private final Palette palette = new Palette();
  private final Popups popups;
  private final PaletteItems paletteItems;
  private final EditForms edits;
  private final Destinations destinations;
  private final Comparing comparing;
  private final Inquiries inquiries;
  private final RunRecording recording;
  private final LessonGuide lessons;
  private final Sizing sizing;
  private final StackPane root = new StackPane();
  private @Nullable Snapshot shown;
  private boolean shownRunning;

  StagewalkWindow(OpenedSession session, Look look, Settings settings, Parts parts) {
    this.session = session;
    this.look = look;
    this.settings = settings;
    popups = new Popups(look);
    sizing = new Sizing(look, settings);
    lessons = new LessonGuide(session, settings, this::showLesson, this::light);
    panes =
        new Panes(
            look,
            selection,
            this,
            parts,
            new Panes.Cards(
                new CardView.Doors(
                    lessons::lessons,
                    () -> open(ImageChooser.Wanted.TABLES),
                    () -> open(ImageChooser.Wanted.TRACE),
                    () -> arrange(Arrangement.DEBUG)),
                lessons),
            this::compareForm,
            this::toggleAlone);
    layouts = new Layouts(panes, look);
    menus = new MenuRow(actions, session::snapshot, parts.samples(), this::open, lessons);
    tools =
        new ToolRow(
            actions,
            parts.samples(),
            this::open,
            this::geometryForm,
            player::speed,
            player.speed());
    recording = new RunRecording(session::snapshot, this::dispatch, this::refused);
    destinations =
        new Destinations(
            session::snapshot, selection, panes, popups, tools::where, this::submit, this::say);
    inquiries = new Inquiries(selection, popups, tools::where, this::submit, this::say);
    comparing =
        new Comparing(
            session::snapshot,
            panes.compareView(),
            this::revealComparison,
            popups,
            tools::where,
            this::dispatch,
            this::say);
    paletteItems =
        new PaletteItems(
            actions, parts.samples(), this::open, lessons, selection::select, destinations::goTo);
    edits =
        new EditForms(
            session::snapshot,
            selection,
            popups,
            () -> tools.anchor("unmap"),
            edit -> submit(new Command.Inject(edit)),
            this::say);
    BorderPane rows = new BorderPane(layouts.node());
    rows.setTop(new VBox(menus, tools));
    rows.setBottom(status.node());
    tools.setMinWidth(0);
    rows.setMinSize(0, 0);
    root.getChildren().setAll(rows, palette);
    root.getStyleClass().add("window");
    root.getStylesheets()
        .add(
            Objects.requireNonNull(StagewalkWindow.class.getResource("window.css"))
                .toExternalForm());
    if (session.snapshot().isImported()) {
      panes.openRanges();
    }
    layouts.arrange(Arrangement.DEBUG);
    menus.show(Arrangement.DEBUG);
    status.say("", false);
    historyMemory().begin();
    selection.onChange(() -> status.selected(names().named(selection.lit().words())));
  }

  private SymbolTable names() {
    return session.snapshot().program().names();
  }

  Parent root() {
    return root;
  }

  /** A scene of this window, in its look and with its keys. */
  Scene scene(double width, double height) {
    Scene scene = new Scene(root, width, height);
    look.dress(scene);
    new Keyboard(actions, session::snapshot).attach(scene);
    FileDrop.on(root, this::open);
    return scene;
  }

  Panes panes() {
    return panes;
  }

  SelectionModel selection() {
    return selection;
  }

  /** Shows the newest moment in all panes that can be seen; once a frame is often enough. */
  void pulse() {
    Snapshot now = session.snapshot();
    Snapshot before = shown;
    boolean running = player.isRunning(now);
    if (before == null || before.version() != now.version()) {
      shown = now;
      if (before == null
          || !before.moment().equals(now.moment())
          || before.state() != now.state()) {
        moved(now);
      }
      if (before != null && !before.scenario().equals(now.scenario())) {
        // What was said of another run would be misread here.
        status.say("", false);
      }
      if (before != null && !now.notice().isEmpty() && !now.notice().equals(before.notice())) {
        status.say(now.notice(), false);
        popups.tell(root, now.notice(), false);
      }
    }
    if (before != now || running != shownRunning) {
      shownRunning = running;
      tools.show(now, running);
      status.show(now);
    }
    status.recording(recording.words());
    panes.show(now, layouts::isVisible);
    lessons.pulse(now);
  }

  /** The selection follows the guest: an exit that waits is selected, what is past is let go. */
  private void moved(Snapshot now) {
    if (now.state() == RunState.AT_EXIT && now.exit().isPresent()) {
      selection.select(Selection.of(now.exit().get()));
      if (!panes.explainOpen() && layouts.arrangement() == Arrangement.TEACH) {
        panes.openExplain();
        arrange(Arrangement.TEACH);
      }
      return;
    }
    if (inquiries.selectFound(now)) {
      return;
    }
    OptionalLong event = selection.selected().event();
    if (event.isPresent()
        && (event.getAsLong() >= now.events().size()
            || !now.events().momentOf(event.getAsLong()).equals(now.moment()))) {
      selection.select(Selection.NONE);
    }
  }

  /** Begins as somebody who has never been here should. */
  void firstStart() {
    panes.firstStart(true);
    arrange(Arrangement.TEACH);
  }

  /** Begins at a moment as if the session had always been there: nothing counts as changed. */
  void startAt(Moment moment) {
    dispatch(new Command.GoTo(moment)).thenRun(() -> dispatch(new Command.Pause()));
  }

  // ---- commands -----------------------------------------------------------------------------

  @Override
  public void submit(Command command) {
    player.stop();
    dispatch(command);
  }

  private CompletableFuture<Snapshot> dispatch(Command command) {
    CompletableFuture<Snapshot> done = session.submit(command);
    done.whenComplete((_, problem) -> {
      if (problem != null) {
        Platform.runLater(() -> refused(problem));
      }
    });
    return done;
  }

  private void refused(Throwable problem) {
    Throwable cause =
        problem instanceof CompletionException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    String words = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    status.say(words, true);
    popups.tell(root, words, true);
  }

  @Override
  public void run() {
    player.play();
  }

  @Override
  public void pause() {
    player.stop();
    dispatch(new Command.Pause());
  }

  @Override
  public void toggleStopAtExits() {
    boolean on = !session.snapshot().stopAtExits();
    submit(new Command.StopAtExits(on));
    say(on ? "A run stops at each exit, before its handler acts." : "A run goes through exits.");
  }

  @Override
  public void toggleBreakpoint() {
    new BreakpointToggle(session::snapshot, panes, this::submit, this::say).toggle();
  }

  @Override
  public void typeBreakpoint() {
    panes.openBreakpoints();
  }

  private void open(Scenario scenario) {
    say("");
    selection.select(Selection.NONE);
    submit(new Command.Restart(scenario));
  }

  @Override
  public void openImage() {
    open(ImageChooser.Wanted.ANYTHING);
  }

  private void open(ImageChooser.Wanted wanted) {
    ImageChooser.choose(owner(), wanted)
        .ifPresent(file -> {
          var _ = open(file);
        });
  }

  /**
   * Opens a file, away from the screen's thread; one that cannot be opened is refused in words, and
   * what was open stays open.
   *
   * @return completed when that is done
   */
  CompletableFuture<Void> open(Path file) {
    say("Reading " + file.getFileName() + "…");
    return CompletableFuture.supplyAsync(() -> OpenedFile.read(file))
        .handleAsync(
            (opened, problem) -> {
              if (problem != null) {
                refused(problem);
              } else {
                open(opened);
              }
              return null;
            },
            Platform::runLater);
  }

  private void open(OpenedFile opened) {
    if (opened instanceof OpenedFile.Guest(Scenario scenario)) {
      open(scenario);
      return;
    }
    player.stop();
    selection.select(Selection.NONE);
    say("");
    switch (opened) {
      case OpenedFile.Guest _ -> {} // It is open already.
      case OpenedFile.Run(OpenedRun run) -> submit(new Command.OpenRun(run));
      case OpenedFile.Dump(OpenedDump dump) -> {
        session.open(dump);
        panes.openRanges();
        say(dump.unknown().or(dump::assumed).orElse(""));
      }
      case OpenedFile.Imported(Trace trace) -> {
        session.open(trace);
        panes.openRanges();
      }
    }
    arrange(opened instanceof OpenedFile.Dump ? Arrangement.DEBUG : Arrangement.REPLAY);
  }

  private void geometryForm(Node anchor) {
    popups.show(
        anchor,
        new GeometryForm(
            session.snapshot().scenario(),
            scenario -> {
              popups.close();
              open(scenario);
            }));
  }

  @Override
  public void unmapDialog(long ipa) {
    edits.unmap(ipa);
  }

  @Override
  public EditForms edits() {
    return edits;
  }

  @Override
  public HistoryMemory historyMemory() {
    return new HistoryMemory(session::snapshot, settings, popups, tools::where, this::submit);
  }

  @Override
  public void compareForm() {
    comparing.form();
  }

  private void revealComparison() {
    PaneFrame alone = layouts.alone();
    if (alone != null && alone != panes.walk()) {
      toggleAlone(alone);
    }
    panes.openCompare();
  }

  /** Compares the moment that is shown with others. */
  Comparing comparing() {
    return comparing;
  }

  @Override
  public Destinations destinations() {
    return destinations;
  }

  @Override
  public Inquiries inquiries() {
    return inquiries;
  }

  @Override
  public LessonActions lessons() {
    return lessons;
  }

  private void showLesson() {
    panes.openLesson();
    arrange(Arrangement.TEACH);
  }

  private void light(List<Lit> lights) {
    // What the card is about stands above what the guest did last.
    pulse();
    new LessonLights(panes, selection).light(lights);
  }

  // ---- what panes ask -----------------------------------------------------------------------

  @Override
  public void explain(long event) {
    selection.select(Selection.of(session.snapshot().events().get(event)));
    explainSelected();
  }

  @Override
  public void explainSelected() {
    if (!panes.explainOpen() && layouts.arrangement() == Arrangement.TEACH) {
      panes.openExplain();
      arrange(Arrangement.TEACH);
    }
    if (layouts.alone() != null && layouts.alone() != panes.explain()) {
      toggleAlone(layouts.alone());
    }
    panes.explain().foldedProperty().set(false);
    panes.explainView().node().requestFocus();
  }

  @Override
  public void showInMemory(long pa) {
    popups.show(tools.where(), new MemoryCard(session.snapshot(), pa));
  }

  @Override
  public void copy(String text) {
    ClipboardContent content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
    say("Copied " + text.lines().count() + " lines.");
  }

  // ---- the window itself --------------------------------------------------------------------

  @Override
  public void arrange(Arrangement arrangement) {
    layouts.arrange(arrangement);
    menus.show(arrangement);
    settings.arrangement(arrangement);
    if (shown != null) {
      panes.show(shown, layouts::isVisible);
    }
  }

  @Override
  public void resetPanes() {
    arrange(layouts.arrangement());
  }

  @Override
  public void maximisePane() {
    PaneFrame alone = layouts.alone();
    toggleAlone(alone == null ? focusedFrame() : alone);
  }

  private PaneFrame focusedFrame() {
    Node node = root.getScene() == null ? null : root.getScene().getFocusOwner();
    while (node != null && !(node instanceof PaneFrame)) {
      node = node.getParent();
    }
    return node == null ? panes.walk() : (PaneFrame) node;
  }

  /**
   * Lets one pane fill the window.
   *
   * @throws IllegalArgumentException if there is none of that name; the message names them all
   */
  void showAlone(String name) {
    Panes.Place place =
        panes
            .find(name)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "no pane is called '"
                        + name
                        + "'; there are "
                        + String.join(", ", panes.names())));
    place.frame().open(place.view());
    if (layouts.alone() != place.frame()) {
      toggleAlone(place.frame());
    }
  }

  private void toggleAlone(PaneFrame frame) {
    layouts.toggleAlone(frame);
    if (shown != null) {
      panes.show(shown, layouts::isVisible);
    }
  }

  @Override
  public void theme(Theme theme) {
    sizing.theme(theme);
  }

  @Override
  public void scaleBy(double factor) {
    say(sizing.scaleBy(factor));
  }

  @Override
  public void projector() {
    boolean on = sizing.projector(root.getScene());
    layouts.onProjector(on);
    arrange(on ? Arrangement.TEACH : layouts.arrangement());
  }

  @Override
  public void editSource() {
    panes.code().foldedProperty().set(false);
    panes.code().open(panes.codeView());
    panes.codeView().edit();
  }

  @Override
  public void palette() {
    Node focus = root.getScene() == null ? null : root.getScene().getFocusOwner();
    palette.open(paletteItems.all(session.snapshot()), () -> giveFocus(focus));
  }

  @Override
  public void keys() {
    Node focus = root.getScene() == null ? null : root.getScene().getFocusOwner();
    palette.open(paletteItems.withKeys(session.snapshot()), () -> giveFocus(focus));
  }

  private void giveFocus(@Nullable Node focus) {
    (focus == null ? root : focus).requestFocus();
  }

  @Override
  public void export(ExportForm form) {
    LogExport.ask(owner(), session.snapshot(), form, this::say, this::refused);
  }

  @Override
  public void record() {
    recording.toggle(owner());
  }

  private @Nullable Window owner() {
    return root.getScene() == null ? null : root.getScene().getWindow();
  }

  @Override
  public void copyPane() {
    copy(focusedFrame().text());
  }

  @Override
  public void about() {
    say(
        "Stagewalk 0.1.0: an AArch64 machine, a hypervisor and their stage-2 tables to look at."
            + " Apache-2.0.");
  }

  @Override
  public void quit() {
    Window open = owner();
    if (open != null) {
      open.hide();
    }
  }

  private void say(String words) {
    status.say(words, false);
  }
}
