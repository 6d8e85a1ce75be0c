package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.OpenedRun;
import dev.stagewalk.session.Recorder;
import dev.stagewalk.session.Replay;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.TraceException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that are killed while they record. What they leave opens, up to a second before, and
 * runs again to the same.
 */
final class KilledRecordingTest {
  private static final int KILLS = 100;

  /** Instructions; a stretch of them fills some members of the stream of events. */
  private static final long STRETCH = 5000;

  /** Enough for a second of recording and more. */
  private static final int MOST_STRETCHES = 120;

  private static final String ENDLESS =
      """
      _start: ldr x1, =0x40200000
      again:  str x1, [x1]
              hvc #1
              add x2, x2, #1
              b again
      """;

  @TempDir private Path temporary;

  /** What is killed: it records a run that never ends, and says a line at every stretch of it. */
  static final class Program {
    private Program() {}

    /**
     * @param arguments the folder of the recording
     */
    public static void main(String... arguments) throws TraceException {
      Scenario scenario = Catalogue.scenario("demand-paging").withSource(ENDLESS);
      try (Recorder recorder = Recorder.begin(Path.of(arguments[0]), scenario, "test 1");
          Session session = Session.open(scenario, Engine.USUAL, recorder)) {
        session.submit(new Command.StopAtExits(false)).join();
        for (long end = STRETCH; ; end += STRETCH) {
          System.out.println("at " + session.snapshot().moment());
          session.submit(new Command.GoTo(Moment.at(end))).join();
        }
      }
    }
  }

  private static String classPath() throws URISyntaxException {
    List<String> places = new ArrayList<>();
    for (Class<?> part :
        List.of(Program.class, Session.class, Catalogue.class, JsonFactory.class)) {
      places.add(
          Path.of(part.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(File.pathSeparator, places);
  }

  @Test
  void whatAKilledProgramHasRecordedOpensAndRunsAgainToTheSame() throws Exception {
    assertThat(killed(20, 0)).isPositive();
  }

  @Tag("long")
  @Test
  void atAHundredInstantsLikewise() throws Exception {
    Random random = new Random(9);
    int whole = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      whole += killed(random.nextInt(MOST_STRETCHES), kill) > 0 ? 1 : 0;
    }
    assertThat(whole).isGreaterThan(KILLS / 2);
  }

  /**
   * Kills a program in the middle of a stretch; returns how many events it has left.
   *
   * @param stretches that it has recorded before
   */
  private long killed(int stretches, int number) throws Exception {
    Path folder = temporary.resolve("run" + number + ".swrec");
    File complaints = temporary.resolve("said.txt").toFile();
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                classPath(),
                Program.class.getName(),
                folder.toString())
            .redirectError(complaints)
            .start();
    try (BufferedReader said = program.inputReader()) {
      for (int stretch = 0; stretch <= stretches; stretch++) {
        assertThat(said.readLine())
            .as(() -> "stretch of a program that said " + contents(complaints))
            .startsWith("at 1:");
      }
    } finally {
      program.destroyForcibly();
      assertThat(program.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
    return opened(folder);
  }

  private static String contents(File file) {
    try {
      return Files.readString(file.toPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long opened(Path folder) throws Exception {
    OpenedRun run = OpenedRun.open(folder);
    assertThat(run.run().finished()).isFalse();
    assertThat(run.words()).contains("it was cut off there");
    Replay.Report report = Replay.of(Recording.open(folder), Engine.USUAL, true);
    assertThat(report.difference()).isEmpty();
    assertThat(report.equalEvents()).isEqualTo(run.run().events());
    try (Session session = Session.open(run)) {
      Snapshot end = session.submit(new Command.ToPresent()).get(1, TimeUnit.MINUTES);
      assertThat(end.moment()).isEqualTo(run.run().end());
      assertThat(end.eventCount()).isEqualTo(run.run().events());
      assertThat(end.notice()).isEmpty();
      for (int part : new int[] {3, 2}) {
        Moment there = Moment.at(run.run().end().instruction() / part);
        Snapshot half = session.submit(new Command.GoTo(there)).get(1, TimeUnit.MINUTES);
        assertThat(half.eventCount()).isEqualTo(run.run().countAt(there));
      }
    }
    return run.run().events();
  }
}
