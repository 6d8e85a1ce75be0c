package dev.stagewalk.time;

import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.El2Software;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.StopHere;
import dev.stagewalk.event.Translation;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a machine that counts micro-steps, applies inputs at their moments and can be
 * stopped after any micro-step. It only goes forward; {@link Journey} goes back by restoring it.
 *
 * <p>A state between instructions can be gone on from. A state inside an instruction cannot: the
 * Java code that was under way there is gone. It is reached again by executing its instruction from
 * the start.
 */
public final class Run {
  /** What a micro-step costs, in instructions, roughly: to compare stretches of execution. */
  private static final long INSTRUCTIONS_A_MICRO_STEP = 16;

  /** Why an execution stopped. */
  public enum Stop {
    /** Where it was asked to. */
    REACHED,
    /** Right after an exception was taken to EL2, before the hypervisor acts. */
    EXIT,
    BREAKPOINT,
    /** Where something sought has happened. */
    SIGHTED,
    /** Right after an event that it was to stop at. */
    EVENT,
    PAUSED,
    /** The machine executes nothing more, or not before something comes in from outside. */
    HALTED
  }

  /** Gets every event with its place, and again when something is executed again. */
  interface Listener {
    void happened(long instruction, long micro, int pe, SimEvent event);
  }

  /** Acts at an exit in the place of the hypervisor, once. */
  @FunctionalInterface
  public interface AtExit {
    /**
     * @param vector 0 to 15: offset from VBAR_EL2 divided by 0x80
     */
    void act(Machine machine, int vector);
  }

  /**
   * A host call that has not returned.
   *
   * @param micro micro-step at which it was entered
   */
  public record OpenCall(String name, long micro) {}

  /**
   * An exit that nobody has begun to answer.
   *
   * @param number of the event
   * @param micro micro-step at which the exception had been taken
   * @param pe that took it
   */
  public record OpenExit(long number, long micro, int pe, SimEvent.ExceptionTaken what) {}

  /**
   * A state between two instructions, with what had been counted up to it.
   *
   * @param events events before it
   * @param exits exits to EL2 among them
   * @param microSteps micro-steps before it
   */
  record Point(Machine.State state, long events, long exits, long microSteps) {
    long instruction() {
      return state.instructions();
    }

    /** What it takes to execute up to here from the start, in instructions, roughly. */
    long work() {
      return instruction() + microSteps * INSTRUCTIONS_A_MICRO_STEP;
    }
  }

  private final Machine machine;
  private final Listener listener;
  private final BooleanSupplier interrupted;
  private List<Input> inputs = List.of();
  private int nextInput;
  private final Plan plan;

  /** The instruction that {@link #micro} counts in; micro-steps of any other are 0. */
  private long microInstruction = -1;

  private long micro;
  private boolean inside;
  private long events;
  private long exits;
  private long microSteps;
  private final OpenSteps open = new OpenSteps();
  private final HostSoftware host;

  private Stop stopped = Stop.REACHED;
  private @Nullable BooleanSupplier stopInside;
  private long stopInstruction;
  private boolean stopAtExits;
  private Moment exitsAfter = Moment.START;
  private long stopAtExit = -1;
  private @Nullable EventStop eventStop;
  private Moment eventsAfter = Moment.START;
  private @Nullable Input stopAfterInput;
  private boolean pausable = true;
  private @Nullable Lookout lookout;

  /**
   * @param listener gets every event
   * @param interrupted asked after every micro-step; true stops the execution there
   */
  Run(Recipe recipe, Listener listener, BooleanSupplier interrupted) {
    this.listener = listener;
    this.interrupted = interrupted;
    this.plan = new Plan(recipe.planned());
    this.machine = recipe.machine().apply(this::happened);
    this.host = new HostSoftware(machine, open);
    Function<Machine, El2Software> software = recipe.software();
    if (software != null) {
      machine.install(host.of(software.apply(machine)));
    }
  }

