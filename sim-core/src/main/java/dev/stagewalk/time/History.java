package dev.stagewalk.time;

import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run one can go to any moment of: the initial state, the inputs, checkpoints, and the record of
 * events. Used by one thread; {@link EventLog.View}s may be read by any.
 *
 * <p>An edit where the run had gone on already makes a branch; what had been executed after it
 * stays in the branch it was executed in. A moment tells which branch it is of, and to go there is
 * to go on in that branch. Before a parting a moment has a name in each of the two.
 *
 * <p>What it keeps is bounded by a budget, and nothing is given up before that is reached. Then
 * checkpoints of other branches go first, then events that can be executed again, then checkpoints
 * that lie far away. The start is always kept, so no moment is ever lost: a way back takes longer.
 */
public final class History {
  /** Bytes of host memory a history takes at most, if the heap has twice as much. */
  public static final long BUDGET = 1L << 30;

  /** The least there can be. */
  public static final long LEAST_BUDGET = 1L << 20;

  private static final int EVENTS_BETWEEN_PAUSES = 4096;

  private final Run.Recipe recipe;
  private final Run run;
  private final Replica replica;
  private final Journey journey;
  private final Checkpoints checkpoints = new Checkpoints();
  private final EventLog.Shelf shelf = new EventLog.Shelf();

  /** By number, from 1. */
  private final List<Line> lines = new ArrayList<>();

  private Line line;

  /** What was printed in a recorded run; null if there is none. */
  private @Nullable ArchivedConsole recorded;

  private final List<Undone> undone = new ArrayList<>();
  private final Allowance allowance;

  /** An input that was taken back, and the line that has it. */
  private record Undone(Line line, Input input) {}

  private final List<Sighting> sightings = new ArrayList<>();

  /**
   * @param interrupted asked after every micro-step by the thread that executes; true makes it stop
   */
  public History(Run.Recipe recipe, BooleanSupplier interrupted) {
    this(recipe, interrupted, usualBudget());
  }

  /**
   * @param budget bytes of host memory it may take
   */
  public History(Run.Recipe recipe, BooleanSupplier interrupted, long budget) {
    this.recipe = recipe;
    this.allowance = new Allowance(checkpoints, shelf, budget);
    this.replica = new Replica(recipe, checkpoints);
    this.line = new Line(new EventLog(shelf, replica));
    lines.add(line);
    this.run = new Run(recipe, this::record, interrupted);
    this.journey = new Journey(run, checkpoints, line, this::keepToBudget);
  }

  /**
   * Takes a recorded run for what is known of the first branch, before anything is executed.
   *
   * @param inputs of the recorded run, in order of time
   */
  public void adopt(Archive archive, List<Input> inputs) {
    if (run.events() != 0 || machine().instructions() != 0 || lines.size() != 1) {
      throw new IllegalStateException("the run has begun: " + moment());
    }
    Line known =
        new Line(
            EventLog.archived(
                shelf, new ArchivedEvents(archive, replica), archive.events(), archive.end()));
    inputs.forEach(known::add);
    known.arrived(archive.end(), archive.end().instruction());
    known.checkpoints().putAll(line.checkpoints());
    lines.set(0, known);
    line = known;
    checkpoints.use(archive);
    recorded = new ArchivedConsole(archive, known);
    journey.continueOn(known);
  }

  /** {@link #BUDGET}, or half of what Java may take for its heap if that is less. */
  public static long usualBudget() {
    return Math.min(BUDGET, Runtime.getRuntime().maxMemory() / 2);
  }

  /** Bytes of host memory it may take. */
  public long budget() {
    return allowance.budget();
  }

  /** From now on it may take so many bytes of host memory. */
  public void setBudget(long bytes) {
    allowance.setBudget(bytes);
    keepToBudget();
  }

  private void keepToBudget() {
    allowance.keep(lines, line, run.work());
  }

  /** The execution, at the present moment. */
  public Run run() {
    return run;
  }

  public Machine machine() {
    return run.machine();
  }

  public Moment moment() {
    return run.moment().onBranch(line.number());
  }

  /** The furthest moment executed so far in the present branch. */
  public Moment end() {
    return line.end().onBranch(line.number());
  }

  /** All branches there are. */
  public Branches branches() {
    return new Branches(lines.stream().map(Line::branch).toList());
  }

  /** Whether there is a branch of this number. */
  public boolean hasBranch(int number) {
    return number >= 1 && number <= lines.size();
  }

  /** Events on the way of a branch that there is, from the start. */
  public EventLog.View events(int branch) {
    return lines.get(branch - 1).log().view(lines.get(branch - 1));
  }

