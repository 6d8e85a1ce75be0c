package dev.stagewalk.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyndromeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          93c28046 | DABT_LOW | Data abort, lower EL · 8 bytes · x2 · write · Translation fault, level 2
          93c28047 | DABT_LOW | Data abort, lower EL · 8 bytes · x2 · write · Translation fault, level 3
          92000087 | DABT_LOW | Data abort, lower EL · read · on a stage 1 walk · Translation fault, level 3
          93830007 | DABT_LOW | Data abort, lower EL · 4 bytes · w3 · read · Translation fault, level 3
          96002047 | DABT_CUR | Data abort, same EL · write · through VNCR_EL2 · Translation fault, level 3
          8600002b | IABT_CUR | Instruction abort, same EL · Translation fault, level -1
          5a000000 | HVC64    | HVC · #0x0
          5600002a | SVC64    | SVC · #0x2a
          f2000001 | BRK64    | BRK · #0x1
          62310461 | SYS64    | System register access trapped · MRS x3, SCTLR_EL2
          62313020 | SYS64    | System register access trapped · MSR VBAR_EL2, x1
          62391801 | SYS64    | System register access trapped · MRS x0, HPFAR_EL2
          621D23E6 | SYS64    | System register access trapped · SYS #4, C8, C3, #6, xzr
          6A000000 | ERET     | ERET trapped · ERET
          6A000003 | ERET     | ERET trapped · ERETAB
          07e00001 | WFX      | WFI or WFE trapped · WFE
          3a000000 | ILL      | Illegal Execution state
          be000011 | SERROR   | SError · asynchronous SError
          """)
  void aSyndromeReadsAsASentence(String esr, String name, String sentence) {
    Syndrome syndrome = Syndrome.of(Long.parseUnsignedLong(esr, 16));

    assertThat(syndrome.className()).isEqualTo(name);
    assertThat(syndrome.exceptionClass()).contains(ExceptionClass.valueOf(name));
    assertThat(syndrome.sentence()).isEqualTo(sentence);
  }

  @Test
  void aReservedClassKeepsItsNumberAndItsIss() {
    Syndrome reserved = Syndrome.of(0xfe00_0123L);

    assertThat(reserved.className()).isEqualTo("EC_3F");
    assertThat(reserved.exceptionClass()).isEmpty();
    assertThat(reserved.fields()).extracting(FieldValue::name).containsExactly("ISS");
    assertThat(reserved.sentence()).isEqualTo("Reserved Exception class 0x3f · ISS 0x123");
  }

  @Test
  void theInstructionIsDescribedOnlyWhereIsvSaysSo() {
    assertThat(Syndrome.of(0x93c2_8046L).fields())
        .extracting(FieldValue::name)
        .contains("SAS", "SRT", "SF");
    assertThat(Syndrome.of(0x9200_0046L).fields())
        .extracting(FieldValue::name)
        .doesNotContain("SAS", "SRT", "SF");
  }

  @Test
  void upperSyndromeBitsDoNotDisturbTheClass() {
    Syndrome syndrome = Syndrome.of(0x0000_0040_93c2_8046L);

    assertThat(syndrome.exceptionClass()).contains(ExceptionClass.DABT_LOW);
    assertThat(RegisterTable.standard().require("ESR_EL2").decode(0x0000_0040_93c2_8046L))
        .filteredOn(f -> f.name().equals("Overlay"))
        .extracting(FieldValue::text)
        .containsExactly("yes");
  }

  @Test
  void syndromesAreBuiltFromTheirParts() {
    assertThat(Syndrome.encode(ExceptionClass.HVC64, true, 0)).isEqualTo(0x5a00_0000L);
    assertThat(Syndrome.encode(ExceptionClass.DABT_LOW, true, 0x1c28046)).isEqualTo(0x93c2_8046L);
    assertThatThrownBy(() -> Syndrome.encode(ExceptionClass.HVC64, true, 1 << 25))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an ISS has 25 bits, 0x2000000 does not fit");
  }

  @Test
  void faultStatusCodesAreThoseOfTheFaultKinds() {
    for (FaultKind kind : FaultKind.values()) {
      for (int level = -1; level <= 3; level++) {
        if (!kind.hasLevel() && level != 0) {
          continue;
        }
        int code = kind.statusCode(level);
        if (code < 0) {
          continue;
        }
        FaultStatus status = new FaultStatus(code);
        assertThat(status.kind()).contains(kind);
        assertThat(status.reserved()).isFalse();
        assertThat(status.words()).isEqualTo(kind.at(level));
        assertThat(status.level().isPresent()).isEqualTo(kind.hasLevel());
      }
    }
    assertThat(new FaultStatus(0x3f).reserved()).isTrue();
    assertThat(new FaultStatus(0x2b).level()).hasValue(-1);
  }

  @Test
  void everyClassHasARow() {
    for (ExceptionClass c : ExceptionClass.values()) {
      Syndrome syndrome = Syndrome.of(Syndrome.encode(c, true, 0));
      assertThat(syndrome.className()).isEqualTo(c.name());
      assertThat(syndrome.classWords()).isNotBlank();
      assertThat(syndrome.sentence()).isNotBlank();
    }
  }
}