  /**
   * How to build the machine of a run and what acts at its EL2: always the same one.
   *
   * @param machine builds a machine that reports to the sink it is given, in its initial state
   * @param software builds what acts at EL2; null where A64 code does
   * @param planned what is done to it from outside whenever its time comes; in this order where it
   *     is the same time
   */
  public record Recipe(
      Function<EventSink, Machine> machine,
      @Nullable Function<Machine, El2Software> software,
      List<Planned> planned) {

    public Recipe {
      planned = List.copyOf(planned);
    }

    /** Of a machine to which nothing is planned. */
    public Recipe(
        Function<EventSink, Machine> machine, @Nullable Function<Machine, El2Software> software) {
      this(machine, software, List.of());
    }

    /** Of a machine whose EL2 executes A64 code like any other level. */
    public Recipe(Function<EventSink, Machine> machine) {
      this(machine, null);
    }
  }

  public Machine machine() {
    return machine;
  }

  /** Where this execution is. */
  public Moment moment() {
    return Moment.at(machine.instructions(), inside ? micro : 0);
  }

  /** Whether it is inside an instruction: it cannot go on from here, only be restored. */
  boolean isInside() {
    return inside;
  }

  /** Events up to this moment. */
  public long events() {
    return events;
  }

  /** Exits to EL2 up to this moment. */
  public long exits() {
    return exits;
  }

  /** What it takes to execute up to here from the start, in instructions, roughly. */
  long work() {
    return machine.instructions() + microSteps * INSTRUCTIONS_A_MICRO_STEP;
  }

  /** Micro-steps that the instruction before this moment took. */
  long microStepsOfPrevious() {
    return microInstruction == machine.instructions() - 1 ? micro : 0;
  }

  void setInputs(List<Input> newInputs) {
    inputs = newInputs;
    findNextInput();
  }

  /** The state to come back to; must be between two instructions. */
  Point save() {
    requireBoundary();
    return new Point(machine.save(), events, exits, microSteps);
  }

  /** Goes on from a state between two instructions. */
  void restore(Point point) {
    machine.restore(point.state());
    events = point.events();
    exits = point.exits();
    microSteps = point.microSteps();
    inside = false;
    microInstruction = -1;
    micro = 0;
    host.restored();
    open.clear();
    findNextInput();
    Lookout looking = lookout;
    if (looking != null) {
      looking.restored();
    }
  }

  /** Says who looks for something while this executes; null for nobody. */
  void lookOut(@Nullable Lookout who) {
    lookout = who;
    if (who == null) {
      Lookout.remove(machine);
    } else {
      who.install(machine, host::acting);
    }
  }

  private void findNextInput() {
    Moment now = Moment.at(machine.instructions());
    nextInput = 0;
    while (nextInput < inputs.size() && inputs.get(nextInput).moment().isBefore(now)) {
      nextInput++;
    }
  }

  /** Whether an interruption is heeded; not on a short way to a moment already reached before. */
  void setPausable(boolean value) {
    pausable = value;
  }

  /** Whether to stop at exits to EL2 that come after a moment; null for none. */
  void stopAtExitsAfter(@Nullable Moment moment) {
    stopAtExits = moment != null;
    exitsAfter = moment == null ? Moment.START : moment;
  }

  /**
   * Stops right after the first event it is told to, of those after a moment.
   *
   * @param stop null for none
   */
  void stopAtEventsAfter(@Nullable EventStop stop, Moment moment) {
    eventStop = stop;
    eventsAfter = moment;
  }

  /** Stops at the exit with this number, from 1; −1 for none. */
  void stopAtExit(long number) {
    stopAtExit = number;
  }

  /** Stops right after this input has been applied; null for none. */
  void stopAfter(@Nullable Input input) {
    stopAfterInput = input;
  }

  /** Lets something else act at the exit that is open, instead of the hypervisor. */
  public void atThisExit(AtExit instead) {
    host.atThisExit(instead);
  }

  /**
   * Executes whole instructions until a number of them have been started. Must be between two
   * instructions.
   *
   * @param breakpoint instruction addresses to stop before, the first instruction excepted, or null
   */
  Stop runTo(long until, @Nullable LongPredicate breakpoint) {
    requireBoundary();
    return execute(until, breakpoint);
  }

