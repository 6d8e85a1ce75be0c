package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Both stages against accesses and AT instructions that another implementation made. */
final class RecordedTranslationsTest {

  @Test
  void everyRecordedAccessEndsAsItDidOnTheEmulatedMachine() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    RecordedTranslationsTest.class.getResourceAsStream(
                        "recorded-translations.txt")),
                StandardCharsets.UTF_8))) {
      RecordedTranslations run = RecordedTranslations.replay(lines);
      assertThat(run.failures()).isEmpty();
      assertThat(run.passed())
          .containsOnlyKeys(
              "align",
              "cross_page",
              "hcr.CD",
              "hcr.DC",
              "hcr.DC_s1on",
              "hcr.FWB",
              "hcr.ID",
              "hcr.PTW",
              "hcr.VM0_DC",
              "isv",
              "s1.only",
              "s1off.bigva",
              "s1s2.perm",
              "s1s2.s1fault",
              "s1s2.s1hafdbs",
              "s1s2.s1ptw",
              "s1s2.valid");
      assertThat(run.passed().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(3_348);
    }
  }
}
