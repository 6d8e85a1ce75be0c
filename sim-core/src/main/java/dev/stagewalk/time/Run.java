package dev.stagewalk.time;

import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.El2Software;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.StopHere;
import dev.stagewalk.event.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a machine that counts micro-steps, applies inputs at their moments and can be
 * stopped after any micro-step. It only goes forward; {@link History} goes back by restoring it.
 *
 * <p>A state between instructions can be gone on from. A state inside an instruction cannot: the
 * Java code that was under way there is gone. It is reached again by executing its instruction from
 * the start.
 */
public final class Run {

  /** Why an execution stopped. */
  public enum Stop {
    /** Where it was asked to. */
    REACHED,
    /** Right after an exception was taken to EL2, before the hypervisor acts. */
    EXIT,
    BREAKPOINT,
    PAUSED,
    /** The machine executes nothing more. */
    HALTED
  }

  /** Gets every event with its place, and again when something is executed again. */
  interface Listener {
    void happened(long instruction, long micro, SimEvent event);
  }

  /** Acts at an exit in the place of the hypervisor, once. */
  @FunctionalInterface
  public interface AtExit {
    /**
     * @param vector 0 to 15: offset from VBAR_EL2 divided by 0x80
     */
    void act(Machine machine, int vector);
  }

  private final Machine machine;
  private final Listener listener;
  private List<Input> inputs = List.of();
  private int nextInput;

  /** The instruction that {@link #micro} counts in; micro-steps of any other are 0. */
  private long microInstruction = -1;

  private long micro;
  private boolean inside;
  private Stop stopped = Stop.REACHED;
  private long stopInstruction = -1;
  private long stopMicro;
  private boolean stopAtExits;
  private @Nullable Moment exitsAfter;
  private @Nullable Input stopAfterInput;
  private volatile boolean pauseRequested;
  private boolean pausable = true;
  private @Nullable AtExit atExit;

  private @Nullable Translation openWalk;
  private int openReads;
  private final List<String> openCalls = new ArrayList<>();
  private SimEvent.@Nullable ExceptionTaken openExit;

  Run(Recipe recipe, Listener listener) {
    this.listener = listener;
    this.machine = recipe.machine().apply((pe, event) -> happened(event));
    El2Software software = recipe.software().apply(machine);
    machine.install(
        new El2Software() {
          @Override
          public void started(Pe pe) {
            software.started(pe);
          }

          @Override
          public void entered(Pe pe, int vector) {
            AtExit instead = atExit;
            atExit = null;
            if (instead == null) {
              software.entered(pe, vector);
            } else {
              instead.act(machine, vector);
            }
          }
        });
  }

  /**
   * How to build the machine of a run and what acts at its EL2: always the same one.
   *
   * @param machine builds a machine that reports to the sink it is given, in its initial state
   * @param software builds what acts at EL2
   */
  public record Recipe(
      Function<EventSink, Machine> machine, Function<Machine, El2Software> software) {}

  public Machine machine() {
    return machine;
  }

  /** Where this execution is. */
  public Moment moment() {
    return new Moment(1, machine.instructions(), inside ? micro : 0);
  }

  /** Whether it is inside an instruction: it cannot go on from here, only be restored. */
  boolean isInside() {
    return inside;
  }

  /** Micro-steps that the instruction before this moment took. */
  long microStepsOfPrevious() {
    return microInstruction == machine.instructions() - 1 ? micro : 0;
  }

  void setInputs(List<Input> newInputs) {
    inputs = newInputs;
    findNextInput();
  }

  /** Goes on from a state between two instructions. */
  void restore(Machine.State state) {
    machine.restore(state);
    inside = false;
    microInstruction = -1;
    micro = 0;
    atExit = null;
    clearOpen();
    findNextInput();
  }

  private void findNextInput() {
    Moment now = new Moment(1, machine.instructions(), 0);
    nextInput = 0;
    while (nextInput < inputs.size() && inputs.get(nextInput).moment().isBefore(now)) {
      nextInput++;
    }
  }

  /** Asks whatever executes now to stop soon; any thread may ask. */
  void requestPause() {
    pauseRequested = true;
  }

  void clearPause() {
    pauseRequested = false;
  }

  /** Whether a pause is heeded; not while a moment already reached is gone to again. */
  void setPausable(boolean value) {
    pausable = value;
  }

  /** Whether to stop at exits to EL2 that come after a moment; null for none. */
  void stopAtExitsAfter(@Nullable Moment moment) {
    stopAtExits = moment != null;
    exitsAfter = moment;
  }

  /** Stops right after this input has been applied; null for none. */
  void stopAfter(@Nullable Input input) {
    stopAfterInput = input;
  }

  /** Lets something else act at the exit that is open, instead of the hypervisor. */
  public void atThisExit(AtExit instead) {
    atExit = instead;
  }

  /**
   * Executes whole instructions until a number of them have been started. Must be between two
   * instructions.
   */
  Stop runTo(long until, @Nullable LongPredicate breakpoint) {
    if (inside) {
      throw new IllegalStateException("inside an instruction at " + moment());
    }
    stopInstruction = -1;
    return execute(until, breakpoint);
  }

