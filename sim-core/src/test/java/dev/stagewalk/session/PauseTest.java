package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Moment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A pause ends whatever goes on, long before it would end by itself. How long an answer takes is
 * for the benchmark to say.
 */
class PauseTest {
  private Session session = Session.open(TestScenarios.endless());

  @AfterEach
  void close() {
    session.close();
  }

  private void open(Scenario scenario) {
    session.close();
    session = Session.open(scenario);
    perform(new Command.StopAtExits(false));
  }

  private Snapshot perform(Command command) {
    return session.submit(command).orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** Starts a command, lets it go on until it shows some progress, pauses it. */
  private Snapshot pauseDuring(Command command, Predicate<Snapshot> progress) {
    CompletableFuture<Snapshot> going = session.submit(command);
    while (!progress.test(session.snapshot()) && !going.isDone()) {
      Thread.onSpinWait();
    }
    assertThat(going).as("still going on").isNotDone();
    Snapshot paused = perform(new Command.Pause());
    assertThat(going).isDone();
    return paused;
  }

  /** Pauses a command that shows nothing while it goes on: asks again until it has stopped. */
  private Snapshot pauseSilent(Command command) {
    CompletableFuture<Snapshot> going = session.submit(command);
    Snapshot paused = perform(new Command.Pause());
    while (!going.isDone()) {
      paused = perform(new Command.Pause());
    }
    return paused;
  }

  private static Predicate<Snapshot> past(long instruction) {
    return s -> s.state() == RunState.RUNNING && s.moment().instruction() > instruction;
  }

  @Test
  void ofAnEndlessLoop() {
    Snapshot paused = pauseDuring(new Command.Run(), past(10_000));
    assertThat(paused.state()).isEqualTo(RunState.PAUSED);
    assertThat(paused.moment().instruction()).isGreaterThan(10_000);
    assertThat(perform(new Command.Step()).moment().instruction())
        .isEqualTo(paused.moment().instruction() + 1);
  }

  @Test
  void ofAGuestThatFaultsForEverAndIsResumed() {
    open(TestScenarios.livelock());
    Snapshot paused = pauseDuring(new Command.Run(), past(1_000));
    assertThat(paused.exitCount()).isGreaterThan(500);
    Snapshot back = perform(new Command.StepBack());
    assertThat(back.moment().isBefore(paused.moment())).isTrue();
  }

  @Test
  void ofOneHostCallOverAHugeRange() {
    open(TestScenarios.twoPages());
    perform(new Command.GoTo(Moment.at(3)));
    Snapshot paused = pauseSilent(new Command.Inject(new Edit.MapFresh(0x1_0000_0000L, 1L << 36)));
    assertThat(paused.hostCalls()).hasSizeLessThan(2);
    assertThat(paused.moment().instruction()).isEqualTo(3);
    assertThat(paused.canUndo()).isTrue();
    assertThat(perform(new Command.Undo()).moment()).isEqualTo(Moment.at(3).onBranch(2));
    assertThat(perform(new Command.Run()).state()).isEqualTo(RunState.ENDED);
  }

  @Test
  void ofAWayBackThroughALongRun() {
    Snapshot paused = pauseDuring(new Command.Run(), past(3_000_000));
    perform(new Command.Breakpoint(0x1234, true));
    Snapshot onTheWay = pauseSilent(new Command.RunBack());
    assertThat(onTheWay.moment().isBefore(paused.moment())).isTrue();
    assertThat(onTheWay.notice()).isEmpty();
    assertThat(perform(new Command.ToPresent()).moment()).isEqualTo(paused.moment());
  }

  @Test
  void ofAJourneyIntoTheUnknown() {
    Snapshot paused = pauseDuring(new Command.GoTo(Moment.at(Long.MAX_VALUE / 2)), past(10_000));
    assertThat(paused.end()).isEqualTo(paused.moment());
  }
}