  /**
   * Executes the next instruction up to its {@code target}th micro-step, or to its end if it has
   * fewer. Must be between two instructions.
   */
  Stop runInside(long target) {
    return runInside(() -> micro == target);
  }

  /**
   * Executes the next instruction until, after a later micro-step than {@code after}, fewer host
   * calls are open than {@code depth}, or to its end. Must be between two instructions.
   */
  Stop runInsideToReturn(int depth, long after) {
    return runInside(() -> micro > after && open.depth() < depth);
  }

  private Stop runInside(BooleanSupplier reached) {
    requireBoundary();
    stopInstruction = machine.instructions();
    stopInside = reached;
    try {
      return execute(machine.instructions() + 1, null);
    } finally {
      stopInside = null;
    }
  }

  private void requireBoundary() {
    if (inside) {
      throw new IllegalStateException("inside an instruction at " + moment());
    }
  }

  private Stop execute(long until, @Nullable LongPredicate breakpoint) {
    long first = machine.instructions();
    try {
      while (machine.instructions() < until) {
        long now = machine.instructions();
        if (breakpoint != null && now != first && machine.isAt(breakpoint)) {
          return Stop.BREAKPOINT;
        }
        if (nextInput < inputs.size() && inputs.get(nextInput).moment().equals(Moment.at(now))) {
          begin(now);
          applyInputs();
        }
        List<Planned> due = plan.dueAt(Moment.at(now));
        if (!due.isEmpty()) {
          begin(now);
          act(due);
        }
        if (machine.isHalted()) {
          return standing(now);
        }
        long next = until;
        if (nextInput < inputs.size()) {
          long at = inputs.get(nextInput).moment().instruction();
          next = Math.min(until, Math.max(at, now + 1));
        }
        next = Math.min(next, plan.nextBoundary(now));
        if (breakpoint == null) {
          machine.run(next);
        } else {
          machine.runToBreakpoint(next, breakpoint);
        }
        Lookout looking = lookout;
        if (looking != null && looking.between()) {
          return Stop.SIGHTED;
        }
        if (machine.instructions() == now && machine.awaitsInput()) {
          return standing(now);
        }
      }
      return machine.isHalted() ? Stop.HALTED : Stop.REACHED;
    } catch (StopHere _) {
      inside = true;
      return stopped;
    }
  }

  private Stop standing(long now) {
    inside = microInstruction == now && micro > 0;
    return Stop.HALTED;
  }

  /** Reports something done to the machine from outside, as a micro-step. */
  public void report(SimEvent event) {
    happened(machine.executing().id(), event);
  }

  private void begin(long instruction) {
    if (microInstruction != instruction) {
      microInstruction = instruction;
      micro = 0;
      open.clear();
    }
  }

  private void happened(int pe, SimEvent event) {
    long now = machine.instructions();
    begin(now);
    if (event instanceof SimEvent.Translated walk && walk.translation().steps() > 0) {
      walked(now, pe, walk);
      return;
    }
    micro++;
    microSteps++;
    open.happened(pe, event, events, micro);
    long number = events++;
    boolean exit =
        event instanceof SimEvent.ExceptionTaken taken && taken.toEl() == 2 && taken.fromEl() < 2;
    if (exit) {
      exits++;
    }
    listener.happened(now, micro, pe, event);
    Lookout looking = lookout;
    if (looking != null) {
      looking.happened(pe, event, number);
      if (looking.stepped(now, micro)) {
        throw stop(Stop.SIGHTED);
      }
    }
    if (exit && stopsAtThisExit(now)) {
      throw stop(Stop.EXIT);
    }
    if (eventStop != null && stopsAfter(eventStop, number, now, pe, event)) {
      throw stop(Stop.EVENT);
    }
    afterMicroStep(now, number, exit ? exits : -1);
  }

