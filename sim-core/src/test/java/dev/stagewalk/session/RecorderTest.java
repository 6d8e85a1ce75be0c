package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.trace.Recording;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where hashes are taken, on a clock on which everything takes long. */
final class RecorderTest {
  @TempDir private Path temporary;

  @Test
  void noHashIsTakenWhereAnInstructionBeginsAgain() throws Exception {
    Path folder = temporary.resolve("slow.swrec");
    Scenario scenario = TestScenarios.twoPages();
    AtomicLong nanos = new AtomicLong();
    try (Recorder recorder =
            Recorder.begin(folder, scenario, "test 1", () -> nanos.addAndGet(2_000_000_000));
        Session session = Session.open(scenario, Engine.USUAL, recorder)) {
      while (session.snapshot().state() != RunState.ENDED) {
        session.submit(new Command.NextExit()).get(1, TimeUnit.MINUTES);
        session.submit(new Command.StepBack()).get(1, TimeUnit.MINUTES);
        session.submit(new Command.ToPresent()).get(1, TimeUnit.MINUTES);
      }
    }
    Replay.Report report = Replay.of(Recording.open(folder), Engine.USUAL, true);
    assertThat(report.difference()).isEmpty();
    assertThat(report.equalEvents()).isEqualTo(report.events()).isPositive();
  }
}
