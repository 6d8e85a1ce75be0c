package dev.stagewalk.session;

import dev.stagewalk.arch.Size;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.time.EventLog;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Input;
import dev.stagewalk.time.Run;
import dev.stagewalk.time.Stops;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out commands on a scenario, one after the other, and describes where it stands. It knows
 * no thread: whoever calls it says by {@code meanwhile} when to stop.
 */
final class Debugger {
  private final Engine engine;
  private final BooleanSupplier interrupted;
  private final RunOnDisk disk;
  private LoadedScenario loaded;
  private boolean stopAtExits = true;
  private Breakpoints breakpoints;
  private final Marks marks = new Marks();
  private long historyBudget = History.usualBudget();
  private long version;
  private List<PeState> before;
  private String notice = "";
  private Optional<SearchResult> search = Optional.empty();
  private double instructionsPerSecond;

  /** On a way that is gone to its end: back from a glance, or through what was recorded. */
  private boolean returning;

  /**
   * @param engine executes the guest
   * @param interrupted asked after every micro-step; true stops what runs
   * @param recorder writes down what happens; null for none
   */
  Debugger(
      Scenario scenario, Engine engine, BooleanSupplier interrupted, @Nullable Recorder recorder) {
    this.engine = engine;
    this.disk = new RunOnDisk(recorder);
    this.interrupted = () -> !returning && interrupted.getAsBoolean();
    loaded = LoadedScenario.load(scenario, engine, this.interrupted);
    breakpoints = new Breakpoints(loaded);
    before = SnapshotMaker.allRegisters(loaded.history().machine());
    if (recorder != null) {
      recorder.attach(loaded.history());
    }
  }

  History history() {
    return loaded.history();
  }

  /** Nothing more is done: what is being recorded ends. */
  void close() {
    var _ = disk.endIfWriting(history());
  }

  /** Whether a command goes on until something happens, so that the next command ends it. */
  boolean isOpenEnded(Command command) {
    return switch (command) {
      case Command.Run _, Command.RunBack _, Command.NextExit _, Command.GoToExit _ -> true;
      case Command.NextBreakpoint _, Command.PreviousBreakpoint _, Command.NextEvent _ -> true;
      case Command.Search search -> search.text().strip().startsWith("next");
      case Command.GoTo(Moment moment) when history().hasBranch(moment.branch()) ->
          history().branches().get(moment.branch()).end().isBefore(moment);
      default -> false;
    };
  }

  /**
   * Carries out a command.
   *
   * @param meanwhile called every so often; false stops
   * @throws Refused if it cannot be done; then nothing has changed
   */
  void perform(Command command, BooleanSupplier meanwhile) {
    if (command.isDoneWhileRunning()) {
      settle(command);
      return;
    }
    List<PeState> beforeBefore = before;
    String noticeBefore = notice;
    Optional<SearchResult> searchBefore = search;
    Moment from = history().moment();
    before = SnapshotMaker.allRegisters(history().machine());
    notice = "";
    search = Optional.empty();
    try {
      disk.requireAllowed(command);
      go(command, disk.writingBefore(meanwhile, this::history));
      disk.rested(history()).ifPresent(words -> notice = words);
    } catch (Refused e) {
      before = beforeBefore;
      notice = noticeBefore;
      search = searchBefore;
      throw e;
    } catch (RuntimeException e) {
      // A mistake of this program: at least the machine is not left inside of it.
      history().goTo(from, () -> true);
      throw new IllegalStateException("this went wrong inside Stagewalk: " + e, e);
    }
  }

  /**
   * How another moment is; this is where it stands afterwards, and what it says.
   *
   * @param meanwhile called every so often; false stops
   * @throws Refused if there is no such moment, or it was stopped on the way
   */
  Snapshot glance(Place place, BooleanSupplier meanwhile) {
    Moment from = history().moment();
    List<PeState> beforeBefore = before;
    String noticeBefore = notice;
    try {
      perform(place.from(standing()), meanwhile);
      if (interrupted.getAsBoolean()) {
        throw new Refused("stopped on the way to that moment");
      }
      return standing();
    } finally {
      returning = true;
      history().goTo(from, () -> true);
      returning = false;
      before = beforeBefore;
      notice = noticeBefore;
    }
  }

