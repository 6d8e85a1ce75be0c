package dev.stagewalk.app;

import static dev.stagewalk.app.WindowAction.Group.FILE;
import static dev.stagewalk.app.WindowAction.Group.HELP;
import static dev.stagewalk.app.WindowAction.Group.INJECT;
import static dev.stagewalk.app.WindowAction.Group.LEARN;
import static dev.stagewalk.app.WindowAction.Group.RUN;
import static dev.stagewalk.app.WindowAction.Group.VIEW;

import dev.stagewalk.app.WindowAction.Group;
import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Answer;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Theme;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import javafx.scene.input.KeyCombination;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignB;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignD;
import org.kordamp.ikonli.materialdesign2.MaterialDesignE;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignI;
import org.kordamp.ikonli.materialdesign2.MaterialDesignK;
import org.kordamp.ikonli.materialdesign2.MaterialDesignM;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;
import org.kordamp.ikonli.materialdesign2.MaterialDesignU;

/** All actions of the window, in the order of the menus. */
final class ActionTable {
  private static final Predicate<Snapshot> ALWAYS = _ -> true;

  private final List<WindowAction> actions = new ArrayList<>();
  private final WindowCommands window;
  private int section;

  ActionTable(WindowCommands window) {
    this.window = window;
    file();
    running();
    travelling();
    marks();
    injecting();
    viewing();
    learning();
    help();
  }

  List<WindowAction> all() {
    return List.copyOf(actions);
  }

