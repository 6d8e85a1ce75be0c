package dev.stagewalk.session;

import dev.stagewalk.event.Moment;
import dev.stagewalk.trace.Trace;

/** What a face can ask of a session. Every command is answered by a new {@link Snapshot}. */
public sealed interface Command {

  /** Whether it neither stops a run nor waits for its end. */
  default boolean isDoneWhileRunning() {
    return switch (this) {
      case Breakpoint _, StopAtExits _, HistoryBudget _ -> true;
      case AddMark _, NameMark _, RemoveMark _ -> true;
      case AddBreakpoint _, RemoveBreakpoint _, EnableBreakpoint _ -> true;
      default -> false;
    };
  }

  /** Runs to the next breakpoint, to the next exit if stops at exits are on, or to the end. */
  record Run() implements Command {}

  /** Runs backwards to the previous breakpoint or exit, or to the start. */
  record RunBack() implements Command {}

  /** Pauses what runs now; it takes effect within 100 ms and is not queued behind it. */
  record Pause() implements Command {}

  /** Executes one instruction with its walk; at an open exit, lets the handler act first. */
  record Step() implements Command {}

  /** Goes back one instruction. */
  record StepBack() implements Command {}

  /** One micro-step: one lookup, one host operation, one entry or return. */
  record MicroStep() implements Command {}

  /** Back one micro-step. */
  record MicroStepBack() implements Command {}

  /** To the end of the walk or host call that is open, or of the instruction. */
  record MicroFinish() implements Command {}

  /** To where the walk or host call that is open began, or to the start of the instruction. */
  record MicroBegin() implements Command {}

  /** Runs to the next exit to EL2, before its handler acts. */
  record NextExit() implements Command {}

  /** Back to the previous exit. */
  record PreviousExit() implements Command {}

  /** Back to the start of the run, in the present branch. */
  record ToStart() implements Command {}

  /** To any moment already known, of any branch, or forward into the unknown. */
  record GoTo(Moment moment) implements Command {}

  /**
   * Goes to where something was last written, used or changed, or will be next, and says so in the
   * notice; stays where it is if there is none.
   *
   * @param text see {@link WatchGrammar}: {@code last write entry ipa 0x40090000}
   * @param stay whether to answer without going there
   */
  record Search(String text, boolean stay) implements Command {}

  /**
   * To an exit to EL2, before its handler acts; forward into the unknown where it is not known.
   *
   * @param number from 1
   */
  record GoToExit(long number) implements Command {}

  /**
   * To a branch, to the moment where one was in it last.
   *
   * @param number from 1
   */
  record GoToBranch(int number) implements Command {}

  /** To the end of what was executed so far in the present branch. */
  record ToPresent() implements Command {}

  /** Whether a run stops at each exit before the handler acts; on at first. */
  record StopAtExits(boolean on) implements Command {}

  /** Sets or removes a breakpoint on an instruction address (VA of the guest). */
  record Breakpoint(long address, boolean on) implements Command {}

  /**
   * Sets a breakpoint.
   *
   * @param text as {@link BreakpointGrammar} reads it
   */
  record AddBreakpoint(String text) implements Command {}

  /** Removes a breakpoint. */
  record RemoveBreakpoint(int number) implements Command {}

  /** Lets a breakpoint stop a run, or not. */
  record EnableBreakpoint(int number, boolean on) implements Command {}

  /**
   * Runs to where a breakpoint stops, past exits.
   *
   * @param number of the breakpoint; 0 for any
   * @param most instruction count to stop at if there is none before
   */
  record NextBreakpoint(int number, long most) implements Command {

    /** However far it is. */
    public NextBreakpoint(int number) {
      this(number, Long.MAX_VALUE);
    }
  }

  /**
   * Goes back to where a breakpoint last stopped before the present moment.
   *
   * @param number of the breakpoint; 0 for any
   */
  record PreviousBreakpoint(int number) implements Command {}

  /** Runs to right after the next event. */
  record NextEvent() implements Command {}

  /** Goes back to right after the event before this moment, or to the start. */
  record PreviousEvent() implements Command {}

  /**
   * Does something to the machine at the present moment. If the run had gone on from there already
   * this makes a branch, and the other stays as it was.
   */
  record Inject(Edit edit) implements Command {}

  /** Chooses what happens at the open exit instead of the handler, once. */
  record AnswerExit(Answer answer) implements Command {}

  /**
   * Takes the last edit of the present branch back: the run goes on without it from its moment, in
   * the branch that has gone that way or in a new one. The branch with the edit stays.
   */
  record Undo() implements Command {}

  /** Back to the branch of the edit that was last taken back, to right after it. */
  record Redo() implements Command {}

  /** Marks the present moment; if it is marked already, the mark says this from now on. */
  record AddMark(String note) implements Command {}

  /**
   * Looks at another moment, to compare it with this one. It is answered by the snapshot of that
   * moment; the session stays where it is, and what it shows stays too.
   *
   * @param place of any branch; where the run ends before it, its end is looked at
   */
  record Glance(Place place) implements Command {}

  /**
   * Of a dump: takes the tables that the registers of another PE name.
   *
   * @param pe number, from 0
   */
  record SeeFrom(int pe) implements Command {}

  /** Changes what a mark says. */
  record NameMark(Moment moment, String note) implements Command {}

  /** Takes a mark away. */
  record RemoveMark(Moment moment) implements Command {}

  /**
   * How much host memory the history may take.
   *
   * @param bytes at least {@link dev.stagewalk.time.History#LEAST_BUDGET}
   */
  record HistoryBudget(long bytes) implements Command {}

  /** Begins anew with another scenario; the old run is gone. */
  record Restart(Scenario scenario) implements Command {}

  /** Opens a recorded run, at its start; the old run is gone. */
  record OpenRun(OpenedRun run) implements Command {}

  /**
   * Writes the run down from now on, and first all that it has gone through.
   *
   * @param recorder begun with the same scenario
   */
  record Record(Recorder recorder) implements Command {}

  /** Ends the recording. */
  record EndRecording() implements Command {}

  /**
   * Opens what a real machine recorded in place of what is open, which only an {@link
   * OpenedSession} can; {@link Restart} goes back to a machine.
   */
  record OpenTrace(Trace trace) implements Command {}
}
