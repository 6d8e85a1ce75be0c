package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a PE does not have, by its identification registers, is UNDEFINED before it is trapped. */
class AbsentPartsTest {
  private static final long IL = 1L << 25;

  private static Rig rig(Map<String, Long> identification) {
    Rig rig = new Rig();
    rig.pe.implement(identification);
    rig.set("HCR_EL2", Rig.HCR | 1L << 44 | 1 << 23);
    rig.pe.setX(5, Rig.DATA);
    return rig;
  }

  @ParameterizedTest
  @ValueSource(strings = {"at s1e1rp, x5", "at s1e1wp, x5", "dc cvap, x5", "dc cvadp, x5"})
  void anInstructionOfALaterFeatureIsUndefinedThoughItsTrapIsSet(String instruction) {
    Rig old =
        rig(Map.of("ID_AA64MMFR1_EL1", 0x10_0000L, "ID_AA64PFR0_EL1", 0x111L)).code(instruction);
    assertThat(old.run(1).get("ESR_EL1")).isEqualTo(IL);
    Rig recent =
        rig(Map.of(
                "ID_AA64MMFR1_EL1", 0x20_0000L,
                "ID_AA64ISAR1_EL1", 2L,
                "ID_AA64MMFR2_EL1", 0x100_0000L))
            .code(instruction);
    assertThat(recent.runToEl2().exceptionClass(2)).isEqualTo(0x18);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dbgbvr2_el1", "dbgbcr2_el1", "dbgwvr3_el1", "dbgwcr3_el1", "dbgwcr15_el1"})
  void thereAreAsManyBreakpointsAndWatchpointsAsIdentificationSays(String register) {
    // Two breakpoints, three watchpoints.
    Map<String, Long> says = Map.of("ID_AA64DFR0_EL1", 1L << 12 | 2L << 20 | 6);
    Rig rig = rig(says).code("mrs x1, " + register);
    assertThat(rig.run(1).get("ESR_EL1")).isEqualTo(IL);
    String last = register.startsWith("dbgb") ? "dbgbvr1_el1" : "dbgwvr2_el1";
    rig = rig(says).code("msr " + last + ", x5\n mrs x1, " + last).run(2);
    assertThat(rig.pe.x(1)).isEqualTo(Rig.DATA);
  }

  @Test
  void withoutAGicTheRegistersOfItsCpuInterfaceAreUndefined() {
    Rig rig = rig(Map.of("ID_AA64PFR0_EL1", 0x111L)).code("mrs x1, icc_pmr_el1");
    assertThat(rig.run(1).get("ESR_EL1")).isEqualTo(IL);
    rig = rig(Map.of("ID_AA64PFR0_EL1", 0x100_0111L)).code("mrs x1, icc_pmr_el1").run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.CODE + 4);
  }

  @Test
  void withoutTidcp1TheBitThatTrapsFromEl0StaysZero() {
    Rig rig = rig(Map.of("ID_AA64MMFR1_EL1", 0L));
    rig.set("SCTLR_EL1", 1L << 63);
    assertThat(rig.get("SCTLR_EL1")).isZero();
  }
}
