package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stagewalk run --record} and {@code stagewalk replay}, as they are typed. */
final class ReplayCommandTest {
  @TempDir private Path temporary;
  private String recording = "";
  private String out = "";
  private String err = "";

  @BeforeEach
  void nameTheRecording() {
    recording = temporary.resolve("fault.swrec").toString();
  }

  private int stagewalk(String... words) {
    Printed printed = Printed.by(words);
    out = printed.out();
    err = printed.err();
    return printed.code();
  }

  @Test
  void aReplayPrintsWhatTheRunHasPrinted() {
    assertThat(stagewalk("run", "read-only", "--record", recording)).isOne();
    String printed = out;
    assertThat(stagewalk("replay", recording)).isOne();
    assertThat(out).isEqualTo(printed).contains("The guest was stopped");
    assertThat(err).isEmpty();
    assertThat(stagewalk("replay", recording, "--verify", "--engine", "reference")).isZero();
    assertThat(out).containsPattern("^\\d+ events and 1 state hash up to 1:\\d+ are equal\\.");
  }

  @Test
  void whatInjectionsDoBelongsToTheRecording() {
    String edit = "clear-af ipa 0x40200000 @ exit 3";
    assertThat(stagewalk("run", "demand-paging", "--inject", edit, "--record", recording)).isZero();
    String printed = out;
    assertThat(stagewalk("replay", recording)).isZero();
    assertThat(out).isEqualTo(printed);
    assertThat(stagewalk("replay", recording, "--verify")).isZero();
  }

  @Test
  void aRecordingThatWasCutOffSaysHowMuchIsLost() throws Exception {
    stagewalk("run", "demand-paging", "--record", recording);
    Path stream = Path.of(recording, "events.jsonl.gz");
    byte[] whole = Files.readAllBytes(stream);
    Files.write(stream, Arrays.copyOf(whole, whole.length - 1));
    assertThat(stagewalk("replay", recording, "--verify")).isZero();
    assertThat(err)
        .startsWith("The recording was cut off: it is whole up to 1:")
        .containsPattern("with \\d+ events; \\d+ bytes behind that are no whole part of it")
        .contains("Lost is what came in the last second of it, at most 4096 events");
  }

  @Test
  void importSaysWhatARecordedRunHolds() throws Exception {
    stagewalk("run", "demand-paging", "--record", recording);
    Map<String, Long> counts = new TreeMap<>();
    try (var stream =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(Path.of(recording, "events.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
      stream
          .lines()
          .filter(line -> line.contains("\"seq\":"))
          .map(line -> line.replaceFirst(".*?\"kind\":\"(\\w+)\".*", "$1"))
          .forEach(kind -> counts.merge(kind, 1L, Long::sum));
    }
    assertThat(counts).containsKeys("walk", "exception", "return", "callBegan");
    assertThat(stagewalk("import", recording)).isZero();
    assertThat(out).startsWith("fault.swrec: a recorded run of the simulator, ");
    counts.forEach((kind, count) ->
        assertThat(out.lines().map(String::strip)).contains("%,d  %s".formatted(count, kind)));
    assertThat(stagewalk("import", recording, "--json")).isZero();
    counts.forEach((kind, count) -> assertThat(out).contains("\"%s\":%d".formatted(kind, count)));
    assertThat(out)
        .contains("\"events\":" + counts.values().stream().mapToLong(Long::longValue).sum() + ",")
        .contains("\"finished\":true,\"lost_bytes\":0,", "\"not_understood\":0");
    assertThat(stagewalk("import", recording, "--export", recording + ".csv")).isEqualTo(2);
    assertThat(err).contains("is a recorded run of the simulator, and no trace: 'replay'");
    assertThat(Path.of(recording + ".csv")).doesNotExist();
  }

  @Test
  void whatIsNoRecordingIsRefusedInOneLine() throws Exception {
    assertThat(stagewalk("replay", recording)).isEqualTo(2);
    assertThat(err.lines()).hasSize(1);
    assertThat(err).contains("is no recording: there is no manifest.json in it");
    assertThat(stagewalk("run", "uart", "--record", temporary.toString())).isEqualTo(2);
    assertThat(err).contains("must end in .swrec");
    Path file = Files.writeString(temporary.resolve("file.swrec"), "");
    assertThat(stagewalk("run", "uart", "--record", file.toString())).isEqualTo(2);
    assertThat(err).contains("'" + file + "' is a file, and a recording is a folder");
    stagewalk("run", "uart", "--record", recording);
    assertThat(stagewalk("run", "uart", "--record", recording)).isEqualTo(2);
    assertThat(err).contains("holds a recording already");
  }

  @Test
  void aSourceWithErrorsLeavesNoRecordingBehind() throws Exception {
    Path source = Files.writeString(temporary.resolve("bad.s"), "_start: frob x0\n");
    assertThat(stagewalk("run", source.toString(), "--record", recording)).isEqualTo(2);
    assertThat(err).contains("frob");
    assertThat(Path.of(recording)).doesNotExist();
  }
}
