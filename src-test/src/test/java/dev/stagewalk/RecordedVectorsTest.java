package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.app.verify.Tally;
import dev.stagewalk.app.verify.Verification;
import dev.stagewalk.cpu.Engine;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RecordedVectorsTest {

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "SUPERBLOCK", "EAGER"})
  void everyRecordedInstructionDoesTheSameHere(Engine engine) throws IOException {
    Tally tally = verify(vectors("cpu"), engine);
    assertThat(tally.failures()).isEmpty();
    assertThat(tally.lastLine()).isEqualTo("2975 passed, 0 failed, 0 skipped");
  }

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "SUPERBLOCK", "EAGER"})
  void everyRecordedSimdInstructionDoesTheSameHere(Engine engine) throws IOException {
    Tally tally = verify(vectors("fp"), engine);
    assertThat(tally.failures()).isEmpty();
    assertThat(tally.lastLine()).isEqualTo("1229 passed, 0 failed, 0 skipped");
  }

  @ParameterizedTest
  @EnumSource(names = "COMPILED")
  void everyRecordedTranslationEndsTheSameHere(Engine engine) throws IOException {
    Tally tally = verify(vectors("xlat"), engine);
    assertThat(tally.failures()).isEmpty();
    assertThat(tally.lastLine()).isEqualTo("12916 passed, 0 failed, 3336 skipped");
  }

  @Test
  void anyDifferenceInWhatAnInstructionLeavesIsAFailure() throws IOException {
    List<String> lines = lines("cpu");
    String vector =
        lines.stream().filter(line -> line.contains("\"mem\"")).findFirst().orElseThrow();
    assertThat(failures(lines, vector)).isZero();
    assertThat(failures(lines, changed(vector, "(\"mem\":\\[\\[\"0x)", "$11"))).isOne();
    assertThat(failures(lines, changed(vector, "\"mem\"", "\"forgotten\""))).isOne();
    assertThat(failures(lines, changed(vector, "(\"out\":.*\"nzcv\":)\\d+", "$199"))).isOne();
    assertThat(failures(lines, changed(vector, "(\"x\":\\{)\\}", "$1\"9\":\"0x5\"}"))).isOne();
  }

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "SUPERBLOCK", "EAGER"})
  void everyRecordedGuestExitsTheSameWay(Engine engine) throws IOException {
    Tally tally = verify(vectors("guest"), engine);
    assertThat(tally.failures()).isEmpty();
    assertThat(tally.passed()).isGreaterThanOrEqualTo(819);
  }

  @Test
  void anyDifferenceInAGuestsExitFailsItAndWhatFollows() throws IOException {
    List<String> lines = lines("guest");
    String vector = lines.get(1);
    int exits = vector.split("\"resume_pc\"", -1).length - 1;
    assertThat(failures(lines, vector)).isZero();
    assertThat(failures(lines, changed(vector, "\"hpfar\":\"0x4", "\"hpfar\":\"0x5")))
        .isEqualTo(exits);
    assertThat(
            failures(
                lines, changed(vector, "\"spsr\":\"0x3c5\",\"elr", "\"spsr\":\"0x3c4\",\"elr")))
        .isEqualTo(exits);
    assertThat(
            failures(
                lines,
                changed(vector, "\"final_el1\":\\{\"esr\":\"0x0", "\"final_el1\":{\"esr\":\"0x1")))
        .isOne();
  }

  private static String changed(String text, String pattern, String replacement) {
    String result = text.replaceFirst(pattern, replacement);
    assertThat(result).isNotEqualTo(text);
    return result;
  }

  private static int failures(List<String> lines, String vector) throws IOException {
    return verify(text(lines.getFirst() + "\n" + vector + "\n")).failures().size();
  }

  private static Tally verify(InputStream in) throws IOException {
    return verify(in, Engine.USUAL);
  }

  private static Tally verify(InputStream in, Engine engine) throws IOException {
    Verification verification = new Verification(engine);
    verification.stream("test", in);
    return verification.tally();
  }

  private static InputStream vectors(String kind) {
    return Objects.requireNonNull(
        RecordedVectorsTest.class.getResourceAsStream("/vectors/" + kind + "-public.jsonl.gz"));
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> lines(String kind) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(vectors(kind)), StandardCharsets.UTF_8))) {
      return reader.lines().collect(Collectors.toList());
    }
  }
}
