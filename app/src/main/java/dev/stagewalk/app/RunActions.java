package dev.stagewalk.app;

import static dev.stagewalk.app.WindowAction.Group.RUN;

import dev.stagewalk.session.Breakpoint;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignB;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignD;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;
import org.kordamp.ikonli.materialdesign2.MaterialDesignU;

/** How one moves through time: the menu Run. */
final class RunActions {
  private final ActionList list;
  private final WindowCommands window;

  private RunActions(ActionList list, WindowCommands window) {
    this.list = list;
    this.window = window;
  }

  static void addTo(ActionList list, WindowCommands window) {
    RunActions actions = new RunActions(list, window);
    actions.running();
    actions.events();
    actions.travelling();
    actions.marks();
  }

  private void running() {
    list.line();
    list.add(
        RUN,
        "run",
        "Run to the next breakpoint or exit",
        "Run",
        "F5",
        MaterialDesignP.PLAY,
        Enabled::canGoOn,
        window::run);
    list.add(
        RUN,
        "run-back",
        "Run backwards to the previous breakpoint or exit",
        "Run back",
        "Ctrl+F5",
        MaterialDesignR.REWIND,
        Enabled::canGoBack,
        () -> window.submit(new Command.RunBack()));
    list.add(
        RUN, "pause", "Pause", "Pause", "F6", MaterialDesignP.PAUSE, Enabled.ALWAYS, window::pause);
    list.line();
    list.command(
        RUN,
        "step",
        "Step one instruction with its walk",
        "Step",
        "F10",
        MaterialDesignD.DEBUG_STEP_OVER,
        Enabled::canGoOn,
        new Command.Step());
    list.command(
        RUN,
        "step-back",
        "Back one instruction",
        "Back",
        "Ctrl+F10",
        MaterialDesignU.UNDO,
        Enabled::canGoBack,
        new Command.StepBack());
    list.command(
        RUN,
        "walk-step",
        "Step inside the walk or trap",
        "Walk step",
        "F11",
        MaterialDesignD.DEBUG_STEP_INTO,
        Enabled::canGoOn,
        new Command.MicroStep());
    list.command(
        RUN,
        "walk-step-back",
        "Back inside the walk or trap",
        "Walk step back",
        "Ctrl+F11",
        MaterialDesignD.DEBUG_STEP_OUT,
        Enabled::canGoBack,
        new Command.MicroStepBack());
    list.command(
        RUN,
        "walk-finish",
        "To the end of the walk, or the handler's ERET",
        "Finish walk",
        "Shift+F11",
        MaterialDesignS.SKIP_FORWARD,
        Enabled::canGoOn,
        new Command.MicroFinish());
    list.command(
        RUN,
        "walk-begin",
        "To where the walk or handler began",
        "Begin of walk",
        "Ctrl+Shift+F11",
        MaterialDesignS.SKIP_BACKWARD,
        Enabled::canGoBack,
        new Command.MicroBegin());
    list.command(
        RUN,
        "next-exit",
        "Next exit",
        "Next exit",
        "Ctrl+Right",
        MaterialDesignS.SKIP_NEXT,
        Enabled::canGoOn,
        new Command.NextExit());
    list.command(
        RUN,
        "previous-exit",
        "Previous exit",
        "Previous exit",
        "Ctrl+Left",
        MaterialDesignS.SKIP_PREVIOUS,
        Enabled::canGoBack,
        new Command.PreviousExit());
  }

  private void events() {
    list.command(
        RUN,
        "next-event",
        "Next event of any kind",
        "Next event",
        "Ctrl+Shift+Right",
        MaterialDesignA.ARROW_RIGHT,
        Enabled::canGoOn,
        new Command.NextEvent());
    list.command(
        RUN,
        "previous-event",
        "Previous event of any kind",
        "Previous event",
        "Ctrl+Shift+Left",
        MaterialDesignA.ARROW_LEFT,
        Enabled::canGoBack,
        new Command.PreviousEvent());
  }

  private void breakpoints() {
    list.line();
    list.add(
        RUN,
        "breakpoint",
        "Toggle a breakpoint where the focus is, or at the PC",
        "Breakpoint",
        "F9",
        MaterialDesignR.RECORD_CIRCLE_OUTLINE,
        Enabled.ALWAYS,
        window::toggleBreakpoint);
    list.add(
        RUN,
        "type-breakpoint",
        "Type a breakpoint: on an event, a finding, with a condition…",
        "New breakpoint…",
        "Ctrl+F9",
        MaterialDesignR.RECORD_CIRCLE_OUTLINE,
        Enabled.ALWAYS,
        window::typeBreakpoint);
    list.command(
        RUN,
        "next-breakpoint",
        "Run to the next breakpoint, past exits",
        "Next breakpoint",
        "Shift+F9",
        MaterialDesignS.SKIP_NEXT,
        s -> Enabled.canGoOn(s) && hasBreakpoint(s),
        new Command.NextBreakpoint(0));
    list.command(
        RUN,
        "previous-breakpoint",
        "Back to the previous breakpoint, past exits",
        "Previous breakpoint",
        "Ctrl+Shift+F9",
        MaterialDesignS.SKIP_PREVIOUS,
        s -> Enabled.canGoBack(s) && hasBreakpoint(s),
        new Command.PreviousBreakpoint(0));
  }

  private static boolean hasBreakpoint(Snapshot now) {
    return now.breakpoints().stream().anyMatch(Breakpoint::enabled);
  }

  private void travelling() {
    list.line();
    list.command(
        RUN,
        "rewind",
        "Rewind to the start",
        "Rewind",
        "Shift+F5",
        MaterialDesignP.PAGE_FIRST,
        Enabled::canGoBack,
        new Command.ToStart());
    list.command(
        RUN,
        "present",
        "To the end of what was executed",
        "Present",
        "",
        MaterialDesignP.PAGE_LAST,
        s -> Enabled.idle(s) && s.moment().isBefore(s.end()),
        new Command.ToPresent());
    list.add(
        RUN,
        "go-to",
        "Go to a moment, a branch, a mark or an address…",
        "Go to…",
        "Ctrl+G",
        MaterialDesignT.TARGET,
        Enabled.ALWAYS,
        () -> window.destinations().form());
    list.add(
        RUN,
        "go-to-selected",
        "Go to the selected event",
        "Go to event",
        "",
        MaterialDesignA.ARROW_RIGHT_BOLD_OUTLINE,
        Enabled.ALWAYS,
        () -> window.destinations().toSelected());
    list.add(
        RUN,
        "compare",
        "Compare this moment with another moment or branch…",
        "Compare with…",
        "",
        MaterialDesignC.COMPARE,
        Enabled::idle,
        window::compareForm);
    breakpoints();
    list.add(
        RUN,
        "stop-at-exits",
        "Stop at exits, or run through them",
        "Stop at exits",
        "",
        MaterialDesignS.STOP_CIRCLE_OUTLINE,
        Enabled.ALWAYS,
        window::toggleStopAtExits);
  }

  private void marks() {
    list.line();
    list.add(
        RUN,
        "mark",
        "Mark this moment, with a note",
        "Mark",
        "Ctrl+B",
        MaterialDesignB.BOOKMARK_OUTLINE,
        Enabled.ALWAYS,
        () -> window.destinations().mark());
    for (int i = 1; i <= 9; i++) {
      int number = i;
      list.add(
          RUN,
          "mark-" + i,
          "Go to mark " + i,
          "Mark " + i,
          "Ctrl+" + i,
          MaterialDesignB.BOOKMARK,
          s -> s.marks().size() >= number,
          () -> window.destinations().toMark(number));
    }
  }
}
