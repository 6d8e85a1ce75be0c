package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIMD and floating-point loads and stores: what they move, how they fault, who may use them. */
class VectorMemoryTest {
  private static final long IL = 1L << 25;
  private static final long FP_TRAP = 0x07L << 26 | IL | 1 << 24 | 0xe << 20;
  private static final long ALIGNMENT = 0x21;
  private final Rig rig = new Rig();

  VectorMemoryTest() {
    rig.set("CPACR_EL1", 3 << 20);
    rig.pe.setX(0, Rig.DATA);
    rig.pe.setX(1, Rig.DATA + 0x1000);
  }

  private void set(int register, long low, long high) {
    rig.pe.vectors().set(register, low, high);
  }

  @Test
  void aNarrowLoadClearsTheRestOfTheRegister() {
    rig.ram.write(Rig.DATA, 8, 0x1122_3344_5566_7788L);
    set(3, -1, -1);
    rig.code("ldr h3, [x0, #2]").run(1);
    assertThat(rig.pe.vectors().low(3)).isEqualTo(0x5566);
    assertThat(rig.pe.vectors().high(3)).isZero();
  }

  @Test
  void aQuadStoreAcrossTwoPagesWritesNothingIfTheSecondIsRefused() {
    rig.setLeaf(Rig.DATA + 0x1000, 0);
    set(1, -1, -1);
    rig.code("stur q1, [x1, #-8]").runToEl2();
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.DATA + 0x1000);
    assertThat(rig.get("HPFAR_EL2")).isEqualTo((Rig.DATA + 0x1000) >>> 8);
    assertThat(rig.get("ESR_EL2"))
        .as("a write, level 3, no instruction syndrome")
        .isEqualTo(0x24L << 26 | IL | 1 << 6 | 7);
    assertThat(rig.ram.read(Rig.DATA + 0xff8, 8)).isZero();
  }

  @Test
  void aListThatMeetsARefusedPageLeavesBaseAndRegisters() {
    rig.setLeaf(Rig.DATA + 0x1000, 0);
    set(2, 7, 8);
    rig.pe.setX(2, Rig.DATA + 0xff0);
    rig.code("ld1 {v2.16b, v3.16b}, [x2], #32").runToEl2();
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.DATA + 0x1000);
    assertThat(rig.pe.x(2)).isEqualTo(Rig.DATA + 0xff0);
    assertThat(rig.pe.vectors().low(2)).isEqualTo(7);
  }

  @Test
  void aQuadMustBeAlignedToSixteenWhereAlignmentIsAskedFor() {
    rig.set("SCTLR_EL1", rig.get("SCTLR_EL1") | 2);
    rig.code("ldr q0, [x0, #16]\n ldur q0, [x0, #8]").run(2);
    assertThat(rig.get("ELR_EL1")).isEqualTo(Rig.CODE + 4);
    assertThat(rig.get("ESR_EL1") & 0x3f).isEqualTo(ALIGNMENT);
    assertThat(rig.get("FAR_EL1")).isEqualTo(Rig.DATA + 8);
  }

  @Test
  void elementsOfAListNeedOnlyTheirOwnAlignment() {
    rig.set("SCTLR_EL1", rig.get("SCTLR_EL1") | 2);
    rig.ram.write(Rig.DATA, 8, 0x8877_6655_4433_2211L);
    rig.pe.setX(2, Rig.DATA + 1);
    rig.code("ld1 {v2.16b}, [x2]\n ld1 {v2.8h}, [x2]").run(2);
    assertThat(rig.pe.vectors().low(2)).isEqualTo(0x0088_7766_5544_3322L);
    assertThat(rig.get("ELR_EL1")).isEqualTo(Rig.CODE + 4);
  }

  @Test
  void listsWrapFromTheLastRegisterToTheFirst() {
    set(31, 1, 2);
    set(0, 3, 4);
    rig.code("st1 {v31.2d, v0.2d}, [x0]").run(1);
    assertThat(rig.ram.read(Rig.DATA + 8, 8)).isEqualTo(2);
    assertThat(rig.ram.read(Rig.DATA + 16, 8)).isEqualTo(3);
  }

  @Test
  void registersAreInTheSavedStateAndItsHash() {
    PeState before = rig.pe.save();
    set(9, 5, 6);
    PeState after = rig.pe.save();
    assertThat(after.hash()).isNotEqualTo(before.hash());
    rig.pe.restore(before);
    assertThat(rig.pe.vectors().low(9)).isZero();
    rig.pe.restore(after);
    assertThat(rig.pe.vectors().high(9)).isEqualTo(6);
    assertThat(rig.pe.save().hash()).isEqualTo(after.hash());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1", "1, 1, 0", "1, 2, 1", "1, 3, 0",
    "0, 0, 1", "0, 1, 1", "0, 2, 1", "0, 3, 0"
  })
  void cpacrDecidesForEl0AndEl1(int el, int fpen, int trapped) {
    rig.set("CPACR_EL1", (long) fpen << 20);
    rig.pe.setPstate(el == 1 ? 0x3c5 : 0x3c0);
    rig.code("ldr d0, [x0]").run(1);
    assertThat(rig.pe.isHalted()).isFalse();
    assertThat(rig.get("ESR_EL1")).isEqualTo(trapped == 1 ? FP_TRAP : 0);
  }

  @Test
  void tfpTrapsToEl2WithoutE2h() {
    rig.set("CPTR_EL2", 1 << 10);
    rig.code("mrs x1, fpcr").runToEl2();
    assertThat(rig.get("ESR_EL2")).isEqualTo(FP_TRAP);
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, false", "2, true", "3, false"})
  void fpenOfCptrTrapsToEl2WithE2h(int fpen, boolean trapped) {
    rig.set("HCR_EL2", Rig.HCR | 1L << 34);
    rig.set("CPTR_EL2", (long) fpen << 20 | 1 << 10);
    rig.code("fmov d1, x0\n hvc #1").runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(trapped ? 0x07 : 0x16);
  }

  @Test
  void theGuestsOwnTrapComesBeforeThatOfEl2() {
    rig.set("CPACR_EL1", 0);
    rig.set("CPTR_EL2", 1 << 10);
    rig.code("movi v0.16b, #1").run(1);
    assertThat(rig.pe.isHalted()).isFalse();
    assertThat(rig.get("ESR_EL1")).isEqualTo(FP_TRAP);
  }

  @Test
  void structuresAreTakenApartAndPutTogether() {
    for (int i = 0; i < 24; i++) {
      rig.ram.write(Rig.DATA + i, 1, i);
    }
    set(3, -1, -1);
    rig.code("ld3 {v1.8b-v3.8b}, [x0]\nst2 {v1.4h, v2.4h}, [x1]").run(1);
    assertThat(rig.pe.vectors().low(1)).isEqualTo(0x1512_0f0c_0906_0300L);
    assertThat(rig.pe.vectors().low(2)).isEqualTo(0x1613_100d_0a07_0401L);
    assertThat(rig.pe.vectors().low(3)).isEqualTo(0x1714_110e_0b08_0502L);
    assertThat(rig.pe.vectors().high(3)).isZero();
    rig.run(1);
    assertThat(rig.ram.read(Rig.DATA + 0x1000, 8)).isEqualTo(0x0a07_0906_0401_0300L);
    assertThat(rig.ram.read(Rig.DATA + 0x1008, 8)).isEqualTo(0x1613_1512_100d_0f0cL);
  }

  @Test
  void aStructureAcrossTwoPagesWritesNothingIfTheSecondIsRefused() {
    rig.setLeaf(Rig.DATA + 0x1000, 0);
    set(31, -1, -1);
    set(0, -1, -1);
    rig.code("sub x1, x1, #12\nst2 {v31.d, v0.d}[1], [x1], #16").runToEl2();
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.DATA + 0x1000);
    assertThat(rig.pe.x(1)).isEqualTo(Rig.DATA + 0xff4);
    assertThat(rig.ram.read(Rig.DATA + 0xff4, 8)).isZero();
  }

  @Test
  void oneStructureChangesOneElementOfEachRegister() {
    rig.ram.write(Rig.DATA, 8, 0x4444_3333_2222_1111L);
    set(31, -1, -1);
    set(1, 5, 6);
    rig.code("ld3 {v31.h, v0.h, v1.h}[4], [x0], #6\nld2r {v4.2d, v5.2d}, [x0]").run(1);
    assertThat(rig.pe.vectors().high(31)).isEqualTo(0xffff_ffff_ffff_1111L);
    assertThat(rig.pe.vectors().high(0)).isEqualTo(0x2222);
    assertThat(rig.pe.vectors().high(1)).isEqualTo(0x3333);
    assertThat(rig.pe.vectors().low(1)).isEqualTo(5);
    assertThat(rig.pe.x(0)).isEqualTo(Rig.DATA + 6);
    rig.run(1);
    assertThat(rig.pe.vectors().low(4)).isEqualTo(0x4444);
    assertThat(rig.pe.vectors().high(4)).isEqualTo(0x4444);
    assertThat(rig.pe.vectors().high(5)).isZero();
  }
}