  /** Inputs of a branch that there is, from the start, in order of time; theirs are of branch 1. */
  public List<Input> inputs(int branch) {
    return lines.get(branch - 1).inputs();
  }

  /** Inputs of the present branch from the start, in order of time; theirs are of branch 1. */
  public List<Input> inputs() {
    return line.inputs();
  }

  /** Events on the way of the present branch, from the start. */
  public EventLog.View events() {
    return line.log().view(line);
  }

  /** What the guest has printed up to the present moment. */
  public String guestConsole() {
    return printedUpTo(run.moment()).guestConsole().textAt(run.moment());
  }

  /** What the guest had printed up to a moment. */
  public String guestConsoleAt(Moment moment) {
    return printedUpTo(moment.onBranch(1)).guestConsole().textAt(moment.onBranch(1));
  }

  /** What the hypervisor has printed up to the present moment. */
  public String hostConsole() {
    return printedUpTo(run.moment()).hostConsole().textAt(run.moment());
  }

  /** The present line, once it is known what was printed on it. */
  private Line printedUpTo(Moment moment) {
    if (recorded != null && line.number() == 1) {
      recorded.readTo(moment);
    }
    return line;
  }

  /** All up to the present moment, to be executed again elsewhere. */
  public Rerun rerun() {
    return new Rerun(recipe, line.inputs(), moment());
  }

  /**
   * Another execution of the present branch, which begins at its start.
   *
   * @param watcher made for the machine that executes, before anything has happened to it
   */
  public Follower follower(Function<Machine, Rerun.Watcher> watcher) {
    return new Follower(recipe, line.inputs(), watcher);
  }

  /** Whether a follower is of the present branch as far as it has come; then it follows it. */
  public boolean isFollowedBy(Follower follower) {
    return follower.follow(line.inputs());
  }

  /**
   * The state at a moment between two instructions, with what had been counted up to it.
   *
   * @param events events before it
   * @param exits exits to EL2 among them
   * @param microSteps micro-steps before it
   */
  public record Standing(Machine.State state, long events, long exits, long microSteps) {}

  /** The present state; only between two instructions. */
  public Standing standing() {
    Run.Point point = run.save();
    return new Standing(point.state(), point.events(), point.exits(), point.microSteps());
  }

  /** Bytes of host memory the history takes, estimated. */
  public long bytes() {
    return allowance.taken(lines);
  }

  /** Bytes of recorded events at hand, estimated. */
  public long eventBytes() {
    return shelf.bytes();
  }

  /** Checkpoints now kept. */
  public int checkpoints() {
    return checkpoints.count();
  }

  /** Hash of the state of the machine at the present moment. */
  public long stateHash() {
    return machine().stateHash();
  }

  /**
   * Goes on from the present moment.
   *
   * @param until instruction count to stop at
   * @param stops asked for after each {@code meanwhile}
   * @param meanwhile called every so often; false stops
   */
  public Run.Stop advance(long until, Supplier<Stops> stops, BooleanSupplier meanwhile) {
    Moment from = run.moment();
    Run.Stop stop = journey.toStartOfInstruction();
    sightings.clear();
    List<Sought> looksFor = List.of();
    try {
      boolean started = false;
      while (stop == Run.Stop.REACHED && machine().instructions() < until) {
        if (!meanwhile.getAsBoolean()) {
          return Run.Stop.PAUSED;
        }
        Stops now = stops.get();
        LongPredicate breakpoint = now.breakpoint();
        if (started && breakpoint != null && machine().isAt(breakpoint)) {
          return Run.Stop.BREAKPOINT;
        }
        run.stopAtExitsAfter(now.atExits() ? from : null);
        if (!looksFor.equals(now.sought())) {
          looksFor = now.sought();
          run.lookOut(
              looksFor.isEmpty() ? null : new Lookout(looksFor, true, from, sightings::add));
        }
        run.stopAtEventsAfter(now.event(), from);
        // The rest of an instruction is a stretch of its own: a breakpoint may stand behind it.
        boolean rest = !started && !from.isBoundary();
        long limit = rest ? machine().instructions() + 1 : until;
        stop = journey.slice(Math.min(until, limit), breakpoint);
        started = true;
      }
      return stop;
    } finally {
      run.stopAtExitsAfter(null);
      if (!looksFor.isEmpty()) {
        run.lookOut(null);
      }
      run.stopAtEventsAfter(null, from);
    }
  }

  /** What was seen at the present moment of what was sought, if that made the run stop here. */
  public List<Sighting> sightings() {
    return sightings.stream()
        .filter(s -> s.moment().equals(run.moment()))
        .map(s -> s.onBranch(line.number()))
        .toList();
  }

