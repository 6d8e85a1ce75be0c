package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.guests.ScenarioFile;
import dev.stagewalk.session.Framework;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Scenario.Backing;
import dev.stagewalk.session.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScenarioFileTest {
  private static final String HEAD =
      """
      title:    A title
      story:    A story
      source:   s.s
      granule:  4K
      ipa-bits: 40
      defects:  none
      region:   code   code    0x40000000  2M
      """;

  private static Scenario parse(String text) {
    return ScenarioFile.parse("x", "x.scenario", text, _ -> "_start: wfi\nother: wfi\n");
  }

  @Test
  void whatIsNotSaidIsAsUsual() {
    Scenario scenario = parse(HEAD);
    assertThat(scenario.framework()).isEqualTo(Framework.USUAL);
    assertThat(scenario.regions()).hasSize(1);
  }

  @Test
  void handlersTrapsAndFurtherGuestsAreRead() {
    Scenario scenario =
        parse(
            HEAD
                + """
                handlers: mmio, kill
                traps:    TID3, TVM
                el1-handler: 4 other
                guest:    b other 2 64K 36
                region:   heap copy-on-write 0x40200000 64K
                region:   con  emulated      0x0a000000 4K
                handlers: schedule
                """);
    Framework framework = scenario.framework();
    assertThat(framework.handlers()).isEqualTo("mmio, kill");
    assertThat(framework.traps()).containsExactly("TID3", "TVM");
    assertThat(framework.el1()).containsExactly(new Framework.El1Handler(4, "other"));
    Framework.OtherGuest other = framework.others().getFirst();
    assertThat(other.granule()).isEqualTo(Granule.K64);
    assertThat(other.vmid()).isEqualTo(2);
    assertThat(other.handlers()).isEqualTo("schedule");
    assertThat(other.regions())
        .extracting(Scenario.Region::backing)
        .containsExactly(Backing.COPY_ON_WRITE, Backing.EMULATED);
    assertThat(scenario.regions()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "handlers: cow | x.scenario:8: 'cow' is no exit handler; known are no-progress",
        "nonsense: 1 | x.scenario:8: unknown key 'nonsense'; known are region, inject, handlers",
        "region: a data 0x1000 | x.scenario:8: expected 'name backing ipa size'",
        "region: a heap 0x1000 4K | x.scenario:8: nothing is called 'heap'",
        "region: a data here 4K | x.scenario:8: 'here' is not a number",
        "el1-handler: 16 other | x.scenario:8: a vector is 0 to 15, not 16",
        "el1-handler: four other | x.scenario:8: 'four' is not a vector",
        "guest: b other 2 | x.scenario:8: expected 'name label vmid granule ipa-bits'",
        "guest: b other x 4K 40 | x.scenario:8: 'x' is not a VMID",
        "title: again | x.scenario:8: 'title' stands here a second time",
        "just words | x.scenario:8: expected 'key: value'"
      })
  void oneErrorNamesFileLineAndCause(String line, String error) {
    assertThatThrownBy(() -> parse(HEAD + line + "\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(error)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "guest: b nowhere 2 4K 40 | s.s has no label 'nowhere', which the scenario names",
        "guest: b other 1 4K 40 | two guests have VMID 1: each needs its own",
        "traps: TGE | HCR_EL2.TGE is no trap; expected one such as TID3",
        "traps: TID9 | TID9",
        "el1-handler: 4 nowhere | s.s has no label 'nowhere'"
      })
  void whatOnlyTheProgramCanTellIsSaidWhenItIsLoaded(String line, String error) {
    Scenario scenario = parse(HEAD + line + "\n");
    assertThatThrownBy(() -> Session.open(scenario).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(error);
  }
}
