package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.event.Translation;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which entries each TLBI names. */
final class InvalidationTest {
  private static final Invalidation.Situation GUEST =
      new Invalidation.Situation(Regime.EL1_0, 7, 16, false);

  /** One page at VA 0x1000 of ASID 5, or global, VMID 7, at IPA and PA 0x5000. */
  private static TlbEntry va(boolean global) {
    PhysicalWords memory = new PhysicalWords();
    memory.put(0x8_0000, 0x8_1003).put(0x8_1000, 0x8_2003).put(0x8_2000, 0x8_3003);
    memory.put(0x8_3008, 0x5703 | (global ? 0 : 1 << 11));
    memory.put(0x9_0000, 0x9_1003).put(0x9_1000, 0x9_2003).put(0x9_2000, 0x9_3003);
    for (long page : new long[] {5, 0x80, 0x81, 0x82, 0x83}) {
      memory.put(0x9_3000 + 8 * page, page << 12 | 0x7ff);
    }
    Stage1Parameters first =
        Stage1Parameters.decode(
            new Stage1Registers(
                Regime.EL1_0,
                1,
                5L << 32 | 1L << 36 | 2L << 30 | 16 << 16 | 16,
                5L << 48 | 0x8_0000,
                0,
                0xff,
                1),
            Features.MAX);
    Translation walk = TwoStage.translate(first, second(), 0x1000, Access.read(8), memory);
    return Objects.requireNonNull(TlbFill.ofVa(0, 0, first, second(), walk, false, List.of()));
  }

  private static Stage2Parameters second() {
    return Stage2Parameters.decode(0x8005_3590L, 7L << 48 | 0x9_0000, 1, Features.MAX);
  }

  private static TlbEntry ipa() {
    PhysicalWords memory = new PhysicalWords();
    memory.put(0x9_0000, 0x9_1003).put(0x9_1000, 0x9_2003).put(0x9_2000, 0x9_3003);
    memory.put(0x9_3028, 0x5000 | 0x7ff);
    Translation walk = Stage2Walk.walk(second(), 0x5000, Access.read(8), memory);
    return Objects.requireNonNull(TlbFill.stage2(0, 0, second(), walk, false));
  }

  private static TlbiScope el1(int crm, int op2, long operand) {
    return decode(0, crm, op2, operand, GUEST);
  }

  private static TlbiScope el2(int crm, int op2, long operand) {
    return decode(4, crm, op2, operand, GUEST);
  }

  private static TlbiScope decode(
      int op1, int crm, int op2, long operand, Invalidation.Situation situation) {
    return Objects.requireNonNull(Invalidation.decode(op1, crm, op2, operand, false, situation));
  }

  private static boolean covers(TlbiScope scope, int pe, TlbEntry entry) {
    return Invalidation.covers(scope, pe, entry);
  }

  @Test
  void vmalle1TakesVasOfTheVmidAndLeavesStage2() {
    assertThat(el1(3, 0, 0).operation()).isEqualTo("vmalle1is");
    assertThat(covers(el1(7, 0, 0), 0, va(false))).isTrue();
    assertThat(covers(el1(7, 0, 0), 0, va(true))).isTrue();
    assertThat(covers(el1(7, 0, 0), 0, ipa())).isFalse();
    assertThat(covers(el1(7, 0, 0), 1, va(false))).as("another PE's").isFalse();
    assertThat(covers(el1(3, 0, 0), 1, va(false))).isTrue();
  }

  @Test
  void vae1TakesOneAddressOfOneAsidAndGlobalOnes() {
    assertThat(covers(el1(7, 1, 5L << 48 | 1), 0, va(false))).isTrue();
    assertThat(covers(el1(7, 1, 6L << 48 | 1), 0, va(false))).isFalse();
    assertThat(covers(el1(7, 1, 6L << 48 | 1), 0, va(true))).isTrue();
    assertThat(covers(el1(7, 1, 5L << 48 | 2), 0, va(false))).isFalse();
    assertThat(covers(el1(7, 3, 6L << 48 | 1), 0, va(false))).as("vaae1").isTrue();
  }

  @Test
  void aside1LeavesGlobalEntries() {
    assertThat(covers(el1(3, 2, 5L << 48), 0, va(false))).isTrue();
    assertThat(covers(el1(3, 2, 5L << 48), 0, va(true))).isFalse();
  }

  @Test
  void ipas2e1TakesStage2AndLeavesCombinedEntries() {
    assertThat(el2(0, 1, 5).operation()).isEqualTo("ipas2e1is");
    assertThat(covers(el2(0, 1, 5), 0, ipa())).isTrue();
    assertThat(covers(el2(0, 1, 6), 0, ipa())).isFalse();
    assertThat(covers(el2(0, 1, 5), 0, va(false))).isFalse();
  }

  @Test
  void vmalls12e1AndAlle1TakeBoth() {
    for (int op2 : new int[] {4, 6}) {
      assertThat(covers(el2(3, op2, 0), 0, ipa())).isTrue();
      assertThat(covers(el2(3, op2, 0), 0, va(false))).isTrue();
    }
    Invalidation.Situation other = new Invalidation.Situation(Regime.EL1_0, 8, 16, false);
    assertThat(covers(decode(4, 3, 6, 0, other), 0, ipa())).as("another VMID").isFalse();
    assertThat(covers(decode(4, 3, 4, 0, other), 0, ipa())).isTrue();
  }

  @Test
  void rangesReachAsFarAsNumAndScaleSay() {
    // TG = 4K, SCALE = 0, NUM = 0: two pages.
    long operand = 5L << 48 | 1L << 46;
    assertThat(el1(6, 1, operand).bytes()).isEqualTo(0x2000);
    assertThat(covers(el1(6, 1, operand), 0, va(false))).isTrue();
    assertThat(covers(el1(6, 1, operand | 2), 0, va(false))).isFalse();
    assertThat(covers(el2(4, 2, 1L << 46 | 4), 0, ipa())).as("ripas2e1").isTrue();
  }

  @Test
  void underTheHostTheNamesOfEl1MeanEl2() {
    Invalidation.Situation host = new Invalidation.Situation(Regime.EL2_0, 7, 16, true);
    TlbiScope all = decode(0, 7, 0, 0, host);
    assertThat(all.regime()).isEqualTo(Regime.EL2_0);
    assertThat(all.vmid()).isEqualTo(-1);
    assertThat(covers(all, 0, va(true))).isFalse();
  }

  @Test
  void whatIsNoTlbiIsNone() {
    assertThat(Invalidation.decode(0, 7, 4, 0, false, GUEST)).isNull();
    assertThat(Invalidation.decode(4, 0, 0, 0, false, GUEST)).isNull();
    assertThat(Invalidation.decode(6, 7, 0, 0, false, GUEST)).isNull();
  }
}
