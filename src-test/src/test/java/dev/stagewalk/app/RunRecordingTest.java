package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.OpenedSession;
import dev.stagewalk.session.Replay;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.TraceImport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings that are begun and ended in the window. */
final class RunRecordingTest {
  @TempDir private Path temporary;

  @Test
  void aRunIsRecordedFromItsStartUntilTheActionIsChosenAgain() throws Exception {
    try (Session session = Session.open(Catalogue.scenario("demand-paging"))) {
      session.submit(new Command.NextExit()).get(1, TimeUnit.MINUTES);
      session.submit(new Command.NextExit()).get(1, TimeUnit.MINUTES);
      session
          .submit(new Command.Inject(new Edit.SetRegister("x20", 0x55, 0)))
          .get(1, TimeUnit.MINUTES);
      RunRecording recording =
          new RunRecording(
              session::snapshot,
              session::submit,
              problem -> {
                throw new AssertionError(problem);
              });
      assertThat(recording.words()).isEmpty();
      recording.begin(temporary.resolve("mine")).get(1, TimeUnit.MINUTES);
      assertThat(recording.words()).isEqualTo("◉ recording mine.swrec");
      session.submit(new Command.NextExit()).get(1, TimeUnit.MINUTES);
      recording.toggle(null);
      // The command before this one is done when this one is.
      session.submit(new Command.Pause()).get(1, TimeUnit.MINUTES);
      assertThat(recording.words()).isEmpty();
      Replay.Report report =
          Replay.of(Recording.open(temporary.resolve("mine.swrec")), Engine.USUAL, true);
      assertThat(report.difference()).isEmpty();
      assertThat(report.finished()).isTrue();
      assertThat(report.equalEvents()).isEqualTo(session.snapshot().events().size());
    }
  }

  @Test
  void theManifestOfAFolderOpensTheRecording() throws Exception {
    try (Session session = Session.open(Catalogue.scenario("demand-paging"))) {
      RunRecording recording = new RunRecording(session::snapshot, session::submit, _ -> {});
      recording.begin(temporary.resolve("run.swrec")).get(1, TimeUnit.MINUTES);
      session.submit(new Command.EndRecording()).get(1, TimeUnit.MINUTES);
    }
    assertThat(OpenedFile.read(temporary.resolve("run.swrec/manifest.json")))
        .isInstanceOf(OpenedFile.Run.class);
    assertThat(OpenedFile.read(temporary.resolve("run.swrec"))).isInstanceOf(OpenedFile.Run.class);
  }

  @Test
  void closingTheWindowEndsTheRecordingAsAWhole() throws Exception {
    try (Session session = Session.open(Catalogue.scenario("demand-paging"))) {
      recorded(session);
    }
    isWhole();
  }

  @Test
  void theRecordingEndsWhenTheScenarioBeginsAnew() throws Exception {
    try (Session session = Session.open(Catalogue.scenario("demand-paging"))) {
      recorded(session);
      Snapshot anew =
          session
              .submit(new Command.Restart(Catalogue.scenario("read-only")))
              .get(1, TimeUnit.MINUTES);
      assertThat(anew.notice()).startsWith("the run before was recorded up to 1:");
      isWhole();
    }
  }

  @Test
  void theRecordingEndsWhenATraceIsOpenedInThePlaceOfTheRun() throws Exception {
    Session machine = Session.open(Catalogue.scenario("demand-paging"));
    try (OpenedSession session = OpenedSession.of(machine)) {
      recorded(session);
      Path log =
          Files.writeString(
              temporary.resolve("log.txt"),
              "qemu-1 [000] d..1 1.000001: kvm_entry: PC: 0x0000000040000000\n");
      session.open(TraceImport.read(log, null, Map.of()));
      machine.submit(new Command.Pause()).get(1, TimeUnit.MINUTES);
      isWhole();
    }
  }

  private void recorded(Session session) throws Exception {
    RunRecording recording = new RunRecording(session::snapshot, session::submit, _ -> {});
    recording.begin(temporary.resolve("run.swrec")).get(1, TimeUnit.MINUTES);
    session.submit(new Command.NextExit()).get(1, TimeUnit.MINUTES);
  }

  private void isWhole() throws Exception {
    Replay.Report report =
        Replay.of(Recording.open(temporary.resolve("run.swrec")), Engine.USUAL, true);
    assertThat(report.difference()).isEmpty();
    assertThat(report.finished()).isTrue();
    assertThat(report.equalEvents()).isPositive();
  }
}
