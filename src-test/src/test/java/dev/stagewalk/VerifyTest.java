package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.app.verify.Tally;
import dev.stagewalk.app.verify.Verification;
import dev.stagewalk.app.verify.VerifyCommand;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class VerifyTest {
  private static final String VECTORS = "/vectors/s2mmu-public.jsonl.gz";

  @TempDir Path folder;

  @Test
  void theLibraryAsPostedDoesEveryRecordedStep() throws IOException {
    Tally tally = verify(vectors());
    assertThat(tally.failures()).isEmpty();
    assertThat(tally.lastLine()).isEqualTo("12145 passed, 0 failed, 0 skipped");
    // Beside each step the corrected library, up to the first that is wrong as posted.
    assertThat(tally.notes())
        .containsEntry("corrected library: steps with the same effect", 7832L)
        .containsEntry("corrected library: of them before the first flag of their sequence", 1148L);
    assertThat(tally.notes().keySet())
        .extracting(note -> note.replaceAll("corrected library: *(D\\d+)? ?.*", "$1"))
        .contains("D1", "D2", "D9", "D10", "D11", "D12", "D15", "D18", "D20", "D29");
  }

  @Test
  void thePostedDemandPagingTestRunsAsRecorded() throws IOException {
    Tally tally = verify(golden());
    assertThat(tally.failures()).isEmpty();
    assertThat(tally.passed()).isGreaterThan(100);
    assertThat(tally.skipReasons().keySet())
        .singleElement()
        .asString()
        .startsWith("golden run host-exception-after-guest: ");
    assertThat(tally.notes().keySet()).anyMatch(note -> note.contains("vacuous passes reproduced"));
    assertThat(tally.notes().values()).as("vacuous passes; stale by D1").contains(5L, 1L);
  }

  @Test
  void anotherSyndromeInARecordedRunIsNoticed() throws IOException {
    String text = new String(golden().readAllBytes(), StandardCharsets.UTF_8);
    Tally tally =
        verify(text(text.replaceFirst("\"esr\": \"0x93c28046\"", "\"esr\": \"0x93c28047\"")));
    assertThat(tally.failures()).hasSize(1);
    assertThat(tally.failures().getFirst().where()).endsWith("pages4K-gran4K-asposted, exit 1");
  }

  @Test
  void oneDifferentDescriptorIsOneFailedStepAndItsReportNamesBoth() throws IOException {
    String line =
        firstLine().replace("W:0x80000018:0x0:0x1000007fd", "W:0x80000018:0x0:0x1000007f9");
    Path file = folder.resolve("changed.jsonl");
    Path report = folder.resolve("report.txt");
    Files.writeString(file, line);
    StringWriter out = new StringWriter();
    int exit =
        new CommandLine(new VerifyCommand())
            .setOut(new PrintWriter(out))
            .execute("--report", report.toString(), file.toString());
    assertThat(exit).isEqualTo(1);
    assertThat(out.toString().lines().reduce((_, last) -> last))
        .contains("6 passed, 1 failed, 0 skipped");
    assertThat(report).content().contains("step 1 map", "0x1000007f9", "0x1000007fd");
  }

  @Test
  void aStepThatIsMissingAnEventIsNoticed() throws IOException {
    String line = firstLine().replace("\"I\"]", "\"D:ish\",\"I\"]");
    assertThat(verify(text(line)).failures()).isNotEmpty();
  }

  @Test
  void whatIsNotUnderstoodCountsAsFailed() throws IOException {
    assertThat(verify(text("not JSON\n")).failures()).isNotEmpty();
    assertThat(verify(text("")).failures()).hasSize(1);
    assertThat(verify(text("{\"a\":1}\n{\"a\":2}\n")).failures()).hasSize(2);
    assertThat(verify(text(firstLine() + "\n{}\n")).lastLine())
        .isEqualTo("7 passed, 1 failed, 0 skipped");
  }

  @Test
  void vectorsOutOfReachAreCountedWithTheirReason() throws IOException {
    List<String> lines = lines("/vectors/xlat-public.jsonl.gz");
    String disputed =
        lines.stream().filter(line -> line.contains("\"flags\":[\"")).findFirst().orElseThrow();
    Tally tally = verify(text(lines.getFirst() + "\n" + disputed + "\n"));
    assertThat(tally.lastLine()).startsWith("0 passed, 0 failed, ").doesNotEndWith(" 0 skipped");
    assertThat(tally.skipReasons()).hasSize(1);
  }

  private static Tally verify(InputStream in) throws IOException {
    Verification verification = new Verification();
    verification.stream("test", in);
    return verification.tally();
  }

  private static InputStream vectors() {
    return VerifyTest.class.getResourceAsStream(VECTORS);
  }

  private static InputStream golden() {
    return VerifyTest.class.getResourceAsStream("/vectors/demand-paging-golden.json");
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String firstLine() throws IOException {
    return lines(VECTORS).getFirst();
  }

  private static List<String> lines(String resource) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(VerifyTest.class.getResourceAsStream(resource)),
                StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
