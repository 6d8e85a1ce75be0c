package dev.stagewalk.time;

import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A run one can go to any moment of: the initial state, the inputs, checkpoints, and the record of
 * events. Used by one thread; {@link EventLog.View}s may be read by any.
 */
public final class History {
  /** Instructions executed between two looks at the outside world. */
  static final long SLICE = 1 << 14;

  /** Bytes of events kept at hand; older ones are executed again when asked for. */
  public static final long EVENT_BUDGET = 256L << 20;

  private static final long FINE_SPACING = 8192;

  private final Run run;
  private final EventLog log;
  private final Replica replica;
  private final Checkpoints checkpoints = new Checkpoints();
  private final Transcript guestConsole = new Transcript();
  private final Transcript hostConsole = new Transcript();
  private List<Input> inputs = List.of();
  private final List<Input> undone = new ArrayList<>();
  private Moment end = Moment.START;
  private long recordedInstruction;
  private long recordedMicro;
  private long framesAtCheckpoint;

  /** The state before the instruction that execution is inside of. */
  private Machine.@Nullable State anchor;

  private long anchorInstruction = -1;

  public History(Run.Recipe recipe) {
    this(recipe, EVENT_BUDGET);
  }

  /**
   * @param eventBudget bytes of events kept at hand
   */
  public History(Run.Recipe recipe, long eventBudget) {
    this.replica = new Replica(recipe, checkpoints);
    this.log = new EventLog(eventBudget, replica);
    this.run = new Run(recipe, this::record);
    checkpoints.lay(0, run.machine().save(), 0);
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
    return end;
  }

  public EventLog.View events() {
    return log.view();
  }

  /** What the guest has printed up to the present moment. */
  public String guestConsole() {
    return guestConsole.textAt(moment());
  }

  /** What the hypervisor has printed up to the present moment. */
  public String hostConsole() {
    return hostConsole.textAt(moment());
  }

  /** Inputs in order of time. */
  public List<Input> inputs() {
    return inputs;
  }