  /**
   * A walk is one micro-step for each descriptor, read or held by the TLB; it is on record when it
   * is complete. Where somebody intervenes it ends there, and the PE begins another.
   */
  private void walked(long now, int pe, SimEvent.Translated walk) {
    Translation translation = walk.translation();
    int reads = translation.steps();
    for (int read = 1; read <= reads; read++) {
      micro++;
      microSteps++;
      open.read(translation, read);
      long number = -1;
      if (read == reads) {
        number = events++;
        listener.happened(now, micro, pe, walk);
        if (eventStop != null && stopsAfter(eventStop, number, now, pe, walk)) {
          throw stop(Stop.EVENT);
        }
      }
      Lookout looking = lookout;
      if (looking != null) {
        looking.walked(pe, walk, read);
        if (read == reads) {
          looking.happened(pe, walk, number);
        }
        if (looking.stepped(now, micro)) {
          throw stop(Stop.SIGHTED);
        }
      }
      if (afterMicroStep(now, number, -1)) {
        return;
      }
    }
  }

  private boolean stopsAtThisExit(long now) {
    return exits == stopAtExit || (stopAtExits && exitsAfter.isBefore(Moment.at(now, micro)));
  }

  private boolean stopsAfter(EventStop stop, long number, long now, int pe, SimEvent event) {
    Moment here = Moment.at(now, micro);
    return eventsAfter.isBefore(here) && stop.stopsAfter(new Event(number, here, pe, event));
  }

  /**
   * Stops here if asked to, otherwise applies the inputs of this moment, then what was planned for
   * it; whether there was any.
   *
   * @param event number of the event that this micro-step has ended with; −1 if with none
   * @param exit number of the exit that it was; −1 if none
   */
  private boolean afterMicroStep(long now, long event, long exit) {
    BooleanSupplier reached = stopInside;
    if (reached != null && now == stopInstruction && reached.getAsBoolean()) {
      throw stop(Stop.REACHED);
    }
    if (pausable && interrupted.getAsBoolean()) {
      throw stop(Stop.PAUSED);
    }
    if (nextInput == inputs.size() && plan.isEmpty()) {
      return false;
    }
    Moment here = Moment.at(now, micro);
    boolean acted = nextInput < inputs.size() && applyInputs();
    return act(plan.due(here, event, exit)) || acted;
  }

  private boolean act(List<Planned> due) {
    due.forEach(this::act);
    return !due.isEmpty();
  }

  private void act(Planned due) {
    Optional<String> refusal = due.refusal().apply(machine);
    if (refusal.isPresent()) {
      report(new SimEvent.Edited("refused " + due.words() + ": " + refusal.get()));
    } else {
      act(due.words(), due.action());
    }
  }

  private boolean applyInputs() {
    boolean applied = false;
    while (nextInput < inputs.size()) {
      Input input = inputs.get(nextInput);
      if (input.moment().instruction() != microInstruction || input.moment().micro() != micro) {
        break;
      }
      nextInput++;
      applied = true;
      act(input.words(), input.action());
      if (input == stopAfterInput) {
        throw stop(Stop.REACHED);
      }
    }
    return applied;
  }

  private void act(String words, Input.Action action) {
    host.somebodyActs();
    try {
      action.applyAtOnce(this);
      report(new SimEvent.Edited(words));
      action.apply(this);
    } catch (StopHere stop) {
      throw stop;
    } catch (RuntimeException e) {
      host.failed(e);
    } finally {
      host.somebodyHasActed();
      machine.intervened();
    }
  }

  private StopHere stop(Stop reason) {
    stopped = reason;
    return StopHere.STOP;
  }

  /** The walk that is open at this moment, if it is inside one. */
  public Optional<Translation> openWalk() {
    return inside ? open.walk() : Optional.empty();
  }

  /** Descriptor reads made of the open walk. */
  public int openReads() {
    return open.reads();
  }

  /** Host calls open at this moment, outermost first. */
  public List<OpenCall> openCalls() {
    return inside ? open.calls() : List.of();
  }

  /** The exit that nobody has begun to answer. */
  public Optional<OpenExit> openExit() {
    return inside ? open.exit() : Optional.empty();
  }
}
