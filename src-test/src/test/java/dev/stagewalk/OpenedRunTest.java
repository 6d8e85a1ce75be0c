package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Answer;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.OpenedRun;
import dev.stagewalk.session.Recorder;
import dev.stagewalk.session.Replay;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.TrapRows;
import dev.stagewalk.trace.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded runs that are opened: what is shown is what was, at every moment. */
final class OpenedRunTest {
  private static final long MOST = 300_000;

  @TempDir private Path temporary;

  private Path folder() {
    return temporary.resolve("run.swrec");
  }

  static Stream<String> samples() {
    return Catalogue.standard().names().stream();
  }

  private static Snapshot submit(Session session, Command command) throws Exception {
    return session.submit(command).get(1, TimeUnit.MINUTES);
  }

  /** The run that is recorded stays open. */
  private Session record(Scenario scenario, Command... commands) throws Exception {
    try (Recorder recorder = Recorder.begin(folder(), scenario, "test 1")) {
      Session session = Session.open(scenario, Engine.USUAL, recorder);
      submit(session, new Command.StopAtExits(false));
      for (Command command : commands) {
        submit(session, command);
      }
      return session;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"demand-paging", "two-pes", "dirty-log"})
  void everyMomentOfARecordedRunIsAsItWas(String name) throws Exception {
    isAsItWas(name, 12);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("samples")
  void everyMomentOfEverySampleIsAsItWas(String name) throws Exception {
    isAsItWas(name, 100);
  }

  private void isAsItWas(String name, int moments) throws Exception {
    try (Session was = record(Catalogue.scenario(name), new Command.GoTo(Moment.at(MOST)));
        Session now = Session.open(OpenedRun.open(folder()))) {
      Snapshot end = was.snapshot();
      assertThat(now.snapshot().end()).isEqualTo(end.end());
      assertThat(now.snapshot().moment()).isEqualTo(Moment.START);
      assertSameEvents(end, now.snapshot());
      Random random = new Random(3);
      for (int i = 0; i < moments; i++) {
        Event event = end.events().get(random.nextLong(end.eventCount()));
        Moment moment =
            random.nextBoolean() ? event.moment() : Moment.at(event.moment().instruction());
        assertSame(submit(was, new Command.GoTo(moment)), submit(now, new Command.GoTo(moment)));
      }
      assertSame(submit(was, new Command.ToPresent()), submit(now, new Command.ToPresent()));
    }
  }

  private static void assertSameEvents(Snapshot was, Snapshot now) {
    assertThat(now.events().size()).isEqualTo(was.events().size());
    for (long n = 0; n < was.events().size(); n++) {
      assertThat(now.events().get(n)).isEqualTo(was.events().get(n));
    }
    assertThat(TrapRows.of(now.events()).size()).isEqualTo(TrapRows.of(was.events()).size());
  }

  private static void assertSame(Snapshot was, Snapshot now) {
    assertThat(now.notice()).isEqualTo(was.notice());
    assertThat(now.moment()).isEqualTo(was.moment());
    assertThat(now.status()).isEqualTo(was.status());
    assertThat(now.eventCount()).isEqualTo(was.eventCount());
    assertThat(now.exitCount()).isEqualTo(was.exitCount());
    assertThat(now.console()).isEqualTo(was.console());
    assertThat(now.hostConsole()).isEqualTo(was.hostConsole());
    assertThat(now.pe().pc()).isEqualTo(was.pe().pc());
    assertThat(now.memory().hash()).isEqualTo(was.memory().hash());
    assertThat(now.tlb()).isEqualTo(was.tlb());
    assertThat(now.walk()).isEqualTo(was.walk());
    assertThat(now.hostCalls()).isEqualTo(was.hostCalls());
  }

  @Test
  void inputsAreGivenAgainAndTheRunCanBeGoneOnFrom() throws Exception {
    try (Session was =
            record(
                Catalogue.scenario("demand-paging"),
                new Command.NextExit(),
                new Command.NextExit(),
                new Command.AnswerExit(Answer.MAP_PAGE),
                new Command.NextExit(),
                new Command.Inject(InjectionGrammar.parse("unmap ipa 0x40200000")),
                new Command.Inject(new Edit.SetRegister("x20", 0x55, 0)));
        Session now = Session.open(OpenedRun.open(folder()))) {
      assertSameEvents(was.snapshot(), now.snapshot());
      assertSame(submit(was, new Command.ToPresent()), submit(now, new Command.ToPresent()));
      // Beyond the end of the recording both execute.
      assertSame(
          submit(was, new Command.GoTo(Moment.at(MOST))),
          submit(now, new Command.GoTo(Moment.at(MOST))));
      assertSameEvents(was.snapshot(), now.snapshot());
      assertSame(submit(was, new Command.GoToExit(2)), submit(now, new Command.GoToExit(2)));
      Snapshot other = submit(now, new Command.Inject(new Edit.Type("x")));
      assertSame(submit(was, new Command.Inject(new Edit.Type("x"))), other);
      assertSame(
          submit(was, new Command.GoTo(new Moment(2, MOST, 0))),
          submit(now, new Command.GoTo(new Moment(2, MOST, 0))));
      assertSameEvents(was.snapshot(), now.snapshot());
      assertSame(submit(was, new Command.Undo()), submit(now, new Command.Undo()));
    }
  }

  @Test
  void aRunThatHasGoneSomeWayIsRecordedFromItsStart() throws Exception {
    Scenario scenario = Catalogue.scenario("demand-paging");
    try (Session session = Session.open(scenario)) {
      submit(session, new Command.NextExit());
      submit(session, new Command.Inject(new Edit.SetRegister("x20", 0x55, 0)));
      submit(session, new Command.NextExit());
      submit(session, new Command.StepBack());
      Recorder recorder = Recorder.begin(folder(), scenario, "test 1");
      submit(session, new Command.Record(recorder));
      submit(session, new Command.ToPresent());
      submit(session, new Command.NextExit());
      Snapshot end = submit(session, new Command.EndRecording());
      assertThat(end.notice()).isEqualTo("recorded up to " + end.end());
      Replay.Report report = Replay.of(Recording.open(folder()), Engine.USUAL, true);
      assertThat(report.difference()).isEmpty();
      assertThat(report.finished()).isTrue();
      assertThat(report.equalEvents()).isEqualTo(end.eventCount());
      assertThat(report.end().moment()).isEqualTo(end.moment());
      try (Session now = Session.open(OpenedRun.open(folder()))) {
        assertSame(submit(session, new Command.ToPresent()), submit(now, new Command.ToPresent()));
      }
      submit(session, new Command.Undo());
    }
  }

  @Test
  void whatIsCutOffOpensAsFarAsItIsWholeAndSaysSo() throws Exception {
    try (Session was =
        record(
            Catalogue.scenario("demand-paging"),
            Stream.generate(Command.NextExit::new).limit(4).toArray(Command[]::new))) {
      Path stream = folder().resolve("events.jsonl.gz");
      byte[] whole = Files.readAllBytes(stream);
      for (int cut : new int[] {whole.length - 5, whole.length / 2, 70, 3, 0}) {
        Files.write(stream, Arrays.copyOf(whole, cut));
        OpenedRun run = OpenedRun.open(folder());
        assertThat(run.words()).contains("it was cut off there", "last second");
        try (Session now = Session.open(run)) {
          Snapshot end = submit(now, new Command.ToPresent());
          assertThat(end.eventCount()).isEqualTo(run.run().events());
          for (long n = 0; n < end.eventCount(); n++) {
            assertThat(end.events().get(n)).isEqualTo(was.snapshot().events().get(n));
          }
        }
      }
    }
  }

  @Test
  void aRecordingThatCannotBeOpenedLeavesOpenWhatWasOpen() throws Exception {
    try (Session was = record(Catalogue.scenario("demand-paging"), new Command.NextExit())) {
      Path manifest = folder().resolve("manifest.json");
      Files.writeString(
          manifest, Files.readString(manifest).replace("\"version\" : 3", "\"version\" : 9"));
      assertThatThrownBy(() -> OpenedRun.open(folder())).hasMessageContaining("has version 9");
      Files.writeString(
          manifest,
          Files.readString(manifest)
              .replace("\"version\" : 9", "\"version\" : 2")
              .replace("mov", "mvo"));
      OpenedRun run = OpenedRun.open(folder());
      Snapshot before = was.snapshot();
      assertThatThrownBy(() -> submit(was, new Command.OpenRun(run))).hasMessageContaining("mvo");
      assertThat(was.snapshot().moment()).isEqualTo(before.moment());
    }
  }

  @Test
  void aDamagedCheckpointIsDoneWithout() throws Exception {
    try (Session was =
        record(Catalogue.scenario("demand-paging"), new Command.GoTo(Moment.at(MOST)))) {
      Files.writeString(folder().resolve("checkpoints/pages.bin"), "");
      try (Session now = Session.open(OpenedRun.open(folder()))) {
        assertSame(submit(was, new Command.ToPresent()), submit(now, new Command.ToPresent()));
      }
    }
  }
}
