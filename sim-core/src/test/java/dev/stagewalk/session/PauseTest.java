package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Moment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A pause answers within 100 ms whatever the guest does. The tests allow more, because the machine
 * that runs them may be busy, and far less than what is paused would take.
 */
class PauseTest {
  private static final long ALLOWED_MILLIS = 400;
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

  /** Starts a command, lets it go on for a while, pauses it; the snapshot after the pause. */
  private Snapshot pauseDuring(Command command, long millis) {
    CompletableFuture<Snapshot> going = session.submit(command);
    long until = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    assertThat(going).as("still going on").isNotDone();
    long began = System.nanoTime();
    Snapshot paused = perform(new Command.Pause());
    long took = (System.nanoTime() - began) / 1_000_000;
    assertThat(took).as("milliseconds for a pause").isLessThan(ALLOWED_MILLIS);
    assertThat(going).isDone();
    return paused;
  }

  @Test
  void ofAnEndlessLoop() {
    Snapshot paused = pauseDuring(new Command.Run(), 500);
    assertThat(paused.state()).isEqualTo(RunState.PAUSED);
    assertThat(paused.moment().instruction()).isGreaterThan(10_000);
    assertThat(perform(new Command.Step()).moment().instruction())
        .isEqualTo(paused.moment().instruction() + 1);
  }

  @Test
  void ofAGuestThatFaultsForEverAndIsResumed() {
    open(TestScenarios.livelock());
    Snapshot paused = pauseDuring(new Command.Run(), 1500);
    assertThat(paused.exitCount()).isGreaterThan(1000);
    Snapshot back = perform(new Command.StepBack());
    assertThat(back.moment().isBefore(paused.moment())).isTrue();
  }

  @Test
  void ofOneHostCallOverAHugeRange() {
    open(TestScenarios.twoPages());
    perform(new Command.GoTo(Moment.at(3)));
    Snapshot paused =
        pauseDuring(new Command.Inject(new Edit.MapFresh(0x1_0000_0000L, 1L << 36)), 150);
    assertThat(paused.hostCalls()).hasSizeLessThan(2);
    assertThat(paused.moment().instruction()).isEqualTo(3);
    assertThat(paused.canUndo()).isTrue();
    assertThat(perform(new Command.Undo()).moment()).isEqualTo(Moment.at(3));
    assertThat(perform(new Command.Run()).state()).isEqualTo(RunState.ENDED);
  }

  @Test
  void ofAWayBackThroughALongRun() {
    Snapshot paused = pauseDuring(new Command.Run(), 1500);
    perform(new Command.Breakpoint(0x1234, true));
    Snapshot onTheWay = pauseDuring(new Command.RunBack(), 50);
    assertThat(onTheWay.moment().isBefore(paused.moment())).isTrue();
    assertThat(onTheWay.notice()).isEmpty();
    assertThat(perform(new Command.ToPresent()).moment()).isEqualTo(paused.moment());
  }

  @Test
  void ofAJourneyIntoTheUnknown() {
    Snapshot paused = pauseDuring(new Command.GoTo(Moment.at(Long.MAX_VALUE / 2)), 300);
    assertThat(paused.end()).isEqualTo(paused.moment());
  }
}
