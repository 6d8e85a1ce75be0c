package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.cpu.WatchedRange.Space;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchGrammarTest {
  private static final Program PROGRAM =
      new Program("p.s", "", 0x4008_0000L, 0x100, Map.of(), Map.of("table", 0x4008_0040L));

  private static Watch parse(String text) {
    return WatchGrammar.parse(text, PROGRAM);
  }

  @Test
  void whatIsPrintedReadsAsTheSameAgain() {
    for (String text :
        List.of(
            "write pa 0x4009_0000+0x8",
            "access ipa 0x4009_0000+0x1000 vmid 3",
            "read va 0xffff_0000_4009_0000+0x1 el1&0 asid 7 vmid 1 pe 1",
            "use va 0x4009_0000+0x1000 el2",
            "write entry 0x4820_1000",
            "use entry ipa 0x4009_0000 level -1 pe 0",
            "read entry va 0x4009_0000",
            "write register VTTBR_EL2 pe 2",
            "fault ipa 0x4009_0000+0x1000 vmid 2")) {
      assertThat(parse(text).text()).isEqualTo(text);
      assertThat(parse(parse(text).text())).isEqualTo(parse(text));
    }
  }

  @Test
  void whatIsLeftOutIsTheUsual() {
    assertThat(parse("ipa 0x40090000").text()).isEqualTo("write ipa 0x4009_0000+0x8");
    assertThat(parse("fault ipa 0x40090123").text()).isEqualTo("fault ipa 0x4009_0000+0x1000");
    assertThat(parse("register x3").text()).isEqualTo("write register X3");
    assertThat(parse("use ipa 0x40090123").text()).isEqualTo("use entry ipa 0x4009_0123");
    assertThat(parse("pa 0x10-0x1f").text()).isEqualTo("write pa 0x0000_0010+0x10");
    assertThat(parse("va table+0x4").text()).isEqualTo("write va 0x4008_0040+0x4");
    assertThat(parse("write va 1 el2&0"))
        .isEqualTo(new Watch.Memory(Watch.Use.WRITE, Space.VA, 1, 8, Regime.EL2_0, -1, -1, -1));
  }

  @Test
  void aSearchLooksBackUnlessItSaysNext() {
    assertThat(WatchGrammar.parseSearch("write va table", PROGRAM).text())
        .isEqualTo("last write va 0x4008_0040+0x8");
    assertThat(WatchGrammar.parseSearch("previous fault ipa 0", PROGRAM).direction())
        .isEqualTo(WatchGrammar.Direction.LAST);
    assertThat(WatchGrammar.parseSearch("next fault ipa 0", PROGRAM).direction())
        .isEqualTo(WatchGrammar.Direction.NEXT);
  }

  @Test
  void mistakesAreToldWithTheirPlace() {
    assertThatThrownBy(() -> parse("write ipa 0x1+0"))
        .hasMessageContaining("column 11")
        .hasMessageContaining("no byte");
    assertThatThrownBy(() -> parse("write entry 0x1001")).hasMessageContaining("multiple of 8");
    assertThatThrownBy(() -> parse("write register pc"))
        .hasMessageContaining("set a breakpoint instead");
    assertThatThrownBy(() -> parse("write ipa 0x1000 asid 3"))
        .hasMessageContaining("expected the end, not 'asid'");
    assertThatThrownBy(() -> parse("fault va 0x1000")).hasMessageContaining("expected 'ipa'");
  }
}
