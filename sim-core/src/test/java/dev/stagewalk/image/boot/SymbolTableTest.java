package dev.stagewalk.image.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SymbolTableTest {
  private final SymbolTable labels =
      SymbolTable.of(
          Map.of("start", 0x4008_0000L, "loop", 0x4008_0010L), 0x4008_0000L, 0x4008_0100L);

  @Test
  void anAddressIsShownWithTheNameBehindIt() {
    assertThat(labels.shown(0x4008_0010L)).isEqualTo("0x4008_0010 (loop)");
    assertThat(labels.shown(0x4008_0014L)).isEqualTo("0x4008_0014 (loop+0x4)");
    assertThat(labels.shown(0x4008_0100L)).isEqualTo("0x4008_0100");
  }

  @Test
  void aSentenceGetsTheNamesOfItsAddressesEachOnce() {
    assertThat(labels.named("from 0x4008_0000 to 0x4008_0014, again 0x4008_0000"))
        .isEqualTo("from 0x4008_0000 (start) to 0x4008_0014 (loop+0x4), again 0x4008_0000");
  }

  @Test
  void aSentenceWithoutAddressesOfTheProgramStaysAsItIs() {
    assertThat(labels.named("hvc #1 at 0x4800_0000, ESR_EL2 0x4008"))
        .isEqualTo("hvc #1 at 0x4800_0000, ESR_EL2 0x4008");
  }

  @Test
  void wordsThatAlreadyNameTheAddressAreNotNamedTwice() {
    assertThat(labels.named("at 0x4008_0010 (loop)")).isEqualTo("at 0x4008_0010 (loop)");
  }

  @Test
  void aNameWithADistanceIsReadAsItIsWritten() {
    assertThat(labels.parse("loop")).hasValue(0x4008_0010L);
    assertThat(labels.parse(" loop+0x4 ")).hasValue(0x4008_0014L);
    assertThat(labels.parse("loop + 8")).hasValue(0x4008_0018L);
    assertThat(labels.parse("loop+x")).isEmpty();
    assertThat(labels.parse("nowhere+0x4")).isEmpty();
  }

  @Test
  void aNameThatItselfHasAPlusIsFound() {
    SymbolTable odd =
        new SymbolTable(List.of(new SymbolTable.Symbol("a+1", 0x1000, 0)), 0x1000, 0x2000);
    assertThat(odd.parse("a+1")).hasValue(0x1000);
  }
}
