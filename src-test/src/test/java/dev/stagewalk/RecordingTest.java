package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.image.boot.Boot;
import dev.stagewalk.image.boot.BootImage;
import dev.stagewalk.session.Answer;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.OpenedRun;
import dev.stagewalk.session.Recorder;
import dev.stagewalk.session.Replay;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.RecordingArchive;
import dev.stagewalk.trace.RecordingMember;
import dev.stagewalk.trace.RecordingOutput;
import dev.stagewalk.trace.RecordingWriter;
import dev.stagewalk.trace.TraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are written down and executed again. */
final class RecordingTest {
  private static final long MOST = 3_000_000;

  @TempDir private Path temporary;

  private Path folder() {
    return temporary.resolve("run.swrec");
  }

  private Path stream() {
    return folder().resolve("events.jsonl.gz");
  }

  static Stream<String> samples() {
    return Catalogue.standard().names().stream();
  }

  private Snapshot record(Scenario scenario, Command... commands) throws Exception {
    try (Recorder recorder = Recorder.begin(folder(), scenario, "test 1");
        Session session = Session.open(scenario, Engine.USUAL, recorder)) {
      for (Command command : commands) {
        session.submit(command).get(1, TimeUnit.MINUTES);
      }
      return session.snapshot();
    }
  }

  /** From exit to exit: each command ends with a member. */
  private void recordInManyMembers() throws Exception {
    Scenario sample = Catalogue.scenario("demand-paging");
    try (Recorder recorder = Recorder.begin(folder(), sample, "test 1");
        Session session = Session.open(sample, Engine.USUAL, recorder)) {
      while (session.snapshot().state() != RunState.ENDED) {
        session.submit(new Command.NextExit()).get(1, TimeUnit.MINUTES);
      }
    }
  }

  private Replay.Report replay(Engine engine) throws TraceException {
    return Replay.of(Recording.open(folder()), engine, true);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aScenarioComesBackAsItWas(String name) throws Exception {
    Scenario scenario = Catalogue.scenario(name);
    Recorder.begin(folder(), scenario, "test 1").close();
    assertThat(replay(Engine.USUAL).end().scenario()).isEqualTo(scenario);
  }

  @ParameterizedTest
  @ValueSource(strings = {"demand-paging", "two-pes", "read-only", "dirty-log"})
  void aSampleRunsAgainToTheSameEventsAndHashes(String name) throws Exception {
    isTheSame(name, Engine.REFERENCE);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("samples")
  void everySampleRunsAgainToTheSameEventsAndHashes(String name) throws Exception {
    isTheSame(name, Engine.USUAL);
  }

  private void isTheSame(String name, Engine engine) throws Exception {
    Snapshot end =
        record(
            Catalogue.scenario(name),
            new Command.StopAtExits(false),
            new Command.GoTo(Moment.at(MOST)));
    Replay.Report report = replay(engine);
    assertThat(report.difference()).isEmpty();
    assertThat(report.equalEvents()).isEqualTo(end.eventCount()).isPositive();
    assertThat(report.equalHashes()).isPositive();
    assertThat(report.finished()).isTrue();
    assertThat(report.end().moment()).isEqualTo(end.moment());
    assertThat(report.end().console()).isEqualTo(end.console());
  }

  @Test
  void editsAnswersAndTypedTextAreGivenAgain() throws Exception {
    Snapshot end =
        record(
            Catalogue.scenario("demand-paging"),
            new Command.NextExit(),
            new Command.NextExit(),
            new Command.AnswerExit(Answer.MAP_PAGE),
            new Command.NextExit(),
            new Command.Inject(InjectionGrammar.parse("unmap ipa 0x40200000")),
            new Command.Inject(new Edit.SetRegister("x20", 0x55, 0)),
            new Command.StopAtExits(false),
            new Command.GoTo(Moment.at(100)),
            new Command.Inject(new Edit.Type("a\nb")),
            new Command.GoTo(Moment.at(MOST)));
    Replay.Report report = replay(Engine.USUAL);
    assertThat(report.difference()).isEmpty();
    assertThat(report.equalEvents()).isEqualTo(end.eventCount());
    assertThat(report.end().status()).isEqualTo(end.status());
    assertThat(unpacked()).contains("{\"answer\":\"MAP_PAGE\"", "\"input\":\"type \\\"a\\u000ab");
    Replay.Report unverified = Replay.of(Recording.open(folder()), Engine.USUAL, false);
    assertThat(unverified.end().moment()).isEqualTo(end.moment());
    assertThat(unverified.end().eventCount()).isEqualTo(end.eventCount());
  }

  @Test
  void anImageIsKeptBesideAndMustBeTheSame() throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of("src/test/resources/c-guests/real.elf"));
    BootImage image = BootImage.read("real.elf", bytes);
    Scenario scenario = Scenario.ofImage(Boot.of(image, Boot.USUAL_MEMORY, ""), "max");
    Snapshot end = record(scenario, new Command.GoTo(Moment.at(MOST)));
    Replay.Report report = replay(Engine.USUAL);
    assertThat(report.difference()).isEmpty();
    assertThat(report.end().console()).isEqualTo(end.console()).isNotEmpty();

    bytes[bytes.length - 1] ^= 1;
    Files.write(folder().resolve("image"), bytes);
    refused("image' is not the file that was recorded");
  }

