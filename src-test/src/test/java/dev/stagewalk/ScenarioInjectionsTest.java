package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stagewalk.guests.ScenarioFile;
import dev.stagewalk.session.Injection;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.time.When;
import org.junit.jupiter.api.Test;

class ScenarioInjectionsTest {
  private static final String HEAD =
      """
      title: t
      story: s
      source: a.s
      granule: 4K
      ipa-bits: 48
      defects: none
      region: code code 0x40000000 2M
      """;

  private static Scenario parse(String lines) {
    return ScenarioFile.parse("a", "a.scenario", HEAD + lines, _ -> "hvc #0\n");
  }

  @Test
  void aScenarioSaysWhatIsDoneToItsMachineAndWhen() {
    Scenario scenario =
        parse(
            """
            inject: skip-next tlbi at start
            inject: clear-af ipa 0x40200000 at exit 3
            """);
    assertThat(scenario.injections()).hasSize(2);
    assertThat(scenario.injections().getFirst().edit())
        .isEqualTo(new Injection.SkipNext(Injection.Maintenance.TLBI));
    assertThat(scenario.injections().getLast().when()).isEqualTo(new When.AtExit(3));
    assertThat(scenario.with(scenario.granule(), 40).injections()).hasSize(2);
    assertThat(parse("").injections()).isEmpty();
  }

  @Test
  void aMistakeInOneIsNamedWithItsFileAndLine() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("inject: clear-af ipa 0x40200000\n"))
        .withMessageContaining("a.scenario:8: ")
        .withMessageContaining("expected 'at'");
  }
}
