package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.RecordingOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings on a disk that becomes full. */
final class FullDiskTest {
  private static final Moment LATE = Moment.at(1_000_000);

  @TempDir private Path temporary;

  /** A folder on a disk with room for so many bytes. */
  private static RecordingOutput limited(Path folder, AtomicLong room) throws Exception {
    RecordingOutput real = RecordingOutput.in(folder);
    return name -> {
      WritableByteChannel channel = real.create(name);
      return new WritableByteChannel() {
        @Override
        public int write(ByteBuffer source) throws IOException {
          int fits = (int) Math.min(source.remaining(), room.get());
          if (fits == 0 && source.hasRemaining()) {
            throw new IOException("No space left on device");
          }
          ByteBuffer part = source.slice(source.position(), fits);
          int written = channel.write(part);
          source.position(source.position() + written);
          room.addAndGet(-written);
          return written;
        }

        @Override
        public boolean isOpen() {
          return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
          channel.close();
        }
      };
    };
  }

  private Recorder recorder(Scenario scenario, AtomicLong room) throws Exception {
    Path folder = temporary.resolve("full.swrec");
    return Recorder.begin(
        folder, limited(folder, room), new RecordedScenario(scenario), "test 1", System::nanoTime);
  }

  private static Snapshot run(Session session) throws Exception {
    session.submit(new Command.StopAtExits(false)).get(1, TimeUnit.MINUTES);
    while (session.snapshot().state() == RunState.PAUSED
        && session.snapshot().moment().isBefore(LATE)) {
      session.submit(new Command.Step()).get(1, TimeUnit.MINUTES);
    }
    return session.snapshot();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3, 40, 500, 2000, 6000})
  void theRunGoesOnAndWhatWasWrittenCanBeOpened(long room) throws Exception {
    Scenario scenario = TestScenarios.twoPages();
    AtomicLong left = new AtomicLong(1 << 20);
    Recorder recorder = recorder(scenario, left);
    Snapshot end;
    try (recorder;
        Session session = Session.open(scenario, Engine.USUAL, recorder)) {
      left.set(room);
      end = run(session);
    }
    assertThat(end.state()).isEqualTo(RunState.ENDED);
    assertThat(recorder.failure())
        .hasValueSatisfying(words ->
            assertThat(words)
                .contains(
                    "nothing more is recorded", "No space left on device", "the run goes on"));
    Replay.Report report =
        Replay.of(Recording.open(temporary.resolve("full.swrec")), Engine.USUAL, true);
    assertThat(report.difference()).isEmpty();
    assertThat(report.finished()).isFalse();
    assertThat(report.equalEvents()).isEqualTo(report.events()).isLessThan(end.eventCount());
  }

  @Test
  void theWindowIsToldOnceAndTheRunCanBeChangedAgain() throws Exception {
    Scenario scenario = TestScenarios.twoPages();
    AtomicLong left = new AtomicLong(1 << 20);
    Recorder recorder = recorder(scenario, left);
    try (recorder;
        Session session = Session.open(scenario, Engine.USUAL, recorder)) {
      left.set(0);
      Snapshot after = session.submit(new Command.Step()).get(1, TimeUnit.MINUTES);
      assertThat(after.notice()).contains("nothing more is recorded");
      Snapshot next = session.submit(new Command.Step()).get(1, TimeUnit.MINUTES);
      assertThat(next.notice()).isEmpty();
      session.submit(new Command.StepBack()).get(1, TimeUnit.MINUTES);
      session.submit(new Command.Inject(new Edit.Type("x"))).get(1, TimeUnit.MINUTES);
    }
  }
}