  /**
   * Executes the next instruction up to its {@code target}th micro-step, or to its end if it has
   * fewer. Must be between two instructions.
   */
  Stop runInside(long target) {
    if (inside) {
      throw new IllegalStateException("inside an instruction at " + moment());
    }
    stopInstruction = machine.instructions();
    stopMicro = target;
    Stop stop = execute(machine.instructions() + 1, null);
    stopInstruction = -1;
    return stop;
  }

  private Stop execute(long until, @Nullable LongPredicate breakpoint) {
    try {
      while (machine.instructions() < until) {
        long now = machine.instructions();
        Input input = nextInput < inputs.size() ? inputs.get(nextInput) : null;
        if (input != null && input.moment().instruction() == now && input.moment().isBoundary()) {
          begin(now);
          applyInputs();
        }
        if (machine.isHalted()) {
          inside = microInstruction == now && micro > 0;
          return Stop.HALTED;
        }
        long next = until;
        if (nextInput < inputs.size()) {
          long at = inputs.get(nextInput).moment().instruction();
          next = Math.min(until, at > now ? at : now + 1);
        }
        if (breakpoint == null) {
          machine.run(next);
        } else if (machine.runToBreakpoint(next, breakpoint)) {
          return Stop.BREAKPOINT;
        }
      }
      return machine.isHalted() ? Stop.HALTED : Stop.REACHED;
    } catch (StopHere _) {
      inside = true;
      return stopped;
    }
  }

  /** Reports something done to the machine from outside, as a micro-step. */
  public void report(SimEvent event) {
    happened(event);
  }

  private void begin(long instruction) {
    if (microInstruction != instruction) {
      microInstruction = instruction;
      micro = 0;
      clearOpen();
    }
  }

  private void clearOpen() {
    openWalk = null;
    openReads = 0;
    openCalls.clear();
    openExit = null;
  }

  private void happened(SimEvent event) {
    long now = machine.instructions();
    begin(now);
    openWalk = null;
    if (event instanceof SimEvent.Translated translated && translated.translation().reads() > 0) {
      walked(now, translated);
      return;
    }
    micro++;
    track(event);
    listener.happened(now, micro, event);
    if (stopAtExits && openExit == event && isAfterStart(now)) {
      throw stop(Stop.EXIT);
    }
    afterMicroStep(now);
  }

  /** A walk is one micro-step for each descriptor read; it is on record when it is complete. */
  private void walked(long now, SimEvent.Translated translated) {
    Translation translation = translated.translation();
    int reads = translation.reads();
    for (int read = 1; read <= reads; read++) {
      micro++;
      openWalk = translation;
      openReads = read;
      if (read == reads) {
        listener.happened(now, micro, translated);
      }
      afterMicroStep(now);
    }
  }

  private boolean isAfterStart(long now) {
    return exitsAfter == null || exitsAfter.isBefore(new Moment(1, now, micro));
  }

  private void afterMicroStep(long now) {
    if (now == stopInstruction && micro == stopMicro) {
      throw stop(Stop.REACHED);
    }
    if (pauseRequested && pausable) {
      throw stop(Stop.PAUSED);
    }
    if (nextInput < inputs.size()) {
      applyInputs();
    }
  }

  private void applyInputs() {
    while (nextInput < inputs.size()) {
      Input input = inputs.get(nextInput);
      if (input.moment().instruction() != microInstruction || input.moment().micro() != micro) {
        return;
      }
      nextInput++;
      happened(new SimEvent.Edited(input.words()));
      input.action().apply(this);
      if (input == stopAfterInput) {
        throw stop(Stop.REACHED);
      }
    }
  }

  private StopHere stop(Stop reason) {
    stopped = reason;
    return StopHere.STOP;
  }

  private void track(SimEvent event) {
    switch (event) {
      case SimEvent.HostCallBegan began -> openCalls.add(began.name());
      case SimEvent.HostCallEnded _ -> {
        if (!openCalls.isEmpty()) {
          openCalls.removeLast();
        }
      }
      case SimEvent.ExceptionTaken taken -> openExit = taken.toEl() == 2 ? taken : null;
      case SimEvent.HandlerAnswered _, SimEvent.GuestStopped _ -> openExit = null;
      default -> {
        // Nothing else opens or closes something that takes several micro-steps.
      }
    }
  }

  /** The walk that is open at this moment, if it is inside one. */
  public Optional<Translation> openWalk() {
    return inside ? Optional.ofNullable(openWalk) : Optional.empty();
  }

  /** Descriptor reads made of the open walk. */
  public int openReads() {
    return openReads;
  }

  /** Host calls open at this moment, outermost first. */
  public List<String> openCalls() {
    return inside ? List.copyOf(openCalls) : List.of();
  }

  /** The exit that no handler has answered yet. */
  public Optional<SimEvent.ExceptionTaken> openExit() {
    return inside ? Optional.ofNullable(openExit) : Optional.empty();
  }
}