  @Test
  void aRamdiskOrADeviceTreeIsKeptBeside() throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of("src/test/resources/c-guests/real.elf"));
    BootImage image = BootImage.read("real.elf", bytes);
    byte[] ramdisk = "PSCI=1\n".getBytes(StandardCharsets.UTF_8);
    Scenario scenario =
        Scenario.ofImage(Boot.withRamdisk(image, Boot.USUAL_MEMORY, "quiet", ramdisk), "max");
    record(scenario, new Command.GoTo(Moment.at(1000)));
    Replay.Report report = replay(Engine.USUAL);
    assertThat(report.difference()).isEmpty();
    assertThat(report.end().scenario().boot().orElseThrow().ramdisk()).isEqualTo(ramdisk);
    assertThat(report.end().scenario().boot().orElseThrow().arguments()).isEqualTo("quiet");
    Files.write(folder().resolve("boot/ramdisk"), new byte[] {1});
    refused("boot/ramdisk' is not the file that was recorded");
  }

  @Test
  void includedFilesAreKeptBeside() throws Exception {
    Path sources = Files.createDirectories(temporary.resolve("sources/parts"));
    Path part = Files.writeString(sources.resolve("end.inc"), ".macro finish\n hvc #0\n.endm\n");
    Scenario scenario =
        Catalogue.scenario("demand-paging")
            .withSource("_start: .include \"parts/end.inc\"\n finish\n")
            .including(temporary.resolve("sources"));
    record(scenario, new Command.StopAtExits(false), new Command.GoTo(Moment.at(MOST)));
    Files.delete(part);
    Replay.Report report = replay(Engine.USUAL);
    assertThat(report.difference()).isEmpty();
    assertThat(report.end().state()).isEqualTo(RunState.ENDED);
  }

  private Snapshot recordBranches() throws Exception {
    return record(
        Catalogue.scenario("demand-paging"),
        new Command.StopAtExits(false),
        new Command.GoTo(Moment.at(MOST)),
        new Command.GoTo(Moment.at(40)),
        new Command.Inject(new Edit.Type("x")),
        new Command.GoTo(new Moment(2, 90, 0)),
        new Command.Inject(new Edit.SetRegister("x20", 0x55, 0)),
        new Command.GoTo(new Moment(2, 100, 0)),
        new Command.GoTo(new Moment(2, 60, 0)),
        new Command.Inject(new Edit.SetRegister("x21", 0x77, 0)),
        new Command.GoTo(new Moment(3, 120, 0)),
        new Command.Undo(),
        new Command.Redo(),
        new Command.GoTo(Moment.at(10)));
  }

  @Test
  void everyBranchOfARunIsRecordedAndExecutedAgain() throws Exception {
    Snapshot end = recordBranches();
    assertThat(end.branches().count()).isEqualTo(3);
    Replay.Report report = replay(Engine.USUAL);
    assertThat(report.difference()).isEmpty();
    assertThat(report.branches()).isEqualTo(3);
    assertThat(report.finished()).isTrue();
    assertThat(report.equalEvents()).isGreaterThan(report.events());
  }

  @Test
  void openingARecordingGivesTheRunWithAllItsBranches() throws Exception {
    Snapshot end = recordBranches();
    try (Session session = Session.open(OpenedRun.open(folder()))) {
      assertThat(session.snapshot().branches()).isEqualTo(end.branches());
      assertThat(session.snapshot().notice()).contains("and 2 more branches");
      session.submit(new Command.GoToBranch(3)).get(1, TimeUnit.MINUTES);
      Snapshot there =
          session.submit(new Command.GoTo(new Moment(3, 120, 0))).get(1, TimeUnit.MINUTES);
      assertThat(there.pe().x(21)).isEqualTo(0x77);
    }
  }

  @Test
  void anEventThatWasChangedInABranchIsFoundThere() throws Exception {
    recordBranches();
    Path two = folder().resolve("branches/2/events.jsonl.gz");
    Files.copy(
        folder().resolve("branches/3/events.jsonl.gz"), two, StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> replay(Engine.USUAL)).hasMessageContaining("branch 2 of");
  }

  @Test
  void aBranchThatWasCutOffIsReadUpToItsLastWholeMemberAndThatIsSaid() throws Exception {
    recordBranches();
    Path three = folder().resolve("branches/3/events.jsonl.gz");
    byte[] whole = Files.readAllBytes(three);
    for (int cut : new int[] {whole.length - 1, whole.length / 2, 10, 0}) {
      Files.write(three, Arrays.copyOf(whole, cut));
      Replay.Report report = replay(Engine.USUAL);
      assertThat(report.difference()).isEmpty();
      assertThat(report.branches()).isEqualTo(cut > 10 ? 3 : 2);
      assertThat(report.finished()).isFalse();
      assertThat(OpenedRun.open(folder()).words()).contains("cut off");
    }
  }

  @Test
  void anArchiveHoldsAllBranches() throws Exception {
    Snapshot end = recordBranches();
    Path archive = temporary.resolve("run.zip");
    RecordingArchive.write(Recording.open(folder()), archive);
    assertThat(Replay.of(Recording.open(archive), Engine.USUAL, true).branches()).isEqualTo(3);
    try (Session session = Session.open(OpenedRun.open(archive))) {
      assertThat(session.snapshot().branches()).isEqualTo(end.branches());
    }
  }

  @Test
  void theReaderInPythonReadsBranches() throws Exception {
    assumeTrue(hasPython(), "python3 is not installed");
    recordBranches();
    assertThat(python()).contains("branch 2 of 1 from 1:40", "branch 3 of 2 from 2:60");
  }

  @Test
  void aStreamCutAnywhereIsReadUpToItsLastWholeMember() throws Exception {
    recordInManyMembers();
    byte[] whole = Files.readAllBytes(stream());
    List<RecordingMember> members = Recording.open(folder()).members();
    assertThat(members).hasSizeGreaterThan(5);
    Random random = new Random(7);
    for (int i = 0; i < 20; i++) {
      int cut = random.nextInt(whole.length);
      Files.write(stream(), Arrays.copyOf(whole, cut));
      long kept = 0;
      long events = 0;
      for (RecordingMember member : members) {
        events = member.firstEvent();
        if (kept + member.bytes() > cut) {
          break;
        }
        kept += member.bytes();
      }
      Replay.Report report = replay(Engine.USUAL);
      assertThat(report.difference()).isEmpty();
      assertThat(report.finished()).isFalse();
      assertThat(report.lostBytes()).isEqualTo(cut - kept);
      assertThat(report.events()).isEqualTo(events);
      assertThat(report.equalEvents()).isEqualTo(events);
    }
  }

  @Test
  void aHashThatIsNotThatOfTheRunIsFoundWithItsMoment() throws Exception {
    recordInManyMembers();
    long events = replay(Engine.USUAL).events();
    rewrite(text -> text.replaceAll("\"hash\":\"0x.\\w*", "\"hash\":\"0x1234"));
    Replay.Report report = replay(Engine.USUAL);
    assertThat(report.difference())
        .hasValueSatisfying(words ->
            assertThat(words)
                .contains("the state at " + report.end().moment() + " has hash 0x", "with 0x1234"));
    assertThat(report.equalEvents()).isEqualTo(events);
    assertThat(report.equalHashes()).isZero();
  }

  @Test
  void anEventThatIsNotThatOfTheRunIsFoundWithItsMoment() throws Exception {
    recordInManyMembers();
    rewrite(text -> text.replace("0x40200018", "0x40200028"));
    Replay.Report report = replay(Engine.USUAL);
    assertThat(report.difference())
        .hasValueSatisfying(words ->
            assertThat(words)
                .containsPattern(
                    "^event \\d+ at 1:11\\S* \\(\\w+\\) differs: \\S+ was recorded as 0x40200028,"
                        + " and is 0x40200018")
                .hasSizeLessThan(600));
    assertThat(report.equalEvents()).isLessThan(report.events());
  }

  @Test
  void whatIsNewerOrDamagedIsRefusedInWords() throws Exception {
    recordInManyMembers();
    Path manifest = folder().resolve("manifest.json");
    String sound = Files.readString(manifest);
    Files.writeString(manifest, sound.replace("\"version\" : 3", "\"version\" : 4"));
    refused("has version 4 of the format", "up to 3", "test 1");
    Files.writeString(manifest, sound.substring(0, sound.length() / 2));
    refused("the manifest.json of '", "' is damaged: line");
    Files.writeString(manifest, sound.replace("\"granule\"", "\"grain\""));
    refused("damaged: 'granule' is missing");
    Files.writeString(manifest, "{}");
    refused("damaged: 'format' is missing");
    Files.delete(manifest);
    refused("is no recording: there is no manifest.json");
    Files.writeString(manifest, sound);
    byte[] whole = Files.readAllBytes(stream());
    int second = Recording.open(folder()).members().getFirst().bytes();
    whole[second + 60] ^= 0x10;
    Files.write(stream(), whole);
    refused("events.jsonl.gz, is damaged: the member at byte " + second);
    assertThatThrownBy(() -> Recorder.begin(folder(), Catalogue.standard().first(), "test 1"))
        .hasMessageContaining("holds a recording already");
  }

  private void refused(String... words) {
    assertThatThrownBy(() -> replay(Engine.USUAL))
        .isInstanceOf(TraceException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void theReaderOfTheDocumentationReadsIt() throws Exception {
    assumeTrue(hasPython(), "python3 is not installed");
    recordInManyMembers();
    String said = python();
    int members = Recording.open(folder()).members().size();
    assertThat(said).startsWith("demand-paging " + members + " members, 0 bytes lost");
    long events = replay(Engine.USUAL).events();
    assertThat(said).contains("\nstopped 1\n", "\nend 1\n", "\nhash ");
    assertThat(python("0", Long.toString(events)).lines()).hasSize((int) events);
    assertThat(python("100").strip()).startsWith("{\"seq\": 100, ").doesNotContain("\n");

    Machine.State start = theFirstState();
    long pa = start.pes().getFirst().pc();
    assertThat(python("at", "0", Long.toHexString(pa)).strip())
        .isEqualTo("1:0 0x" + Long.toHexString(start.memory().read(pa, 8)));
    assertThat(python("at", "0")).contains("\"pc\": \"0x" + Long.toHexString(pa) + "\"");

    byte[] whole = Files.readAllBytes(stream());
    Files.write(stream(), Arrays.copyOf(whole, whole.length - 10));
    assertThat(python()).contains(" " + (members - 1) + " members, ").doesNotContain("end 1");
  }

  private Machine.State theFirstState() throws TraceException {
    Recording recording = Recording.open(folder());
    return recording.state(recording.checkpoints().getFirst());
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  private String python(String... range) throws Exception {
    Path reader = Path.of("..", "sim-core", "docs", "read_recording.py");
    List<String> words = new ArrayList<>(List.of("python3", reader.toString()));
    words.add(folder().toString());
    words.addAll(List.of(range));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private String unpacked() throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(stream()))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Changes the lines, and writes a sound recording of them. */
  private void rewrite(UnaryOperator<String> change) throws Exception {
    String text = unpacked();
    String changed = change.apply(text);
    assertThat(changed).isNotEqualTo(text);
    Path manifest = folder().resolve("manifest.json");
    Path other = temporary.resolve("other.swrec");
    try (RecordingWriter writer =
        RecordingWriter.begin(RecordingOutput.in(other), Files.readString(manifest), Map.of())) {
      for (String line : changed.split("\n")) {
        writer.add(line, 0, 0);
      }
    }
    Files.move(other.resolve("events.jsonl.gz"), stream(), StandardCopyOption.REPLACE_EXISTING);
  }
}