  /**
   * The action of an id.
   *
   * @throws IllegalArgumentException if there is none
   */
  WindowAction get(String id) {
    return actions.stream()
        .filter(a -> a.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no action " + id));
  }

  private void file() {
    add(
        FILE,
        "open-image",
        "Open a trace, an image or a source…",
        "Open",
        "Shortcut+O",
        MaterialDesignF.FOLDER_OPEN_OUTLINE,
        ALWAYS,
        window::openImage);
    add(
        FILE,
        "edit-source",
        "Edit the guest's source",
        "Edit",
        "",
        MaterialDesignF.FILE_EDIT_OUTLINE,
        s -> !s.program().source().isEmpty() && s.scenario().boot().isEmpty(),
        window::editSource);
    line();
    add(
        FILE,
        "export-csv",
        "Export the trap log as CSV…",
        "Export CSV",
        "",
        MaterialDesignF.FILE_DELIMITED_OUTLINE,
        ALWAYS,
        () -> window.export(WindowCommands.ExportForm.CSV));
    add(
        FILE,
        "export-json",
        "Export the trap log as JSON…",
        "Export JSON",
        "",
        MaterialDesignF.FILE_CODE_OUTLINE,
        ALWAYS,
        () -> window.export(WindowCommands.ExportForm.JSON));
    add(
        FILE,
        "copy-pane",
        "Copy the pane as text",
        "Copy pane",
        "Shortcut+Shift+C",
        MaterialDesignC.CONTENT_COPY,
        ALWAYS,
        window::copyPane);
    line();
    add(
        FILE,
        "quit",
        "Quit",
        "Quit",
        "Shortcut+Q",
        MaterialDesignE.EXIT_TO_APP,
        ALWAYS,
        window::quit);
  }

  private void running() {
    line();
    add(
        RUN,
        "run",
        "Run to the next breakpoint or exit",
        "Run",
        "F5",
        MaterialDesignP.PLAY,
        ActionTable::canGoOn,
        window::run);
    add(
        RUN,
        "run-back",
        "Run backwards to the previous breakpoint or exit",
        "Run back",
        "Ctrl+F5",
        MaterialDesignR.REWIND,
        ActionTable::canGoBack,
        () -> window.submit(new Command.RunBack()));
    add(RUN, "pause", "Pause", "Pause", "F6", MaterialDesignP.PAUSE, ALWAYS, window::pause);
    line();
    command(
        RUN,
        "step",
        "Step one instruction with its walk",
        "Step",
        "F10",
        MaterialDesignD.DEBUG_STEP_OVER,
        ActionTable::canGoOn,
        new Command.Step());
    command(
        RUN,
        "step-back",
        "Back one instruction",
        "Back",
        "Ctrl+F10",
        MaterialDesignU.UNDO,
        ActionTable::canGoBack,
        new Command.StepBack());
    command(
        RUN,
        "walk-step",
        "Step inside the walk or trap",
        "Walk step",
        "F11",
        MaterialDesignD.DEBUG_STEP_INTO,
        ActionTable::canGoOn,
        new Command.MicroStep());
    command(
        RUN,
        "walk-step-back",
        "Back inside the walk or trap",
        "Walk step back",
        "Ctrl+F11",
        MaterialDesignD.DEBUG_STEP_OUT,
        ActionTable::canGoBack,
        new Command.MicroStepBack());
    command(
        RUN,
        "walk-finish",
        "To the end of the walk, or the handler's ERET",
        "Finish walk",
        "Shift+F11",
        MaterialDesignS.SKIP_FORWARD,
        ActionTable::canGoOn,
        new Command.MicroFinish());
    command(
        RUN,
        "walk-begin",
        "To where the walk or handler began",
        "Begin of walk",
        "Ctrl+Shift+F11",
        MaterialDesignS.SKIP_BACKWARD,
        ActionTable::canGoBack,
        new Command.MicroBegin());
    command(
        RUN,
        "next-exit",
        "Next exit",
        "Next exit",
        "Ctrl+Right",
        MaterialDesignS.SKIP_NEXT,
        ActionTable::canGoOn,
        new Command.NextExit());
    command(
        RUN,
        "previous-exit",
        "Previous exit",
        "Previous exit",
        "Ctrl+Left",
        MaterialDesignS.SKIP_PREVIOUS,
        ActionTable::canGoBack,
        new Command.PreviousExit());
  }

  private void travelling() {
    line();
    command(
        RUN,
        "rewind",
        "Rewind to the start",
        "Rewind",
        "Shift+F5",
        MaterialDesignP.PAGE_FIRST,
        ActionTable::canGoBack,
        new Command.ToStart());
    command(
        RUN,
        "present",
        "To the end of what was executed",
        "Present",
        "",
        MaterialDesignP.PAGE_LAST,
        s -> idle(s) && s.moment().isBefore(s.end()),
        new Command.ToPresent());
    add(
        RUN,
        "go-to",
        "Go to a moment or an address…",
        "Go to…",
        "Ctrl+G",
        MaterialDesignT.TARGET,
        ALWAYS,
        window::goToForm);
    add(
        RUN,
        "go-to-selected",
        "Go to the selected event",
        "Go to event",
        "",
        MaterialDesignA.ARROW_RIGHT_BOLD_OUTLINE,
        ALWAYS,
        window::goToSelected);
    line();
    add(
        RUN,
        "breakpoint",
        "Toggle a breakpoint where the focus is, or at the PC",
        "Breakpoint",
        "F9",
        MaterialDesignR.RECORD_CIRCLE_OUTLINE,
        ALWAYS,
        window::toggleBreakpoint);
    add(
        RUN,
        "stop-at-exits",
        "Stop at exits, or run through them",
        "Stop at exits",
        "",
        MaterialDesignS.STOP_CIRCLE_OUTLINE,
        ALWAYS,
        window::toggleStopAtExits);
  }

  private void marks() {
    line();
    add(
        RUN,
        "mark",
        "Mark this moment",
        "Mark",
        "Ctrl+B",
        MaterialDesignB.BOOKMARK_OUTLINE,
        ALWAYS,
        window::markHere);
    for (int i = 1; i <= 9; i++) {
      int number = i;
      add(
          RUN,
          "mark-" + i,
          "Go to mark " + i,
          "Mark " + i,
          "Ctrl+" + i,
          MaterialDesignB.BOOKMARK,
          s -> s.marks().size() >= number,
          () -> window.goToMark(number));
    }
  }

  private void injecting() {
    line();
    add(
        INJECT,
        "unmap-here",
        "Unmap the page at the selection",
        "Unmap here",
        "U",
        MaterialDesignC.CONTENT_CUT,
        ActionTable::hasHypervisor,
        window::unmapAtSelection);
    add(
        INJECT,
        "unmap",
        "Unmap a page, a block or a range…",
        "Unmap…",
        "Shift+U",
        MaterialDesignC.CONTENT_CUT,
        ActionTable::hasHypervisor,
        window::unmapForm);
    add(
        INJECT,
        "map-here",
        "Map a fresh page at the selection",
        "Map here",
        "",
        MaterialDesignM.MAP_PLUS,
        ActionTable::hasHypervisor,
        window::mapAtSelection);
    line();
    for (InjectionKind kind : InjectionKind.values()) {
      add(
          INJECT,
          kind.id(),
          kind.title(),
          kind.brief(),
          kind.key(),
          kind.icon(),
          kind.enabled(ActionTable::canGoOn),
          () -> window.inject(kind));
    }
    line();
    for (Answer answer : Answer.values()) {
      command(
          INJECT,
          "answer-" + answer.name().toLowerCase(Locale.ROOT),
          "At this exit: " + answer.words(),
          answer.words(),
          "",
          MaterialDesignF.FLASH,
          s -> s.state() == RunState.AT_EXIT && hasHypervisor(s),
          new Command.AnswerExit(answer));
    }
    line();
    command(
        INJECT,
        "undo",
        "Undo your last edit",
        "Undo",
        "Ctrl+Z",
        MaterialDesignU.UNDO,
        Snapshot::canUndo,
        new Command.Undo());
    command(
        INJECT,
        "redo",
        "Redo it",
        "Redo",
        "Ctrl+Y",
        MaterialDesignR.REDO,
        Snapshot::canRedo,
        new Command.Redo());
  }

  private void viewing() {
    line();
    for (Arrangement arrangement : Arrangement.values()) {
      add(
          VIEW,
          "arrange-" + arrangement.words().toLowerCase(Locale.ROOT),
          "Arrangement: " + arrangement.words(),
          arrangement.words(),
          "",
          MaterialDesignT.TABLE_COLUMN,
          ALWAYS,
          () -> window.arrange(arrangement));
    }
    add(
        VIEW,
        "reset-panes",
        "Reset the panes",
        "Reset panes",
        "",
        MaterialDesignR.RESTORE,
        ALWAYS,
        window::resetPanes);
    add(
        VIEW,
        "maximise",
        "Let this pane fill the window, or put it back",
        "Maximise",
        "",
        MaterialDesignA.ARROW_EXPAND_ALL,
        ALWAYS,
        window::maximisePane);
    line();
    add(
        VIEW,
        "explain",
        "Explain the selected event",
        "Explain",
        "E",
        MaterialDesignI.INFORMATION_OUTLINE,
        ALWAYS,
        window::explainSelected);
    add(
        VIEW,
        "palette",
        "Search anything",
        "Search anything",
        "Ctrl+P",
        MaterialDesignM.MAGNIFY,
        ALWAYS,
        window::palette);
    line();
    for (Theme theme : Theme.values()) {
      add(
          VIEW,
          "theme-" + theme.name().toLowerCase(Locale.ROOT),
          "Theme: " + theme.words(),
          theme.words(),
          "",
          MaterialDesignT.THEME_LIGHT_DARK,
          ALWAYS,
          () -> window.theme(theme));
    }
    line();
    add(
        VIEW,
        "larger",
        "Larger",
        "Larger",
        "Ctrl+Plus",
        MaterialDesignM.MAGNIFY_PLUS_OUTLINE,
        ALWAYS,
        () -> window.scaleBy(1.1),
        "Ctrl+Equals",
        "Ctrl+Add",
        "Ctrl+Shift+Equals");
    add(
        VIEW,
        "smaller",
        "Smaller",
        "Smaller",
        "Ctrl+Minus",
        MaterialDesignM.MAGNIFY_MINUS_OUTLINE,
        ALWAYS,
        () -> window.scaleBy(1 / 1.1),
        "Ctrl+Subtract");
    add(
        VIEW,
        "scale-100",
        "100 %",
        "100 %",
        "Ctrl+0",
        MaterialDesignM.MAGNIFY,
        ALWAYS,
        () -> window.scaleBy(0),
        "Ctrl+Numpad 0");
    add(
        VIEW,
        "projector",
        "Projector: large type",
        "Projector",
        "Ctrl+Shift+L",
        MaterialDesignP.PROJECTOR,
        ALWAYS,
        window::projector);
  }

  private void learning() {
    line();
    add(
        LEARN,
        "lessons",
        "Lessons and the bug zoo",
        "Lessons",
        "Shortcut+L",
        MaterialDesignS.SCHOOL_OUTLINE,
        ALWAYS,
        () -> window.lessons().lessons());
    line();
    add(
        LEARN,
        "lesson-next",
        "Go on with the lesson",
        "Go on",
        "Shortcut+Enter",
        MaterialDesignA.ARROW_RIGHT,
        ALWAYS,
        () -> window.lessons().next());
    add(
        LEARN,
        "lesson-back",
        "Back to the card before",
        "Card before",
        "",
        MaterialDesignA.ARROW_LEFT,
        ALWAYS,
        () -> window.lessons().back());
    add(
        LEARN,
        "lesson-again",
        "This card again, from its beginning",
        "Card again",
        "",
        MaterialDesignR.REFRESH,
        ALWAYS,
        () -> window.lessons().again());
  }

  private void help() {
    line();
    add(HELP, "keys", "Keys", "Keys", "F1", MaterialDesignK.KEYBOARD_OUTLINE, ALWAYS, window::keys);
    add(
        HELP,
        "about",
        "About Stagewalk",
        "About",
        "",
        MaterialDesignI.INFORMATION,
        ALWAYS,
        window::about);
  }

  /** Whether there is a hypervisor that can be told to do something now. */
  private static boolean hasHypervisor(Snapshot s) {
    return idle(s) && !s.scenario().bare();
  }

  private static boolean idle(Snapshot s) {
    return s.state() != RunState.RUNNING;
  }

  private static boolean canGoOn(Snapshot s) {
    return idle(s) && s.state() != RunState.ENDED;
  }

  private static boolean canGoBack(Snapshot s) {
    return idle(s) && Moment.START.isBefore(s.moment());
  }

  private void line() {
    section++;
  }

  private void command(
      Group group,
      String id,
      String title,
      String brief,
      String key,
      Ikon icon,
      Predicate<Snapshot> enabled,
      Command command) {
    add(group, id, title, brief, key, icon, enabled, () -> window.submit(command));
  }

  private void add(
      Group group,
      String id,
      String title,
      String brief,
      String key,
      Ikon icon,
      Predicate<Snapshot> enabled,
      Runnable run,
      String... alsoKeys) {
    List<KeyCombination> keys = new ArrayList<>();
    if (!key.isEmpty()) {
      keys.add(KeyCombination.valueOf(key));
    }
    Arrays.stream(alsoKeys).map(KeyCombination::valueOf).forEach(keys::add);
    actions.add(
        new WindowAction(id, group, section, title, brief, List.copyOf(keys), icon, enabled, run));
  }
}
