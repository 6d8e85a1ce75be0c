package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.mmu.Tlb;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The order of the bytes of a value in memory, and whose addresses an access gives. */
class EndiannessTest {
  private static final long E0E = 1L << 24;
  private static final long EE = 1L << 25;
  private static final long VALUE = 0x1122_3344_5566_7788L;
  private static final long SWAPPED = 0x8877_6655_4433_2211L;

  private static Rig atEl0(Engine engine, String program) {
    Rig rig = new Rig(Tlb.Mode.REALISTIC, engine);
    rig.set("CPACR_EL1", 3 << 20);
    rig.set("SCTLR_EL1", rig.get("SCTLR_EL1") | E0E);
    rig.pe.setPstate(0x3c0);
    rig.pe.setX(0, Rig.DATA);
    rig.pe.setX(1, VALUE);
    rig.pe.setX(9, Rig.DATA + 0xffe);
    rig.pe.setSp(Rig.DATA + 0x2000);
    return rig.code(program);
  }

  private static long word(Rig rig, long offset) {
    return rig.ram.read(Rig.DATA + offset, 8);
  }

  @ParameterizedTest
  @EnumSource
  void underE0eDataOfEl0HasItsMostSignificantByteFirst(Engine engine) {
    Rig rig =
        atEl0(
                engine,
                """
                str  x1, [x0]
                strh w1, [x0, #8]
                str  w1, [x9]
                ldr  x2, [x0]
                ldrb w3, [x0]
                ldrsh x4, [x0, #6]
                ldr  w5, [x9]
                ldp  w6, w7, [x0]
                ldr  x8, [x0]
                """)
            .run(9);
    assertThat(word(rig, 0)).isEqualTo(SWAPPED);
    assertThat(word(rig, 8)).isEqualTo(0x8877);
    assertThat(rig.pe.x(2)).isEqualTo(VALUE);
    assertThat(rig.pe.x(8)).as("the same once the page is known").isEqualTo(VALUE);
    assertThat(rig.pe.x(3)).isEqualTo(0x11);
    assertThat(rig.pe.x(4)).isEqualTo(0x7788);
    assertThat(rig.pe.x(5)).as("across two pages").isEqualTo(0x5566_7788);
    assertThat(rig.ram.read(Rig.DATA + 0xffe, 4)).isEqualTo(0x8877_6655L);
    assertThat(rig.pe.x(6)).isEqualTo(0x1122_3344);
    assertThat(rig.pe.x(7)).isEqualTo(0x5566_7788);
  }

  @Test
  void atomicsAndExclusivesHaveTheOrderTooAndInstructionsHaveNot() {
    Rig rig =
        atEl0(
                Engine.USUAL,
                """
                str   x1, [x0]
                mov   x2, #1
                ldadd x2, x3, [x0]
                ldxr  x4, [x0]
                stxr  w5, x2, [x0]
                """)
            .run(5);
    assertThat(rig.pe.x(3)).isEqualTo(VALUE);
    assertThat(rig.pe.x(4)).isEqualTo(VALUE + 1);
    assertThat(word(rig, 0)).isEqualTo(1L << 56);
  }

  @Test
  void aQuadwordIsSwappedWholeAndItsElementsOneByOne() {
    Rig rig =
        atEl0(
            Engine.USUAL,
            """
            ldr q0, [x0]
            str q0, [x0, #16]
            ldp q1, q2, [x0]
            stp q1, q2, [x0, #32]
            ld1 {v3.4s}, [x0]
            """);
    rig.ram.write(Rig.DATA, 8, 0x0706_0504_0302_0100L);
    rig.ram.write(Rig.DATA + 8, 8, 0x0f0e_0d0c_0b0a_0908L);
    rig.run(5);
    assertThat(rig.pe.vectors.low(0)).isEqualTo(0x0809_0a0b_0c0d_0e0fL);
    assertThat(rig.pe.vectors.high(0)).isEqualTo(0x0001_0203_0405_0607L);
    assertThat(word(rig, 16)).isEqualTo(0x0706_0504_0302_0100L);
    assertThat(word(rig, 24)).isEqualTo(0x0f0e_0d0c_0b0a_0908L);
    assertThat(rig.pe.vectors.high(1)).isEqualTo(rig.pe.vectors.high(0));
    assertThat(word(rig, 40)).isEqualTo(0x0f0e_0d0c_0b0a_0908L);
    assertThat(rig.pe.vectors.low(3)).isEqualTo(0x0405_0607_0001_0203L);
  }

  @Test
  void whatEl1DoesUnderE0eStaysAsItWas() {
    Rig rig = atEl0(Engine.USUAL, "str x1, [x0]");
    rig.pe.setPstate(0x3c5);
    assertThat(word(rig.run(1), 0)).isEqualTo(VALUE);
  }

  @Test
  void withoutMixedEndianSupportTheBitsStayZero() {
    Rig rig = new Rig();
    rig.pe.implement(Map.of("ID_AA64MMFR0_EL1", 0x1_0000L));
    rig.set("SCTLR_EL1", E0E | EE);
    rig.set("SCTLR_EL2", EE);
    assertThat(rig.get("SCTLR_EL1")).as("at EL0 only").isEqualTo(E0E);
    assertThat(rig.get("SCTLR_EL2")).isZero();
    rig.pe.implement(Map.of("ID_AA64MMFR0_EL1", 0L));
    rig.set("SCTLR_EL1", E0E | EE);
    assertThat(rig.get("SCTLR_EL1")).isZero();
  }

  @Test
  void anAccessThatNamesTheRegimeOfEl2DoesNotMeetTheStage2OfAGuest() {
    Rig rig = new Rig();
    rig.setLeaf(Rig.DATA, 0);
    Translator translator = rig.pe.memory().translator();
    assertThat(translator.translate(Regime.EL2, Rig.DATA, Access.read(8))).isEqualTo(Rig.DATA);
    assertThatThrownBy(() -> translator.translate(Regime.EL1_0, Rig.DATA, Access.read(8)))
        .isInstanceOf(GuestException.class);
  }
}
