package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionTest {
  private final List<Session> opened = new ArrayList<>();
  private Session session = open(TestScenarios.twoPages());

  private Session open(Scenario scenario) {
    session = Session.open(scenario);
    opened.add(session);
    return session;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(Session::close);
  }

  private Snapshot perform(Command command) {
    return session.submit(command).orTimeout(60, TimeUnit.SECONDS).join();
  }

  private void refused(Command command, String words) {
    Snapshot before = session.snapshot();
    assertThatThrownBy(() -> perform(command))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
    Snapshot after = session.snapshot();
    assertThat(after.moment()).isEqualTo(before.moment());
    assertThat(after.end()).isEqualTo(before.end());
    assertThat(after.before()).isSameAs(before.before());
    assertThat(after.notice()).isEqualTo(before.notice());
    assertThat(after.eventCount()).isEqualTo(before.eventCount());
    assertThat(after.events().size()).isEqualTo(before.events().size());
    assertThat(after.memory().hash()).isEqualTo(before.memory().hash());
    assertThat(after.canUndo()).isEqualTo(before.canUndo());
    assertThat(after.canRedo()).isEqualTo(before.canRedo());
  }

  private Snapshot runToEnd() {
    perform(new Command.StopAtExits(false));
    return perform(new Command.Run());
  }

  /** Micro-steps until something holds; it must within one instruction. */
  private Snapshot microStepUntil(Predicate<Snapshot> condition) {
    Snapshot now = session.snapshot();
    for (int i = 0; i < 200; i++) {
      if (condition.test(now)) {
        return now;
      }
      now = perform(new Command.MicroStep());
    }
    throw new AssertionError("never, up to " + now.moment());
  }

  @Test
  void aRunStopsAtTheExitAndTheNextLetsTheHandlerAct() {
    Snapshot exit = perform(new Command.Run());
    assertThat(exit.state()).isEqualTo(RunState.AT_EXIT);
    assertThat(exit.exit()).isPresent();
    assertThat(exit.exit().get()).isEqualTo(exit.events().get(exit.eventCount() - 1));
    assertThat(exit.pe().el()).isEqualTo(2);
    assertThat(exit.exitCount()).isEqualTo(1);
    Snapshot next = perform(new Command.Run());
    assertThat(next.exit().get().what())
        .isInstanceOfSatisfying(
            SimEvent.ExceptionTaken.class,
            taken -> assertThat(taken.exceptionClass()).isEqualTo(0x16));
  }

  @Test
  void aStepAtAnExitLetsTheHandlerActAndStopsBeforeTheRetry() {
    Snapshot exit = perform(new Command.Run());
    Snapshot after = perform(new Command.Step());
    assertThat(after.moment()).isEqualTo(Moment.at(exit.moment().instruction() + 1));
    assertThat(after.state()).isEqualTo(RunState.PAUSED);
    assertThat(after.pe().pc()).isEqualTo(TestScenarios.START + 8);
    assertThat(after.pe().el()).isEqualTo(1);
  }

  @Test
  void stepsQueuedOneAfterTheOtherAllCount() {
    List<CompletableFuture<Snapshot>> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(session.submit(new Command.Step()));
    }
    answers.add(session.submit(new Command.StepBack()));
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
    assertThat(answers.get(2).join().moment()).isEqualTo(Moment.at(3));
    assertThat(session.snapshot().moment()).isEqualTo(Moment.at(2));
  }

  @Test
  void anotherCommandEndsARunAndIsThenCarriedOut() {
    open(TestScenarios.endless());
    CompletableFuture<Snapshot> run = session.submit(new Command.Run());
    waitUntilRunning();
    Snapshot stepped = perform(new Command.Step());
    Snapshot ran = run.join();
    assertThat(stepped.moment().instruction()).isEqualTo(ran.moment().instruction() + 1);
  }

  private void waitUntilRunning() {
    long until = System.nanoTime() + 20_000_000_000L;
    while (session.snapshot().state() != RunState.RUNNING && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    assertThat(session.snapshot().state()).isEqualTo(RunState.RUNNING);
  }

  @Test
  void breakpointsAndStopsAtExitsSetDuringARunAreHeeded() {
    open(TestScenarios.endless());
    CompletableFuture<Snapshot> run = session.submit(new Command.Run());
    waitUntilRunning();
    Snapshot running = perform(new Command.Breakpoint(TestScenarios.START, true));
    assertThat(running.state()).isEqualTo(RunState.RUNNING);
    assertThat(run.orTimeout(20, TimeUnit.SECONDS).join().pe().pc()).isEqualTo(TestScenarios.START);

    open(TestScenarios.livelock());
    perform(new Command.StopAtExits(false));
    CompletableFuture<Snapshot> second = session.submit(new Command.Run());
    waitUntilRunning();
    perform(new Command.AddMark("on the way"));
    perform(new Command.StopAtExits(true));
    Snapshot stopped = second.orTimeout(20, TimeUnit.SECONDS).join();
    assertThat(stopped.state()).isEqualTo(RunState.AT_EXIT);
    assertThat(stopped.marks()).hasSize(1);
  }

  @Test
  void aBreakpointStopsEachRoundAndRunBackFindsThemAgain() {
    open(TestScenarios.of("mov x1, #3\n a: subs x1, x1, #1\n b.ne a\n hvc #0\n"));
    perform(new Command.StopAtExits(false));
    perform(new Command.Breakpoint(TestScenarios.START + 4, true));
    List<Moment> met = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      met.add(perform(new Command.Run()).moment());
    }
    perform(new Command.Run());
    assertThat(session.snapshot().state()).isEqualTo(RunState.ENDED);
    for (int i = 2; i >= 0; i--) {
      assertThat(perform(new Command.RunBack()).moment()).isEqualTo(met.get(i));
    }
    assertThat(perform(new Command.RunBack()).moment()).isEqualTo(Moment.START);
    refused(new Command.RunBack(), "start of the run");
  }

  @Test
  void runBackStopsAtTheNearerOfExitAndBreakpoint() {
    perform(new Command.Breakpoint(TestScenarios.START + 16, true));
    Moment fault = perform(new Command.Run()).moment();
    Moment call = perform(new Command.Run()).moment();
    Moment behindTheCall = perform(new Command.Run()).moment();
    Moment secondFault = perform(new Command.Run()).moment();
    perform(new Command.Run());
    assertThat(perform(new Command.RunBack()).moment()).isEqualTo(secondFault);
    assertThat(perform(new Command.RunBack()).moment()).isEqualTo(behindTheCall);
    assertThat(perform(new Command.RunBack()).moment()).isEqualTo(call);
    assertThat(perform(new Command.RunBack()).moment()).isEqualTo(fault);
    assertThat(session.snapshot().state()).isEqualTo(RunState.AT_EXIT);
    assertThat(perform(new Command.RunBack()).moment()).isEqualTo(Moment.START);
  }

  @Test
  void exitsAreReachedOneByOneInBothDirections() {
    List<Moment> exits = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      exits.add(perform(new Command.NextExit()).moment());
    }
    Snapshot end = perform(new Command.NextExit());
    assertThat(end.state()).isEqualTo(RunState.ENDED);
    assertThat(end.exitCount()).isEqualTo(4);
    for (int i = 3; i >= 0; i--) {
      assertThat(perform(new Command.PreviousExit()).moment()).isEqualTo(exits.get(i));
    }
    refused(new Command.PreviousExit(), "no exit before");
  }

  @Test
  void microFinishEndsAWalkACallAndAnInstruction() {
    Snapshot walk = microStepUntil(s -> s.walk().isPresent() && s.walk().get().reads() == 2);
    Snapshot done = perform(new Command.MicroFinish());
    assertThat(done.walk().get().isComplete()).isTrue();
    assertThat(perform(new Command.MicroBegin()).moment())
        .isEqualTo(Moment.at(walk.moment().instruction(), walk.moment().micro() - 2));

    perform(new Command.Run());
    Snapshot call = microStepUntil(s -> !s.hostCalls().isEmpty());
    assertThat(call.hostCalls()).containsExactly("s2mmu_map");
    perform(new Command.MicroStep());
    Snapshot returned = perform(new Command.MicroFinish());
    assertThat(returned.hostCalls()).isEmpty();
    assertThat(returned.events().get(returned.eventCount() - 1).what())
        .isInstanceOf(SimEvent.HostCallEnded.class);
    perform(new Command.MicroStepBack());
    assertThat(perform(new Command.MicroBegin()).moment())
        .isEqualTo(Moment.at(call.moment().instruction(), call.moment().micro() - 1));

    Snapshot finished = perform(new Command.MicroFinish());
    assertThat(finished.moment().isBoundary()).isTrue();
    assertThat(finished.pe().el()).isEqualTo(1);
  }

  @Test
  void goToBeyondTheEndStopsAtTheEndAndSaysSo() {
    Snapshot end = perform(new Command.GoTo(Moment.at(1_000_000)));
    assertThat(end.state()).isEqualTo(RunState.ENDED);
    assertThat(end.notice()).contains("ends at " + end.moment());
    assertThat(end.status()).contains("HVC #0");
    refused(new Command.Step(), "has ended");
    refused(new Command.Run(), "has ended");
    refused(new Command.GoTo(new Moment(2, 0, 0)), "no branch 2");
    assertThat(perform(new Command.ToStart()).moment()).isEqualTo(Moment.START);
    assertThat(perform(new Command.ToPresent()).moment()).isEqualTo(end.moment());
  }

  @Test
  void anEditInThePastBeginsABranchAndKeepsWhatFollowedInTheOther() {
    Snapshot end = runToEnd();
    perform(new Command.AddMark("the end"));
    perform(new Command.GoTo(Moment.at(8)));
    perform(new Command.AddMark("before the edit"));
    long kept = session.snapshot().eventCount();
    Snapshot edited = perform(new Command.Inject(new Edit.Unmap(TestScenarios.HEAP, 0x1000)));
    String later = "the " + (end.events().size() - kept) + " later events stay in branch 1";
    assertThat(edited.notice()).isEqualTo("branch 2 begins here; " + later);
    assertThat(edited.end()).isEqualTo(edited.moment());
    assertThat(edited.moment().branch()).isEqualTo(2);
    assertThat(edited.branches().get(2).parting()).isEqualTo(Moment.at(8));
    assertThat(edited.branches().get(2).words()).startsWith("unmap 0x4020_0000");
    assertThat(edited.branches().get(1).end()).isEqualTo(end.end());
    assertThat(edited.marks()).hasSize(2);
    assertThat(edited.canUndo()).isTrue();
    assertThat(edited.events().get(kept).what()).isInstanceOf(SimEvent.Edited.class);
    long size = edited.events().size();
    Snapshot secondEnd = perform(new Command.Run());
    assertThat(secondEnd.exitCount()).isEqualTo(end.exitCount() + 1);
    Snapshot undone = perform(new Command.Undo());
    assertThat(undone.moment()).isEqualTo(Moment.at(8));
    assertThat(undone.notice())
        .isEqualTo(
            "this is branch 1, without that edit; the "
                + (secondEnd.events().size() - kept)
                + " later events stay in branch 2");
    assertThat(undone.end()).isEqualTo(end.end());
    assertThat(undone.events().size()).isEqualTo(end.events().size());
    assertThat(undone.canUndo()).isFalse();
    assertThat(undone.canRedo()).isTrue();
    Snapshot redone = perform(new Command.Redo());
    assertThat(redone.notice()).isEqualTo("this is branch 2 again, with that edit");
    assertThat(redone.eventCount()).isEqualTo(size);
    assertThat(redone.end()).isEqualTo(secondEnd.end());
    refused(new Command.Redo(), "no edit to redo");
    perform(new Command.Undo());
    refused(new Command.Undo(), "no edit to undo");
  }

  @Test
  void editsThatCannotBeDoneAreRefusedInWordsAndChangeNothing() {
    refused(
        new Command.Inject(new Edit.Unmap(TestScenarios.HEAP, 0x1000)), "no guest at this moment");
    perform(new Command.Run());
    perform(new Command.Step());
    refused(new Command.Inject(new Edit.Unmap(0x123, 0x1000)), "multiples of the granule");
    refused(new Command.Inject(new Edit.Unmap(TestScenarios.HEAP, 0)), "multiples of the granule");
    refused(new Command.Inject(new Edit.Unmap(0, 1L << 49)), "48-bit input size");
    refused(new Command.Inject(new Edit.SetMemory(0x10, 1)), "no 8-byte aligned address in RAM");
    refused(new Command.Inject(new Edit.SetRegister("VTCR_EL9", 1)), "VTCR_EL9");
    refused(new Command.Inject(new Edit.SetRegister("midr_el1", 1)), "read-only");
    refused(new Command.AnswerExit(Answer.KILL), "no exit waiting");
    runToEnd();
    refused(new Command.Inject(new Edit.SetRegister("x0", 1)), "has ended");
  }

  @Test
  void registersAndMemoryAreSetByAnyoneOfTheirNames() {
    perform(new Command.Run());
    perform(new Command.Step());
    assertThat(perform(new Command.Inject(new Edit.SetRegister("X7", 5))).pe().x(7)).isEqualTo(5);
    Snapshot set = perform(new Command.Inject(new Edit.SetRegister("tpidr_el0", 6)));
    assertThat(set.pe().system("TPIDR_EL0")).isEqualTo(6);
    assertThat(perform(new Command.Inject(new Edit.SetRegister("sp", 32))).pe().sp()).isEqualTo(32);
    Snapshot stored = perform(new Command.Inject(new Edit.SetMemory(0x4800_0000L, 77)));
    assertThat(stored.memory().read(0x4800_0000L, 8)).isEqualTo(77);
    Snapshot moved = perform(new Command.Inject(new Edit.SetRegister("pc", 0x4000_0000L)));
    assertThat(moved.pe().pc()).isEqualTo(0x4000_0000L);
  }

  @Test
  void anAnswerReplacesTheHandlerOnceAndOnlyUntilItHasBegun() {
    Snapshot exit = perform(new Command.Run());
    Snapshot mapped = perform(new Command.AnswerExit(Answer.MAP_PAGE));
    assertThat(mapped.moment()).isEqualTo(Moment.at(exit.moment().instruction() + 1));
    assertThat(handlers(mapped)).containsExactly("you");
    Snapshot call = perform(new Command.Run());
    refused(new Command.AnswerExit(Answer.MAP_PAGE), "no stage-2 Translation fault");
    perform(new Command.MicroStep());
    refused(new Command.AnswerExit(Answer.KILL), "no exit waiting");
    perform(new Command.Step());
    assertThat(handlers(session.snapshot())).containsExactly("you", "hypercall");
    perform(new Command.GoTo(call.moment()));
    Snapshot killed = perform(new Command.AnswerExit(Answer.KILL));
    assertThat(killed.state()).isEqualTo(RunState.ENDED);
    assertThat(killed.status()).contains("ended by you");
    assertThat(perform(new Command.Undo()).moment()).isEqualTo(call.moment());
    assertThat(session.snapshot().state()).isEqualTo(RunState.AT_EXIT);
    assertThat(perform(new Command.Step()).state()).isEqualTo(RunState.PAUSED);
    assertThat(handlers(session.snapshot())).containsExactly("you", "hypercall");
  }

  private static List<String> handlers(Snapshot snapshot) {
    List<String> handlers = new ArrayList<>();
    for (long n = 0; n < snapshot.eventCount(); n++) {
      if (snapshot.events().get(n).what() instanceof SimEvent.HandlerAnswered answered) {
        handlers.add(answered.handler());
      }
    }
    return handlers;
  }

  @Test
  void aRestartThatDoesNotAssembleKeepsTheOldRun() {
    perform(new Command.Run());
    refused(new Command.Restart(TestScenarios.of("bogus x0\n")), "bogus");
    assertThat(session.snapshot().scenario()).isEqualTo(TestScenarios.twoPages());
    assertThat(perform(new Command.Step()).state()).isEqualTo(RunState.PAUSED);
    Snapshot fresh = perform(new Command.Restart(TestScenarios.endless()));
    assertThat(fresh.moment()).isEqualTo(Moment.START);
    assertThat(fresh.events().size()).isZero();
  }

  @Test
  void aHypervisorThatMeetsGarbageDiesInWordsAndOneCanGoBack() {
    Snapshot exit = perform(new Command.Run());
    long struct = exit.pe().system("TPIDR_EL2");
    for (int offset = 0; offset < 4096; offset += 8) {
      if (exit.memory().read(struct + offset, 8) != 0) {
        perform(new Command.Inject(new Edit.SetMemory(struct + offset, -1)));
      }
    }
    Snapshot died = runToEnd();
    assertThat(died.state()).isEqualTo(RunState.ENDED);
    assertThat(died.status()).startsWith("guest ended");
    assertThat(perform(new Command.StepBack()).state()).isNotEqualTo(RunState.ENDED);
    assertThat(perform(new Command.GoTo(exit.moment())).state()).isEqualTo(RunState.AT_EXIT);
  }

  @Test
  void afterClosingEveryCommandIsRefused() {
    session.close();
    CompletableFuture<Snapshot> late = session.submit(new Command.Step());
    assertThatThrownBy(() -> late.orTimeout(10, TimeUnit.SECONDS).join())
        .hasMessageContaining("closed");
  }

  @Test
  void whatDiffersIsShownAgainstWhereTheUserLastWas() {
    Snapshot start = session.snapshot();
    Snapshot one = perform(new Command.Step());
    assertThat(one.before().pc()).isEqualTo(start.pe().pc());
    Snapshot two = perform(new Command.Step());
    assertThat(two.before().pc()).isEqualTo(one.pe().pc());
  }
}
