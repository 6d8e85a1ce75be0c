package dev.stagewalk.time;

import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run one can go to any moment of: the initial state, the inputs, checkpoints, and the record of
 * events. Used by one thread; {@link EventLog.View}s may be read by any.
 *
 * <p>What it keeps is bounded by {@link #BUDGET}, and still nothing is lost: events that are no
 * longer at hand are executed again, and where checkpoints lie far apart a way back takes longer.
 */
public final class History {
  /** Bytes of host memory a history takes at most, if the heap has twice as much. */
  public static final long BUDGET = 1L << 30;

  /** Its part for events at hand; older ones are executed again when asked for. */
  public static final long EVENT_BUDGET = BUDGET / 4;

  /** Its part for checkpoints; the rest is for what was printed, and for the second machine. */
  private static final long CHECKPOINT_BUDGET = BUDGET / 8 * 5;

  private final Run.Recipe recipe;
  private final Run run;
  private final Journey journey;
  private final EventLog log;
  private final Checkpoints checkpoints;
  private final Transcript guestConsole = new Transcript();
  private final Transcript hostConsole = new Transcript();
  private List<Input> inputs = List.of();
  private final List<Input> undone = new ArrayList<>();
  private long recordedInstruction;
  private long recordedMicro;

  /**
   * Where to stop on the way.
   *
   * @param atExits at the next exit, before its handler acts
   * @param breakpoint instruction addresses to stop before, or null
   */
  public record Stops(boolean atExits, @Nullable LongPredicate breakpoint) {
    /** Nowhere. */
    public static final Stops NONE = new Stops(false, null);
  }

  /**
   * @param interrupted asked after every micro-step by the thread that executes; true makes it stop
   */
  public History(Run.Recipe recipe, BooleanSupplier interrupted) {
    this(recipe, interrupted, affordable(EVENT_BUDGET), affordable(CHECKPOINT_BUDGET));
  }

  /**
   * @param eventBudget bytes of events kept at hand
   * @param checkpointBudget bytes of checkpoints
   */
  public History(
      Run.Recipe recipe, BooleanSupplier interrupted, long eventBudget, long checkpointBudget) {
    this.recipe = recipe;
    this.checkpoints = new Checkpoints(checkpointBudget);
    this.log = new EventLog(eventBudget, new Replica(recipe, checkpoints));
    this.run = new Run(recipe, this::record, interrupted);
    this.journey = new Journey(run, checkpoints);
  }

  /** A part of the budget, scaled down so that all of it takes half of the heap at most. */
  private static long affordable(long part) {
    long whole = Math.min(BUDGET, Runtime.getRuntime().maxMemory() / 2);
    return (long) ((double) part / BUDGET * whole);
  }

  /** The execution, at the present moment. */
  public Run run() {
    return run;
  }

  public Machine machine() {
    return run.machine();
  }

  public Moment moment() {
    return run.moment();
  }

  /** The furthest moment executed so far. */
  public Moment end() {
    return journey.end();
  }

  public EventLog.View events() {
    return log.view(inputs);
  }

  /** What the guest has printed up to the present moment. */
  public String guestConsole() {
    return guestConsole.textAt(moment());
  }

  /** What the hypervisor has printed up to the present moment. */
  public String hostConsole() {
    return hostConsole.textAt(moment());
  }

  /** All up to the present moment, to be executed again elsewhere. */
  public Rerun rerun() {
    return new Rerun(recipe, inputs, moment());
  }

  /** Inputs in order of time. */
  public List<Input> inputs() {
    return inputs;
  }

  /** Bytes of host memory the history takes, estimated. */
  public long bytes() {
    return log.bytes() + checkpoints.bytes() + guestConsole.bytes() + hostConsole.bytes();
  }

  /** Bytes of recorded events at hand, estimated. */
  public long eventBytes() {
    return log.bytes();
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
    Moment from = moment();
    Run.Stop stop = journey.toStartOfInstruction();
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
        // The rest of an instruction is a stretch of its own: a breakpoint may stand behind it.
        boolean rest = !started && !from.isBoundary();
        long limit = rest ? machine().instructions() + 1 : until;
        stop = journey.slice(Math.min(until, limit), breakpoint);
        started = true;
      }
      return stop;
    } finally {
      run.stopAtExitsAfter(null);
    }
  }

  /**
   * Goes to a moment, back or forward. Beyond the end of the run it stops where the machine halts.
   *
   * @param meanwhile called every so often; false stops
   * @return {@link Run.Stop#REACHED} if it is there
   */
  public Run.Stop goTo(Moment target, BooleanSupplier meanwhile) {
    return journey.to(target, meanwhile);
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
    Moment now = moment();
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
   * Goes back to where a breakpoint last stood before the next instruction.
   *
   * @param floor where to stop if there is none after it
   * @param before the moment to search from
   */
  public Run.Stop goToBreakpointBefore(
      LongPredicate breakpoint, Moment floor, Moment before, BooleanSupplier meanwhile) {
    return journey.backToBreakpoint(breakpoint, floor, before, meanwhile);
  }

  /** One micro-step forward. */
  public Run.Stop microStep() {
    long next = moment().micro() + 1;
    Run.Stop stop = journey.toStartOfInstruction();
    return stop == Run.Stop.REACHED ? journey.inside(next) : stop;
  }

  /** One micro-step back. */
  public Run.Stop microStepBack() {
    Moment now = moment();
    if (now.micro() > 0) {
      return goTo(Moment.at(now.instruction(), now.micro() - 1), () -> true);
    }
    if (now.instruction() == 0) {
      return Run.Stop.REACHED;
    }
    OptionalLong micros = microStepsOf(now.instruction() - 1);
    return micros.isEmpty()
        ? Run.Stop.PAUSED
        : goTo(Moment.at(now.instruction() - 1, micros.getAsLong()), () -> true);
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
   * What an edit did to the record.
   *
   * @param dropped later events that were forgotten
   * @param complete whether it was carried out, and not interrupted on the way
   */
  public record Edited(long dropped, boolean complete) {}

  /** Applies an input at the present moment. What was executed after it is forgotten. */
  public Edited apply(String words, Input.Action action) {
    undone.clear();
    return applyHere(new Input(moment(), words, action));
  }

  private Edited applyHere(Input input) {
    Moment here = input.moment();
    List<Input> kept = new ArrayList<>(inputs);
    kept.removeIf(i -> here.compareTo(i.moment()) <= 0);
    kept.add(input);
    long dropped = truncateHere(kept);
    Run.Stop stop = journey.toStartOfInstruction();
    if (stop == Run.Stop.REACHED) {
      run.stopAfter(input);
      try {
        stop = journey.slice(here.instruction() + 1, null);
      } finally {
        run.stopAfter(null);
      }
    }
    return new Edited(dropped, stop != Run.Stop.PAUSED);
  }

  /** Forgets all after the present moment, and goes on from it with other inputs. */
  private long truncateHere(List<Input> newInputs) {
    Moment here = moment();
    long dropped = log.size() - run.events();
    log.truncateTo(run.events(), here);
    guestConsole.truncateAfter(here);
    hostConsole.truncateAfter(here);
    recordedInstruction = here.instruction();
    recordedMicro = here.micro();
    inputs = List.copyOf(newInputs);
    journey.truncateHere(inputs);
    return dropped;
  }

  /** The last input, which {@link #undo} would take back. */
  public Optional<Input> lastInput() {
    return inputs.isEmpty() ? Optional.empty() : Optional.of(inputs.getLast());
  }

  public boolean canRedo() {
    return !undone.isEmpty();
  }

  /** Goes to the moment of the last input and takes it back. Interrupted on the way it has not. */
  public Edited undo(BooleanSupplier meanwhile) {
    Input last = inputs.getLast();
    if (goTo(last.moment(), meanwhile) == Run.Stop.PAUSED) {
      return new Edited(0, false);
    }
    List<Input> rest = new ArrayList<>(inputs);
    rest.removeLast();
    long dropped = truncateHere(rest);
    undone.add(last);
    return new Edited(dropped, true);
  }

  /** Applies the input that was last taken back at its moment again. */
  public Edited redo(BooleanSupplier meanwhile) {
    Input again = undone.getLast();
    if (goTo(again.moment(), meanwhile) == Run.Stop.PAUSED) {
      return new Edited(0, false);
    }
    undone.removeLast();
    return applyHere(again);
  }

  private void record(long instruction, long micro, int pe, SimEvent event) {
    if (instruction < recordedInstruction
        || (instruction == recordedInstruction && micro <= recordedMicro)) {
      return;
    }
    recordedInstruction = instruction;
    recordedMicro = micro;
    log.append(instruction, micro, pe, event);
    switch (event) {
      case SimEvent.UartByte b -> guestConsole.append(instruction, micro, (char) b.value());
      case SimEvent.Printed p -> {
        for (int i = 0; i < p.text().length(); i++) {
          hostConsole.append(instruction, micro, p.text().charAt(i));
        }
        hostConsole.append(instruction, micro, '\n');
      }
      default -> {
        // Nothing else is printed.
      }
    }
  }
}