  /** Commands that change nothing in the machine. */
  private void settle(Command command) {
    switch (command) {
      case Command.StopAtExits c -> stopAtExits = c.on();
      case Command.Breakpoint c -> breakpoints.list().at(c.address(), c.on());
      case Command.AddBreakpoint c -> addBreakpoint(c.text());
      case Command.RemoveBreakpoint c -> breakpoints.list().remove(c.number());
      case Command.EnableBreakpoint c -> breakpoints.list().enable(c.number(), c.on());
      case Command.AddMark c -> marks.add(origin(history().moment()), c.note());
      case Command.NameMark c -> marks.name(origin(c.moment()), c.note());
      case Command.RemoveMark c -> marks.remove(origin(c.moment()));
      case Command.HistoryBudget c -> setBudget(c.bytes());
      default -> throw new IllegalArgumentException("not one of them: " + command);
    }
  }

  /** A moment by the one name that it has in all branches. */
  private Moment origin(Moment moment) {
    requireBranch(moment.branch());
    return history().branches().origin(moment);
  }

  private void requireBranch(int number) {
    if (!history().hasBranch(number)) {
      int count = history().branches().count();
      throw new Refused(
          "there is no branch "
              + number
              + " in this run"
              + (count == 1 ? "" : ": there are 1 to " + count));
    }
  }

  private void setBudget(long bytes) {
    if (bytes < History.LEAST_BUDGET) {
      throw new Refused("a history takes at least " + Size.words(History.LEAST_BUDGET));
    }
    historyBudget = bytes;
    history().setBudget(bytes);
  }

