package dev.stagewalk.app;

import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Actions;
import dev.stagewalk.views.BreakpointsView;
import dev.stagewalk.views.CardView;
import dev.stagewalk.views.CodeView;
import dev.stagewalk.views.CompareView;
import dev.stagewalk.views.ConsoleView;
import dev.stagewalk.views.DisassemblyView;
import dev.stagewalk.views.ExplainView;
import dev.stagewalk.views.FindingsView;
import dev.stagewalk.views.LessonView;
import dev.stagewalk.views.Look;
import dev.stagewalk.views.RangesView;
import dev.stagewalk.views.RegistersView;
import dev.stagewalk.views.Scans;
import dev.stagewalk.views.SelectionModel;
import dev.stagewalk.views.StripsView;
import dev.stagewalk.views.TimelineView;
import dev.stagewalk.views.TlbView;
import dev.stagewalk.views.TrapLog;
import dev.stagewalk.views.TrapLogView;
import dev.stagewalk.views.TreeView;
import dev.stagewalk.views.View;
import dev.stagewalk.views.WalkView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The views and the frames they stand in. */
final class Panes {
  private final TrapLog trapLog = new TrapLog();
  private final CodeView codeView;
  private final DisassemblyView disassemblyView;
  private final ExplainView explainView;
  private final CompareView compareView;
  private final TrapLogView logView;
  private final BreakpointsView breakpointsView;
  private final PaneFrame code;
  private final PaneFrame walk;
  private final PaneFrame registers;
  private final PaneFrame log;
  private final PaneFrame explain;
  private final PaneFrame card;
  private final LessonView lesson;
  private boolean cardOpen;
  private boolean explainOpen = true;

  Panes(
      Look look,
      SelectionModel selection,
      Actions actions,
      Parts parts,
      Cards cards,
      Runnable compareForm,
      Consumer<PaneFrame> maximise) {
    codeView = new CodeView(look, selection, actions, trapLog, parts.sourceCheck());
    disassemblyView = new DisassemblyView(look, selection, actions, trapLog, parts.disassembly());
    explainView = new ExplainView(selection, actions);
    compareView = new CompareView(look, selection, actions, compareForm);
    Scans scans = new Scans();
    RegistersView registersView =
        new RegistersView(selection, actions, new StripsView(selection, scans));
    breakpointsView = new BreakpointsView(look, actions);
    logView =
        new TrapLogView(
            look, trapLog, selection, actions, new TimelineView(look, selection, actions));
    code = new PaneFrame("code", List.of(codeView, disassemblyView), maximise);
    walk =
        new PaneFrame(
            "walk",
            List.of(
                new WalkView(look, selection, actions, scans),
                new TreeView(look, selection, actions, scans),
                new RangesView(look, selection, actions, scans),
                new TlbView(look, selection, actions),
                new FindingsView(look, selection, actions),
                compareView),
            maximise);
    registers = new PaneFrame("registers", List.of(registersView), maximise);
    log =
        new PaneFrame("log", List.of(logView, new ConsoleView(actions), breakpointsView), maximise);
    explain = new PaneFrame("explain", List.of(explainView), maximise);
    card = new PaneFrame("card", List.of(cards.start(), cards.lesson()), maximise);
    lesson = cards.lesson();
  }

  List<PaneFrame> all() {
    return List.of(code, walk, registers, log, explain, card);
  }

  PaneFrame code() {
    return code;
  }

  PaneFrame walk() {
    return walk;
  }

  PaneFrame registers() {
    return registers;
  }

  PaneFrame log() {
    return log;
  }

  PaneFrame explain() {
    return explain;
  }

  /** The card for newcomers, as long as it is wanted. */
  Optional<PaneFrame> card() {
    return cardOpen ? Optional.of(card) : Optional.empty();
  }

  boolean explainOpen() {
    return explainOpen;
  }

  /** Whether the newcomers' card is there, and Explain with it or only after the first fault. */
  void firstStart(boolean first) {
    cardOpen = first;
    explainOpen = !first;
  }

  /** From now on the card has its place, and the lesson stands on it. */
  void openLesson() {
    cardOpen = true;
    card.open(lesson);
  }

  /** Whether a lesson's card is to be read, which is longer than that for newcomers. */
  boolean lessonOpen() {
    return cardOpen && card.shownView() == lesson;
  }

  /** Of the tables a recording says no more than what is in Ranges. */
  void openRanges() {
    walk.view("ranges").ifPresent(walk::open);
  }

  /** From now on the explanation has its place. */
  void openExplain() {
    explainOpen = true;
  }

  TrapLog trapLog() {
    return trapLog;
  }

  CodeView codeView() {
    return codeView;
  }

  CompareView compareView() {
    return compareView;
  }

  /** Brings what differs between two moments to the front. */
  void openCompare() {
    walk.foldedProperty().set(false);
    walk.open(compareView);
  }

  ExplainView explainView() {
    return explainView;
  }

  /** The instruction the focus is on, if it is in one of the code panes. */
  OptionalLong focusedInstruction() {
    OptionalLong inSource = codeView.focusedAddress();
    return inSource.isPresent() ? inSource : disassemblyView.focusedAddress();
  }

  /** The event of the row of the trap log that has the focus. */
  OptionalLong focusedEvent() {
    return logView.focusedEvent();
  }

  /** Brings the breakpoints to the front, with the focus where one is typed. */
  void openBreakpoints() {
    log.foldedProperty().set(false);
    log.open(breakpointsView);
    breakpointsView.type();
  }

  /** The frame and view of a pane by the name in its tab, such as {@code trap log}. */
  Optional<Place> find(String name) {
    for (PaneFrame frame : all()) {
      Optional<View> view = frame.view(name);
      if (view.isPresent()) {
        return Optional.of(new Place(frame, view.get()));
      }
      if (frame.name().equalsIgnoreCase(name)) {
        return Optional.of(new Place(frame, frame.shownView()));
      }
    }
    return Optional.empty();
  }

  /** Titles of all views. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    all().forEach(frame -> frame.views().forEach(view -> names.add(view.title())));
    return names;
  }

  /** Shows a moment in the views of some frames. */
  void show(Snapshot snapshot, Predicate<PaneFrame> visible) {
    trapLog.show(snapshot);
    for (PaneFrame frame : all()) {
      if (visible.test(frame)) {
        frame.show(snapshot);
      }
    }
  }

  /** What stands on the card: where to start, and lessons. */
  record Cards(CardView start, LessonView lesson) {
    Cards(CardView.Doors doors, LessonGuide lessons) {
      this(new CardView(doors), lessons.view());
    }
  }

  record Place(PaneFrame frame, View view) {}
}