  /** Bytes of host memory the history takes, estimated. */
  public long bytes() {
    return log.bytes() + checkpoints.bytes();
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

  /** Asks what executes now to stop; any thread may ask. */
  public void requestPause() {
    run.requestPause();
  }

  public void clearPause() {
    run.clearPause();
  }

  /**
   * Goes on from the present moment.
   *
   * @param until instruction count to stop at
   * @param stopAtExits whether to stop at the next exit, before its handler acts
   * @param breakpoint instruction addresses to stop before, or null
   * @param meanwhile called every so often; false stops
   */
  public Run.Stop advance(
      long until,
      boolean stopAtExits,
      @Nullable LongPredicate breakpoint,
      BooleanSupplier meanwhile) {
    run.stopAtExitsAfter(stopAtExits ? moment() : null);
    try {
      Run.Stop stop = finishInstruction();
      boolean first = true;
      while (stop == Run.Stop.REACHED && machine().instructions() < until) {
        if (!meanwhile.getAsBoolean()) {
          return Run.Stop.PAUSED;
        }
        if (breakpoint != null && !first && breakpoint.test(machine().pe().pc())) {
          return Run.Stop.BREAKPOINT;
        }
        first = false;
        stop = sliceTo(Math.min(until, machine().instructions() + SLICE), breakpoint, SPACED);
      }
      return stop;
    } finally {
      run.stopAtExitsAfter(null);
    }
  }

  /** Executes the rest of the instruction that execution is inside of. */
  private Run.Stop finishInstruction() {
    if (!run.isInside()) {
      return Run.Stop.REACHED;
    }
    long next = machine().instructions() + 1;
    toStartOfInstruction();
    return sliceTo(next, null, SPACED);
  }

  private void toStartOfInstruction() {
    if (run.isInside()) {
      goToBoundary(machine().instructions(), SPACED);
    }
  }

  /** Remembers the state between two instructions as the one to come back to. */
  private void dropAnchor() {
    anchor = machine().save();
    anchorInstruction = machine().instructions();
  }

  private static final long SPACED = Checkpoints.SPACING;

  private Run.Stop sliceTo(long until, @Nullable LongPredicate breakpoint, long spacing) {
    long start = machine().instructions();
    if (until == start + 1) {
      dropAnchor();
    }
    Run.Stop stop = run.runTo(until, breakpoint);
    if (run.isInside() && until != start + 1) {
      anchorInside();
    }
    noteEnd();
    if (!run.isInside()) {
      layCheckpoint(spacing);
    }
    return stop;
  }

  /**
   * Execution stopped inside an instruction whose start was not saved: goes there again with a save
   * at the start. Nothing is stopped for on the way that was not stopped for before.
   */
  private void anchorInside() {
    Moment here = run.moment();
    run.stopAtExitsAfter(null);
    run.setPausable(false);
    try {
      goToBoundary(here.instruction(), SPACED);
      dropAnchor();
      run.runInside(here.micro());
    } finally {
      run.setPausable(true);
    }
  }

  private void layCheckpoint(long spacing) {
    long now = machine().instructions();
    long copied = machine().ram().framesCopied() - framesAtCheckpoint;
    long since = now - checkpoints.atOrBefore(now).getKey();
    if (since >= spacing || (since > 0 && copied >= Checkpoints.PAGES)) {
      checkpoints.lay(now, machine().save(), copied);
      framesAtCheckpoint = machine().ram().framesCopied();
    }
  }

  private void noteEnd() {
    Moment now = moment();
    if (end.isBefore(now)) {
      end = now;
    }
  }

  /**
   * Goes to a moment, back or forward. Beyond the end of the run it stops where the machine halts.
   *
   * @param meanwhile called every so often; false stops
   * @return {@link Run.Stop#REACHED} if it is there
   */
  public Run.Stop goTo(Moment target, BooleanSupplier meanwhile) {
    run.stopAtExitsAfter(null);
    Run.Stop stop = goToBoundary(target.instruction(), SPACED, meanwhile);
    if (stop != Run.Stop.REACHED || target.isBoundary()) {
      return stop;
    }
    dropAnchor();
    stop = run.runInside(target.micro());
    noteEnd();
    return stop;
  }

  private void goToBoundary(long instruction, long spacing) {
    goToBoundary(instruction, spacing, () -> true);
  }

  private Run.Stop goToBoundary(long instruction, long spacing, BooleanSupplier meanwhile) {
    Moment now = moment();
    Map.Entry<Long, Checkpoints.Checkpoint> nearest = checkpoints.atOrBefore(instruction);
    Machine.State start = anchor;
    boolean anchored = start != null && anchorInstruction == now.instruction();
    if (run.isInside() && anchored && start != null && now.instruction() <= instruction) {
      run.restore(start);
    } else if (now.instruction() > instruction
        || run.isInside()
        || nearest.getKey() > now.instruction()) {
      run.restore(nearest.getValue().state());
      framesAtCheckpoint = machine().ram().framesCopied();
    }
    long distance = instruction - machine().instructions();
    long laid = distance > FINE_SPACING && instruction < end.instruction() ? FINE_SPACING : spacing;
    Run.Stop stop = Run.Stop.REACHED;
    while (stop == Run.Stop.REACHED && machine().instructions() < instruction) {
      if (!meanwhile.getAsBoolean()) {
        return Run.Stop.PAUSED;
      }
      stop = run.runTo(Math.min(instruction, machine().instructions() + SLICE), null);
      noteEnd();
      // Close to a place somebody goes back from, more checkpoints make the next step back cheap.
      boolean near = instruction - machine().instructions() <= 32 * FINE_SPACING;
      if (!run.isInside()) {
        layCheckpoint(near ? laid : spacing);
      }
    }
    if (run.isInside()) {
      anchorInside();
    }
    return stop;
  }

  /**
   * The last moment before the present one at which a breakpoint stood before the next instruction.
   * Leaves execution at the present moment.
   */
  public Optional<Moment> lastBreakpointBefore(
      LongPredicate breakpoint, BooleanSupplier meanwhile) {
    Moment now = moment();
    Optional<Moment> found = Optional.empty();
    long segmentEnd = now.isBoundary() ? now.instruction() : now.instruction() + 1;
    while (found.isEmpty() && segmentEnd > 0 && meanwhile.getAsBoolean()) {
      long segment = checkpoints.atOrBefore(segmentEnd - 1).getKey();
      goToBoundary(segment, SPACED);
      while (machine().instructions() < segmentEnd) {
        if (breakpoint.test(machine().pe().pc())) {
          found = Optional.of(Moment.at(machine().instructions()));
        }
        if (run.runTo(segmentEnd, breakpoint) != Run.Stop.BREAKPOINT) {
          break;
        }
      }
      segmentEnd = segment;
    }
    goTo(now, () -> true);
    return found;
  }

  /** One micro-step forward. */
  public Run.Stop microStep() {
    Moment now = moment();
    toStartOfInstruction();
    if (!run.isInside()) {
      dropAnchor();
    }
    Run.Stop stop = run.runInside(now.micro() + 1);
    noteEnd();
    return stop;
  }

  /** One micro-step back. */
  public void microStepBack() {
    Moment now = moment();
    if (now.micro() > 0) {
      goTo(new Moment(1, now.instruction(), now.micro() - 1), () -> true);
    } else if (now.instruction() > 0) {
      long micros = microStepsOf(now.instruction() - 1);
      goTo(new Moment(1, now.instruction() - 1, micros), () -> true);
    }
  }

  /** Micro-steps an instruction takes. Moves to the moment after it. */
  public long microStepsOf(long instruction) {
    goToBoundary(instruction, SPACED);
    run.runTo(instruction + 1, null);
    noteEnd();
    return run.microStepsOfPrevious();
  }

  /**
   * Applies an input at the present moment. What was executed after it is forgotten.
   *
   * @return events forgotten
   */
  public long apply(String words, Input.Action action) {
    undone.clear();
    return applyHere(new Input(moment(), words, action));
  }

  private long applyHere(Input input) {
    Moment here = input.moment();
    long before = log.size();
    truncateAfter(here);
    long dropped = before - log.size();
    List<Input> kept = new ArrayList<>(inputs);
    kept.removeIf(i -> here.compareTo(i.moment()) <= 0);
    kept.add(input);
    setInputs(kept);
    goToBoundary(here.instruction(), SPACED);
    dropAnchor();
    run.stopAfter(input);
    try {
      run.runTo(here.instruction() + 1, null);
    } finally {
      run.stopAfter(null);
    }
    noteEnd();
    return dropped;
  }

  private void truncateAfter(Moment here) {
    log.truncateAfter(here);
    checkpoints.truncateAfter(here.instruction());
    guestConsole.truncateAfter(here);
    hostConsole.truncateAfter(here);
    end = here;
    recordedInstruction = here.instruction();
    recordedMicro = here.micro();
  }

  private void setInputs(List<Input> newInputs) {
    inputs = List.copyOf(newInputs);
    run.setInputs(inputs);
    replica.setInputs(inputs);
  }

  /** The last input, which {@link #undo} would take back. */
  public Optional<Input> lastInput() {
    return inputs.isEmpty() ? Optional.empty() : Optional.of(inputs.getLast());
  }

  public boolean canRedo() {
    return !undone.isEmpty();
  }

  /** Goes to the moment of the last input and goes on without it. */
  public void undo() {
    Input last = inputs.getLast();
    undone.add(last);
    goTo(last.moment(), () -> true);
    truncateAfter(last.moment());
    List<Input> rest = new ArrayList<>(inputs);
    rest.removeLast();
    Moment here = last.moment();
    setInputs(rest);
    goTo(here, () -> true);
  }

  /** Applies the input that was last taken back at its moment again. */
  public void redo() {
    Input again = undone.removeLast();
    goTo(again.moment(), () -> true);
    applyHere(again);
  }

  private void record(long instruction, long micro, SimEvent event) {
    if (instruction < recordedInstruction
        || (instruction == recordedInstruction && micro <= recordedMicro)) {
      return;
    }
    recordedInstruction = instruction;
    recordedMicro = micro;
    log.append(instruction, micro, event);
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