  /**
   * The last time before the present moment that something sought has happened. Moves there only
   * when it is asked to, and is otherwise where it was, unless it was interrupted on the way.
   *
   * @param inclusive whether what has happened right at the present moment counts
   * @param move whether to go there
   */
  public Found searchBack(
      List<Sought> sought, boolean inclusive, boolean move, BooleanSupplier meanwhile) {
    return new Search(run, journey)
        .back(sought, inclusive, move, meanwhile)
        .onBranch(line.number());
  }

  /**
   * Goes to a moment, back or forward, and to another branch if it is one of another. Beyond the
   * end of the branch it stops where the machine halts.
   *
   * @param meanwhile called every so often; false stops
   * @return {@link Run.Stop#REACHED} if it is there
   * @throws IndexOutOfBoundsException if there is no such branch
   */
  public Run.Stop goTo(Moment target, BooleanSupplier meanwhile) {
    Line wanted = lines.get(target.branch() - 1);
    if (wanted != line) {
      changeTo(wanted);
      journey.changeTo(wanted, target.instruction());
    }
    return along(target.onBranch(1), meanwhile);
  }

  /** Goes to where somebody was last in a branch. */
  public Run.Stop goToBranch(int number, BooleanSupplier meanwhile) {
    return goTo(lines.get(number - 1).left().onBranch(number), meanwhile);
  }

  private void changeTo(Line next) {
    line.leave(run.moment());
    line = next;
  }

  /**
   * Goes to an exit, back or forward.
   *
   * @param number of the exit, from 1
   * @return {@link Run.Stop#EXIT} if it is there, {@link Run.Stop#HALTED} if the run has fewer
   */
  public Run.Stop goToExit(long number, BooleanSupplier meanwhile) {
    return journey.toExit(number, meanwhile);
  }

  /**
   * Goes back to the last exit before the present moment.
   *
   * @return whether there is one
   */
  public boolean goToPreviousExit(BooleanSupplier meanwhile) {
    long number = run.exits();
    Moment now = run.moment();
    boolean standsAtIt = run.openExit().filter(e -> e.micro() == now.micro()).isPresent();
    if (standsAtIt) {
      number--;
    }
    if (number == 0) {
      return false;
    }
    journey.toExit(number, meanwhile);
    return true;
  }

  /**
   * Goes back to the last moment at which it would have stopped on its way.
   *
   * @param stops exits among them are not looked for
   * @param floor where to go if there is none after it
   * @param before the moment to search from
   * @return {@link Run.Stop#BREAKPOINT}, {@link Run.Stop#EVENT} or {@link Run.Stop#SIGHTED} if
   *     there is one
   */
  public Run.Stop goToStopBefore(
      Stops stops, Moment floor, Moment before, BooleanSupplier meanwhile) {
    sightings.clear();
    Moment low = floor.onBranch(1);
    Moment high = before.onBranch(1);
    EventStop event = stops.event();
    boolean record = stops.breakpoint() == null && stops.sought().isEmpty();
    if (!record || event == null || !event.asksEventAlone()) {
      return journey.backToStop(stops, low, high, sightings::add, meanwhile);
    }
    EventLog.View view = events();
    long number = view.countAt(high) - 1;
    while (number >= 0 && view.isAtHand(number)) {
      if (number % EVENTS_BETWEEN_PAUSES == 0 && !meanwhile.getAsBoolean()) {
        return Run.Stop.PAUSED;
      }
      Event candidate = view.get(number);
      Moment there = candidate.moment().onBranch(1);
      if (there.compareTo(low) <= 0) {
        return along(low, meanwhile);
      }
      if (there.isBefore(high) && event.stopsAfter(candidate)) {
        Run.Stop stop = along(there, meanwhile);
        return stop == Run.Stop.REACHED ? Run.Stop.EVENT : stop;
      }
      high = there.isBefore(high) ? there : high;
      number--;
    }
    return journey.backToStop(stops, low, high, sightings::add, meanwhile);
  }

  /** One micro-step forward. */
  public Run.Stop microStep() {
    long next = moment().micro() + 1;
    Run.Stop stop = journey.toStartOfInstruction();
    return stop == Run.Stop.REACHED ? journey.inside(next) : stop;
  }

  /** One micro-step back. */
  public Run.Stop microStepBack() {
    Moment now = run.moment();
    if (now.micro() > 0) {
      return along(Moment.at(now.instruction(), now.micro() - 1), () -> true);
    }
    if (now.instruction() == 0) {
      return Run.Stop.REACHED;
    }
    OptionalLong micros = microStepsOf(now.instruction() - 1);
    return micros.isEmpty()
        ? Run.Stop.PAUSED
        : along(Moment.at(now.instruction() - 1, micros.getAsLong()), () -> true);
  }