  private void addBreakpoint(String text) {
    try {
      breakpoints.add(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
  }

  private void go(Command command, BooleanSupplier meanwhile) {
    History history = history();
    Moment now = history.moment();
    switch (command) {
      case Command.Run _ -> {
        forward(
            Long.MAX_VALUE, _ -> true, () -> breakpoints.stops(stopAtExits, _ -> true), meanwhile);
      }
      case Command.NextBreakpoint c -> nextBreakpoint(c, meanwhile);
      case Command.PreviousBreakpoint c -> previousBreakpoint(which(c.number()), meanwhile);
      case Command.NextEvent _ ->
          advance(Long.MAX_VALUE, () -> new Stops(false, null, _ -> true), meanwhile);
      case Command.PreviousEvent _ -> {
        refuseAtStart();
        goTo(StopTravel.eventBefore(history), meanwhile);
      }
      case Command.RunBack _ -> runBack(meanwhile);
      case Command.Pause _ -> {
        // What was running has stopped because this command arrived.
      }
      case Command.Step _ -> {
        advance(now.instruction() + 1, () -> breakpoints.stopsInside(stopAtExits), meanwhile);
        notice = breakpoints.arrived(_ -> true);
      }
      case Command.StepBack _ -> {
        refuseAtStart();
        goTo(now.isBoundary() ? now.instruction() - 1 : now.instruction(), 0, meanwhile);
      }
      case Command.MicroStep _ -> {
        refuseAtEnd();
        sayIfInterrupted(history.microStep());
      }
      case Command.MicroStepBack _ -> {
        refuseAtStart();
        sayIfInterrupted(history.microStepBack());
      }
      case Command.MicroFinish _ -> microFinish(meanwhile);
      case Command.MicroBegin _ -> microBegin(meanwhile);
      case Command.NextExit _ -> advance(Long.MAX_VALUE, () -> new Stops(true, null), meanwhile);
      case Command.PreviousExit _ -> {
        if (!history.goToPreviousExit(meanwhile)) {
          throw new Refused("there is no exit before " + now);
        }
      }
      case Command.ToStart _ -> goTo(0, 0, meanwhile);
      case Command.GoTo c -> goToMoment(c.moment(), meanwhile);
      case Command.GoToBranch c -> {
        requireBranch(c.number());
        if (c.number() != now.branch()) {
          sayIfInterrupted(history.goToBranch(c.number(), meanwhile));
        }
      }
      case Command.GoToExit c -> goToExit(c.number(), meanwhile);
      case Command.Search c -> search(c, meanwhile);
      case Command.ToPresent _ -> goTo(history.end(), meanwhile);
      case Command.Inject c -> inject(c.edit());
      case Command.AnswerExit c -> answerExit(c.answer(), meanwhile);
      case Command.Undo _ -> {
        if (history.lastInput().isEmpty()) {
          throw new Refused("there is no edit to undo");
        }
        say(history.undo(meanwhile), Outcome::ofUndo);
      }
      case Command.Redo _ -> {
        if (!history.canRedo()) {
          throw new Refused("there is no edit to redo");
        }
        say(history.redo(meanwhile), Outcome::ofRedo);
      }
      case Command.Restart c -> {
        restart(() -> LoadedScenario.load(c.scenario(), engine, interrupted));
        disk.opened(null);
      }
      case Command.OpenRun c -> {
        restart(() -> opened(c.run()));
        disk.opened(c.run());
        sayAlso(c.run().words());
      }
      case Command.Record c -> notice = disk.begin(c.recorder(), history);
      case Command.EndRecording _ -> notice = disk.end(history);
      case Command.OpenTrace _ ->
          throw new Refused("a machine is open here, in whose place no trace can be opened");
      case Command.SeeFrom _ ->
          throw new Refused("each pane has its own choice of PE while a machine runs");
      case Command.Glance _ ->
          throw new IllegalArgumentException("this is answered without going anywhere");
      case Command.StopAtExits _,
          Command.Breakpoint _,
          Command.AddMark _,
          Command.NameMark _,
          Command.RemoveMark _,
          Command.HistoryBudget _,
          Command.AddBreakpoint _,
          Command.RemoveBreakpoint _,
          Command.EnableBreakpoint _ ->
          settle(command);
    }
  }

  private Predicate<Breakpoint> which(int number) {
    breakpoints.list().enabled(number);
    return b -> number == 0 || b.number() == number;
  }

  private void nextBreakpoint(Command.NextBreakpoint to, BooleanSupplier meanwhile) {
    Predicate<Breakpoint> which = which(to.number());
    forward(to.most(), which, () -> breakpoints.stops(false, which), meanwhile);
  }

  private void forward(
      long most, Predicate<Breakpoint> which, Supplier<Stops> stops, BooleanSupplier meanwhile) {
    new StopTravel(history(), breakpoints)
        .forward(which, until -> advance(most, stops, until), meanwhile);
    notice = breakpoints.arrived(which);
  }

  private void previousBreakpoint(Predicate<Breakpoint> which, BooleanSupplier meanwhile) {
    refuseAtStart();
    History history = history();
    Moment now = history.moment();
    Run.Stop stop =
        new StopTravel(history, breakpoints)
            .back(which, Moment.START.onBranch(now.branch()), now, meanwhile);
    if (stop == Run.Stop.REACHED) {
      history.goTo(now, () -> true);
      throw new NoStop("no breakpoint stops before " + now);
    }
    sayIfInterrupted(stop);
    if (stop != Run.Stop.PAUSED) {
      notice = breakpoints.arrived(which);
    }
  }

  private void advance(long until, Supplier<Stops> stops, BooleanSupplier meanwhile) {
    refuseAtEnd();
    long began = System.nanoTime();
    long from = history().machine().instructions();
    history().advance(until, stops, meanwhile);
    long nanos = System.nanoTime() - began;
    long executed = history().machine().instructions() - from;
    if (executed > 1000) {
      instructionsPerSecond = executed * 1e9 / nanos;
    }
  }

  private void refuseAtEnd() {
    if (stateNow() == RunState.ENDED) {
      throw new Refused(
          (loaded.scenario().bare() ? "the program" : "the guest")
              + " has ended; go back, or restart it");
    }
  }

  private void refuseAtStart() {
    if (history().moment().isStart()) {
      throw new Refused("this is the start of the run");
    }
  }

  /** To a moment of the present branch. */
  private void goTo(long instruction, long micro, BooleanSupplier meanwhile) {
    goTo(new Moment(history().moment().branch(), instruction, micro), meanwhile);
  }

  private void goTo(Moment target, BooleanSupplier meanwhile) {
    sayIfInterrupted(history().goTo(target, meanwhile));
  }

  private void sayIfInterrupted(Run.Stop stop) {
    if (stop == Run.Stop.PAUSED) {
      notice = "stopped on the way, at " + history().moment();
    }
  }

  private void goToMoment(Moment target, BooleanSupplier meanwhile) {
    requireBranch(target.branch());
    goTo(target, meanwhile);
    if (history().moment().isBefore(target) && history().machine().isHalted()) {
      notice = "the guest ends at " + history().moment() + ", before " + target;
    }
  }

  private void goToExit(long number, BooleanSupplier meanwhile) {
    Moment from = history().moment();
    Run.Stop stop = history().goToExit(number, meanwhile);
    if (stop == Run.Stop.HALTED) {
      long exits = history().run().exits();
      history().goTo(from, () -> true);
      throw new Refused(
          "this run has "
              + exits
              + (exits == 1 ? " exit" : " exits")
              + ", so there is no exit "
              + number);
    }
    sayIfInterrupted(stop);
  }

  private void runBack(BooleanSupplier meanwhile) {
    refuseAtStart();
    History history = history();
    Moment now = history.moment();
    Moment floor = Moment.START.onBranch(now.branch());
    if (stopAtExits && history.goToPreviousExit(meanwhile)) {
      if (history.run().openExit().isEmpty()) {
        sayIfInterrupted(Run.Stop.PAUSED);
        return;
      }
      floor = history.moment();
    }
    Run.Stop stop = new StopTravel(history, breakpoints).back(_ -> true, floor, now, meanwhile);
    sayIfInterrupted(stop);
    if (stop != Run.Stop.PAUSED) {
      notice = breakpoints.arrived(_ -> true);
    }
  }

  private void search(Command.Search wanted, BooleanSupplier meanwhile) {
    SearchResult result =
        new Searches(history(), loaded.program()).perform(wanted.text(), wanted.stay(), meanwhile);
    notice = result.words();
    search = Optional.of(result);
  }

  private void microFinish(BooleanSupplier meanwhile) {
    refuseAtEnd();
    Run run = history().run();
    Moment now = history().moment();
    long left = run.openWalk().map(w -> (long) w.steps() - run.openReads()).orElse(0L);
    if (left > 0) {
      goTo(now.instruction(), now.micro() + left, meanwhile);
    } else if (!run.openCalls().isEmpty()) {
      sayIfInterrupted(history().finishCall());
    } else {
      advance(now.instruction() + 1, () -> Stops.NONE, meanwhile);
    }
  }

  private void microBegin(BooleanSupplier meanwhile) {
    refuseAtStart();
    Run run = history().run();
    Moment now = history().moment();
    if (now.isBoundary()) {
      sayIfInterrupted(history().microStepBack());
      return;
    }
    long begin = 0;
    if (run.openWalk().isPresent()) {
      begin = now.micro() - run.openReads();
    } else if (!run.openCalls().isEmpty()) {
      begin = run.openCalls().getLast().micro() - 1;
    }
    goTo(now.instruction(), begin, meanwhile);
  }

  private void inject(Edit wanted) {
    // What is recorded can be typed, and that is what is done.
    Edit edit = !disk.isWriting() ? wanted : InjectionGrammar.parse(EditText.of(wanted));
    loaded.check(edit);
    History history = history();
    Input.Action action = loaded.actionOf(edit);
    if (EditText.isTyped(edit)) {
      TypedAction typed = new TypedAction("input", EditText.of(edit), action);
      disk.input(history);
      action = typed;
    }
    say(history.apply(edit.words(), action), Outcome::ofEdit);
    long count = history.run().events();
    if (count > 0
        && history.events().get(count - 1).what() instanceof SimEvent.HostCallEnded ended
        && !ended.ok()) {
      notice = (ended.name() + ": " + ended.result() + ". " + notice).strip();
    }
  }

  private void answerExit(Answer answer, BooleanSupplier meanwhile) {
    Run.OpenExit exit =
        history()
            .run()
            .openExit()
            .orElseThrow(() -> new Refused("there is no exit waiting for an answer"));
    loaded.check(answer, exit.what());
    TypedAction typed = new TypedAction("answer", answer.name(), loaded.actionOf(answer));
    disk.input(history());
    History.Edited edited = history().apply(answer.words(), typed);
    say(edited, Outcome::ofEdit);
    if (edited.complete()) {
      advance(history().moment().instruction() + 1, () -> Stops.NONE, meanwhile);
    }
  }

  private void say(History.Edited edited, Function<History.Edited, String> words) {
    if (edited.complete()) {
      notice = words.apply(edited);
    } else {
      sayIfInterrupted(Run.Stop.PAUSED);
    }
  }

  /** A recorded run with all its branches; those behind the first are executed again. */
  private LoadedScenario opened(OpenedRun run) {
    LoadedScenario opened = LoadedScenario.load(run, engine, interrupted);
    returning = true;
    try {
      opened.history().setBudget(historyBudget);
      opened.addBranches(run.further());
    } finally {
      returning = false;
    }
    return opened;
  }

  private void restart(Supplier<LoadedScenario> loading) {
    LoadedScenario fresh;
    try {
      fresh = loading.get();
    } catch (IllegalArgumentException e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
    disk.endIfWriting(history()).ifPresent(this::sayAlso);
    loaded = fresh;
    loaded.history().setBudget(historyBudget);
    breakpoints = breakpoints.over(fresh, this::sayAlso);
    marks.clear();
    instructionsPerSecond = 0;
    before = SnapshotMaker.allRegisters(fresh.history().machine());
  }

  private void sayAlso(String words) {
    notice = notice.isEmpty() ? words : notice + "; " + words;
  }

  private RunState stateNow() {
    if (history().run().openExit().isPresent()) {
      return RunState.AT_EXIT;
    }
    if (history().machine().isHalted()) {
      return RunState.ENDED;
    }
    return history().machine().awaitsInput() ? RunState.AWAITS_INPUT : RunState.PAUSED;
  }

  /** A snapshot of a machine that runs, taken between two instructions or after a pause. */
  Snapshot whileRunning() {
    return snapshot(RunState.RUNNING);
  }

  /** A snapshot of a machine that stands still. */
  Snapshot standing() {
    return snapshot(stateNow());
  }

  private Snapshot snapshot(RunState state) {
    History history = history();
    Run run = history.run();
    EventLog.View events = history.events();
    Moment moment = history.moment();
    Optional<Event> exit =
        run.openExit()
            .map(e ->
                new Event(
                    e.number(),
                    new Moment(moment.branch(), moment.instruction(), e.micro()),
                    e.pe(),
                    e.what()));
    List<PeState> pes = SnapshotMaker.allRegisters(history.machine());
    int next = history.machine().pe().id();
    MemoryImage memory = history.machine().ram().image();
    List<TlbEntry> tlb = history.machine().tlb().entries();
    return new Snapshot(
        ++version,
        loaded.scenario(),
        loaded.program(),
        state,
        SnapshotMaker.status(state, loaded.scenario().bare(), events, run.events()),
        notice,
        search,
        moment,
        history.end(),
        pes.get(next),
        before.get(next),
        pes,
        before,
        memory,
        tlb,
        run.openWalk().map(w -> new Snapshot.OpenWalk(w, run.openReads())),
        run.openCalls().stream().map(Run.OpenCall::name).toList(),
        exit,
        history.branches(),
        events,
        run.events(),
        run.exits(),
        history.guestConsole(),
        history.hostConsole(),
        marks.all(),
        state == RunState.RUNNING ? breakpoints.passing() : breakpoints.seen(),
        stopAtExits,
        history.lastInput().isPresent(),
        history.canRedo(),
        instructionsPerSecond,
        history.bytes(),
        history.budget(),
        Checks.of(history.rerun(), pes, next, memory, tlb, history.machine().tlb().policy()));
  }
}
