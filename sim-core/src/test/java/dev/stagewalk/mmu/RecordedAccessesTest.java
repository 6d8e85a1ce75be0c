package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The walk against accesses that another implementation made. */
final class RecordedAccessesTest {

  @Test
  void everyRecordedAccessEndsAsItDidOnTheEmulatedMachine() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    RecordedAccessesTest.class.getResourceAsStream("recorded-accesses.txt")),
                StandardCharsets.UTF_8))) {
      RecordedAccesses run = RecordedAccesses.replay(lines);
      assertThat(run.failures()).isEmpty();
      assertThat(run.passed())
          .containsOnlyKeys(
              "s2.desc_fault",
              "s2.hafdbs",
              "s2.ipa_size",
              "s2.leaf_attr",
              "s2.lpa2",
              "s2.lpa64k",
              "s2.ps",
              "s2.sl0_t0sz",
              "s2.startlevel_sweep",
              "s2.valid");
      assertThat(run.passed().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(1191);
    }
  }
}