  /** To a moment of the present branch. */
  private Run.Stop along(Moment target, BooleanSupplier meanwhile) {
    return journey.to(target, meanwhile);
  }

  /** Micro-steps an instruction took. Moves to the moment after it; empty if interrupted. */
  private OptionalLong microStepsOf(long instruction) {
    if (journey.toBoundary(instruction, () -> true) != Run.Stop.REACHED) {
      return OptionalLong.empty();
    }
    journey.toStartOfInstruction();
    journey.slice(instruction + 1, null);
    return run.isInside() ? OptionalLong.empty() : OptionalLong.of(run.microStepsOfPrevious());
  }

  /** To where the innermost host call that is open has returned, or to the end of instruction. */
  public Run.Stop finishCall() {
    int depth = run.openCalls().size();
    long after = moment().micro();
    Run.Stop stop = journey.toStartOfInstruction();
    return stop == Run.Stop.REACHED ? journey.insideToReturn(depth, after) : stop;
  }

  /**
   * What an edit, or taking one back, came to.
   *
   * @param branch where the run is now
   * @param left the branch where it was before
   * @param later events in that branch after the moment of the edit
   * @param made whether the branch was made by it
   * @param complete whether it was carried out, and not interrupted on the way
   */
  public record Edited(int branch, int left, long later, boolean made, boolean complete) {}

  /**
   * Applies an input at the present moment. If the run had gone on from here, this makes a branch.
   */
  public Edited apply(String words, Input.Action action) {
    undone.clear();
    Line before = line;
    long later = before.log().size() - run.events();
    boolean past = run.moment().isBefore(before.end());
    if (past) {
      branchOff("");
    }
    Input input = new Input(run.moment(), words, action);
    line.add(input);
    journey.continueOn(line);
    return new Edited(line.number(), before.number(), later, past, executeTo(input));
  }

  /** From here on in a new branch, without the edit of these words if there are any. */
  public void branchOff(String without) {
    Moment here = run.moment();
    printedUpTo(here);
    int number = lines.size() + 1;
    Line fork = line.leaveAt(number, here, run.events(), run.work(), without);
    lines.add(fork);
    changeTo(fork);
    journey.continueOn(fork);
  }

  /** From the moment of an input until right after its effect; whether it came there. */
  private boolean executeTo(Input input) {
    Run.Stop stop = journey.toStartOfInstruction();
    if (stop == Run.Stop.REACHED) {
      run.stopAfter(input);
      try {
        stop = journey.slice(input.moment().instruction() + 1, null);
      } finally {
        run.stopAfter(null);
      }
    }
    return stop != Run.Stop.PAUSED;
  }

  /** The last input of the present branch, which {@link #undo} would take back. */
  public Optional<Input> lastInput() {
    List<Input> inputs = line.inputs();
    return inputs.isEmpty() ? Optional.empty() : Optional.of(inputs.getLast());
  }

  public boolean canRedo() {
    return !undone.isEmpty();
  }

  /**
   * Goes to the moment of the last input, and on from there without it: in the branch that the
   * input made this one leave, in another that has gone that way, or in a new one. The branch with
   * the input stays. Interrupted on the way it is not taken back.
   */
  public Edited undo(BooleanSupplier meanwhile) {
    Input last = line.inputs().getLast();
    Line with = line;
    if (along(last.moment(), meanwhile) == Run.Stop.PAUSED) {
      return new Edited(with.number(), with.number(), 0, false, false);
    }
    long later = with.log().size() - run.events();
    Line without = line.without(last, lines);
    if (without == null) {
      branchOff(last.words());
    } else {
      changeTo(without);
    }
    journey.continueOn(line);
    undone.add(new Undone(with, last));
    return new Edited(line.number(), with.number(), later, without == null, true);
  }

  /** Goes back to the branch of the input that was last taken back, to right after its effect. */
  public Edited redo(BooleanSupplier meanwhile) {
    Undone again = undone.getLast();
    int from = line.number();
    Moment moment = again.input().moment();
    if (goTo(moment.onBranch(again.line().number()), meanwhile) == Run.Stop.PAUSED) {
      return new Edited(line.number(), from, 0, false, false);
    }
    undone.removeLast();
    return new Edited(line.number(), from, 0, false, executeTo(again.input()));
  }

  private void record(long instruction, long micro, int pe, SimEvent event) {
    EventLog log = line.log();
    if (log.reaches(instruction, micro)) {
      return;
    }
    log.append(instruction, micro, pe, event);
    if (recorded != null && line.number() == 1) {
      recorded.readAll();
    }
    line.print(instruction, micro, event);
  }
}
