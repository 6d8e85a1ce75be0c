package dev.stagewalk.session;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.time.EventLog;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Mark;
import dev.stagewalk.time.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A session whose owner thread runs in this program. */
final class LocalSession implements Session {
  private static final long PUBLISH_NANOS = 50_000_000;

  private final LinkedBlockingDeque<Request> requests = new LinkedBlockingDeque<>();
  private final Thread owner;
  private volatile Snapshot snapshot;
  private volatile boolean closed;

  private volatile LoadedScenario loaded;
  private boolean stopAtExits = true;
  private final Set<Long> breakpoints = new TreeSet<>();
  private final List<Mark> marks = new ArrayList<>();
  private long version;
  private PeState before;
  private String notice = "";
  private double instructionsPerSecond;
  private long lastPublished;

  private record Request(Command command, CompletableFuture<Snapshot> answer) {}

  LocalSession(Scenario scenario) {
    loaded = LoadedScenario.load(scenario);
    before = SnapshotMaker.registers(loaded.history().machine());
    snapshot = makeSnapshot(RunState.PAUSED, true);
    owner = Thread.ofPlatform().daemon().name("stagewalk-machine").start(this::serve);
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public CompletableFuture<Snapshot> submit(Command command) {
    Request request = new Request(command, new CompletableFuture<>());
    if (closed) {
      request.answer.completeExceptionally(
          new IllegalStateException("this session has been closed"));
      return request.answer;
    }
    // The request comes first: the owner clears it when it takes the command from the queue.
    if (!isDoneWhileRunning(command)) {
      loaded.history().requestPause();
    }
    requests.add(request);
    return request.answer;
  }

  @Override
  public void close() {
    closed = true;
    loaded.history().requestPause();
    owner.interrupt();
  }

  /** Whether a command neither stops a run nor waits for its end. */
  private static boolean isDoneWhileRunning(Command command) {
    return command instanceof Command.Breakpoint
        || command instanceof Command.StopAtExits
        || command instanceof Command.AddMark;
  }

  private void serve() {
    while (!closed) {
      Request request;
      try {
        request = requests.take();
      } catch (InterruptedException _) {
        return;
      }
      answer(request);
    }
  }

  private void answer(Request request) {
    history().clearPause();
    notice = "";
    if (!isDoneWhileRunning(request.command)) {
      before = SnapshotMaker.registers(history().machine());
    }
    try {
      perform(request.command);
      snapshot = makeSnapshot(stateNow(), true);
      request.answer.complete(snapshot);
    } catch (RuntimeException e) {
      snapshot = makeSnapshot(stateNow(), true);
      request.answer.completeExceptionally(e);
    }
  }

  private History history() {
    return loaded.history();
  }

  private void perform(Command command) {
    History history = history();
    switch (command) {
      case Command.Run _ -> advance(Long.MAX_VALUE, stopAtExits, breakpointTest());
      case Command.RunBack _ -> runBack();
      case Command.Pause _ -> {
        // What was running has stopped because this command arrived.
      }
      case Command.Step _ -> {
        refuseAtEnd();
        advance(history.moment().instruction() + 1, stopAtExits, null);
      }
      case Command.StepBack _ -> stepBack();
      case Command.MicroStep _ -> {
        refuseAtEnd();
        history.microStep();
      }
      case Command.MicroStepBack _ -> {
        refuseAtStart();
        history.microStepBack();
      }
      case Command.MicroFinish _ -> microFinish();
      case Command.MicroBegin _ -> microBegin();
      case Command.NextExit _ -> nextExit();
      case Command.PreviousExit _ -> previousExit();
      case Command.ToStart _ -> history.goTo(Moment.START, meanwhile());
      case Command.GoTo c -> goTo(c.moment());
      case Command.ToPresent _ -> history.goTo(history.end(), meanwhile());
      case Command.StopAtExits c -> stopAtExits = c.on();
      case Command.Breakpoint c -> setBreakpoint(c);
      case Command.Inject c -> inject(c.edit());
      case Command.AnswerExit c -> answerExit(c.answer());
      case Command.Undo _ -> undo();
      case Command.Redo _ -> redo();
      case Command.AddMark c -> addMark(c.note());
      case Command.Restart c -> restart(c.scenario());
    }
  }

  private void advance(long until, boolean atExits, @Nullable LongPredicate breakpoint) {
    refuseAtEnd();
    long began = System.nanoTime();
    long from = history().machine().instructions();
    history().advance(until, atExits, breakpoint, meanwhile());
    long nanos = System.nanoTime() - began;
    long executed = history().machine().instructions() - from;
    if (executed > 1000) {
      instructionsPerSecond = executed * 1e9 / nanos;
    }
  }

  private @Nullable LongPredicate breakpointTest() {
    return breakpoints.isEmpty() ? null : a -> breakpoints.contains(a);
  }

  /** Publishes what is going on now and then, and says whether to go on. */
  private BooleanSupplier meanwhile() {
    return () -> {
      while (true) {
        Request next = requests.peek();
        if (next == null) {
          break;
        }
        if (!isDoneWhileRunning(next.command)) {
          return false;
        }
        requests.remove();
        perform(next.command);
        snapshot = makeSnapshot(RunState.RUNNING, false);
        next.answer.complete(snapshot);
      }
      long now = System.nanoTime();
      if (now - lastPublished > PUBLISH_NANOS) {
        snapshot = makeSnapshot(RunState.RUNNING, false);
        lastPublished = now;
      }
      return !closed;
    };
  }

  private RunState stateNow() {
    if (history().run().openExit().isPresent()) {
      return RunState.AT_EXIT;
    }
    return history().machine().isHalted() ? RunState.ENDED : RunState.PAUSED;
  }

  private void refuseAtEnd() {
    if (history().machine().isHalted() && !history().run().openExit().isPresent()) {
      throw new IllegalArgumentException("the guest has ended; go back, or restart it");
    }
  }

  private void refuseAtStart() {
    if (history().moment().equals(Moment.START)) {
      throw new IllegalArgumentException("this is the start of the run");
    }
  }

  private void stepBack() {
    refuseAtStart();
    Moment now = history().moment();
    long target = now.isBoundary() ? now.instruction() - 1 : now.instruction();
    history().goTo(Moment.at(target), meanwhile());
  }

  private void goTo(Moment target) {
    if (target.branch() != 1) {
      throw new IllegalArgumentException("there is no branch " + target.branch() + " in this run");
    }
    history().goTo(target, meanwhile());
    if (history().moment().isBefore(target) && history().machine().isHalted()) {
      notice = "the guest ends at " + history().moment() + ", before " + target;
    }
  }

  private void nextExit() {
    EventLog.View events = history().events();
    long next = events.firstExitFrom(events.countAt(history().moment()));
    if (next >= 0) {
      history().goTo(events.momentOf(next), meanwhile());
    } else {
      advance(Long.MAX_VALUE, true, null);
    }
  }

  private void previousExit() {
    Moment now = history().moment();
    Moment exit = lastExitBefore(now);
    if (exit == null) {
      throw new IllegalArgumentException("there is no exit before " + now);
    }
    history().goTo(exit, meanwhile());
  }

  private @Nullable Moment lastExitBefore(Moment now) {
    EventLog.View events = history().events();
    long count = events.countAt(now);
    long last = events.lastExitAmong(count);
    if (last >= 0 && events.momentOf(last).equals(now)) {
      last = events.lastExitAmong(last);
    }
    return last < 0 ? null : events.momentOf(last);
  }

  private void runBack() {
    refuseAtStart();
    Moment now = history().moment();
    Moment target = Moment.START;
    Moment exit = stopAtExits ? lastExitBefore(now) : null;
    if (exit != null) {
      target = exit;
    }
    LongPredicate test = breakpointTest();
    if (test != null) {
      Moment met = history().lastBreakpointBefore(test, meanwhile()).orElse(Moment.START);
      target = Comparator.<Moment>naturalOrder().compare(met, target) > 0 ? met : target;
    }
    history().goTo(target, meanwhile());
  }

  private void microFinish() {
    refuseAtEnd();
    Run run = history().run();
    Moment now = history().moment();
    if (run.openWalk().isPresent() && run.openReads() < run.openWalk().get().reads()) {
      long rest = run.openWalk().get().reads() - run.openReads();
      history().goTo(Moment.at(now.instruction(), now.micro() + rest), meanwhile());
    } else {
      advance(now.instruction() + 1, false, null);
    }
  }

  private void microBegin() {
    refuseAtStart();
    Run run = history().run();
    Moment now = history().moment();
    if (now.isBoundary()) {
      history().microStepBack();
      return;
    }
    long micro = 0;
    if (run.openWalk().isPresent()) {
      micro = now.micro() - run.openReads();
    } else {
      EventLog.View events = history().events();
      long last = events.lastExitAmong(events.countAt(now));
      if (last >= 0) {
        Moment exit = events.momentOf(last);
        if (exit.instruction() == now.instruction() && exit.isBefore(now)) {
          micro = exit.micro();
        }
      }
    }
    history().goTo(Moment.at(now.instruction(), micro), meanwhile());
  }

  private void setBreakpoint(Command.Breakpoint c) {
    if (c.on()) {
      breakpoints.add(c.address());
    } else {
      breakpoints.remove(c.address());
    }
  }

  private void addMark(String note) {
    marks.add(new Mark(history().moment(), note));
    marks.sort(Comparator.comparing(Mark::moment));
  }

  private void inject(Edit edit) {
    loaded.check(edit);
    noteDropped(history().apply(edit.words(), loaded.actionOf(edit)));
  }

  private void answerExit(Answer answer) {
    SimEvent.ExceptionTaken exit =
        history()
            .run()
            .openExit()
            .orElseThrow(
                () -> new IllegalArgumentException("there is no exit waiting for an answer"));
    loaded.check(answer, exit);
    noteDropped(history().apply(answer.words(), loaded.actionOf(answer)));
    advance(history().moment().instruction() + 1, false, null);
  }

  private void noteDropped(long dropped) {
    marks.removeIf(m -> history().moment().isBefore(m.moment()));
    if (dropped > 0) {
      notice =
          dropped
              + (dropped == 1 ? " later event was" : " later events were")
              + " dropped: "
              + "the run goes on differently from here";
    }
  }

  private void undo() {
    if (history().lastInput().isEmpty()) {
      throw new IllegalArgumentException("there is no edit to undo");
    }
    history().undo();
    noteDropped(0);
  }

  private void redo() {
    if (!history().canRedo()) {
      throw new IllegalArgumentException("there is no edit to redo");
    }
    history().redo();
  }

  private void restart(Scenario scenario) {
    LoadedScenario fresh = LoadedScenario.load(scenario);
    loaded = fresh;
    breakpoints.clear();
    marks.clear();
    instructionsPerSecond = 0;
    before = SnapshotMaker.registers(fresh.history().machine());
  }

  private Snapshot makeSnapshot(RunState state, boolean whole) {
    History history = history();
    EventLog.View events = history.events();
    Moment moment = history.moment();
    long count = events.countAt(moment);
    Optional<Event> exit =
        history.run().openExit().isPresent() && count > 0
            ? Optional.of(events.get(events.lastExitAmong(count)))
            : Optional.empty();
    return new Snapshot(
        ++version,
        loaded.scenario(),
        loaded.program(),
        state,
        SnapshotMaker.status(state, events, count),
        notice,
        moment,
        history.end(),
        SnapshotMaker.registers(history.machine()),
        before,
        history.machine().ram().image(),
        SnapshotMaker.tlb(history.machine(), whole),
        history.run().openWalk().map(w -> new Snapshot.OpenWalk(w, history.run().openReads())),
        history.run().openCalls(),
        exit,
        events,
        count,
        events.exitsAmong(count),
        history.guestConsole(),
        history.hostConsole(),
        List.copyOf(marks),
        Set.copyOf(breakpoints),
        stopAtExits,
        history.lastInput().isPresent(),
        history.canRedo(),
        instructionsPerSecond,
        history.bytes());
  }
}
