package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.mmu.Problem.Kind;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

final class Stage2ParametersTest {
  private static final long VM = 1;

  private static Stage2Parameters decode(long vtcr, long vttbr, Features features) {
    return Stage2Parameters.decode(vtcr, vttbr, VM, features);
  }

  @Test
  void thePostedValueFor4KMeans48BitsFromLevel0() {
    Stage2Parameters p = decode(0x53590, 0x0003_0000_4020_3000L, Features.MAX);

    assertThat(p.granule()).isEqualTo(Granule.K4);
    assertThat(p.inputBits()).isEqualTo(48);
    assertThat(p.startLevel()).isZero();
    assertThat(p.rootTables()).isEqualTo(1);
    assertThat(p.rootBase()).isEqualTo(0x4020_3000L);
    assertThat(p.outputBits()).isEqualTo(48);
    assertThat(p.vmid()).isEqualTo(3);
    assertThat(p.problems()).extracting(Problem::kind).containsExactly(Kind.RES1_CLEAR);
    assertThat(p.walkable()).isTrue();
  }

  @Test
  void sixteenKWith48BitsNeedsTwoRootsAndTheWalkerMasksAnOddOne() {
    Stage2Parameters p = decode(0x8005_b590L, 0x402e_c000L, Features.MAX);

    assertThat(p.rootTables()).isEqualTo(2);
    assertThat(p.rootAlignment()).isEqualTo(32 << 10);
    assertThat(p.rootBase()).isEqualTo(0x402e_8000L);
    assertThat(p.problems()).extracting(Problem::kind).containsExactly(Kind.ROOT_MISALIGNED);
    assertThat(p.problems().getFirst().sentence()).contains("0x402e_8000");
  }

  @Test
  void aStartLevelNeedsPaRangeWhateverPsSays() {
    long from0 = 0x8002_3598L;
    Stage2Parameters narrow = decode(from0, 0x4000_0000L, Features.MAX.withPaBits(40));

    assertThat(narrow.problems())
        .extracting(Problem::kind)
        .contains(Kind.START_LEVEL_NEEDS_WIDER_PA);
    assertThat(narrow.walkable()).isFalse();
    assertThat(decode(0x8002_3594L, 0x4000_0000L, Features.MAX.withPaBits(44)).walkable()).isTrue();
  }

  @Test
  void vmidsHave16BitsOnlyWithVsAndTheFeature() {
    long vttbr = 0x0101_0000_4000_0000L;

    assertThat(decode(0x8005_3590L, vttbr, Features.MAX).vmid()).isEqualTo(1);
    assertThat(decode(0x8005_3590L | Vtcr.VS, vttbr, Features.MAX).vmid()).isEqualTo(0x101);
    assertThat(decode(0x8005_3590L | Vtcr.VS, vttbr, Features.MAX.withVmid16(false)).problems())
        .extracting(Problem::kind)
        .containsExactly(Kind.VMID_16_NOT_IMPLEMENTED, Kind.VMID_BITS_IGNORED);
  }

  @Test
  void anUnsupportedGranuleIsNamedAndReplaced() {
    Features no16K = Features.MAX.withGranules(EnumSet.of(Granule.K4, Granule.K64));
    Stage2Parameters p = decode(0x8005_b590L, 0x4000_0000L, no16K);

    assertThat(p.granule()).isEqualTo(Granule.K4);
    assertThat(p.problems()).extracting(Problem::kind).contains(Kind.GRANULE_NOT_SUPPORTED);
  }

  @Test
  void aT0szOutOfRangeFaultsOrIsClampedAsThePolicySays() {
    long vtcr = 0x8005_3510L | 40;
    Features noTtst = Features.MAX.withSmallTables(false);

    assertThat(decode(vtcr, 0, noTtst).walkable()).isFalse();
    Stage2Parameters clamped =
        Stage2Parameters.decode(vtcr, 0, VM, noTtst, Stage2Parameters.OutOfRangeT0sz.CLAMP);
    assertThat(clamped.inputBits()).isEqualTo(25);
    assertThat(clamped.walkable()).isTrue();
  }

  @Test
  void hostRegimeHasNoStage2() {
    assertThat(
            Stage2Parameters.decode(0x8005_3590L, 0, 1L | 1L << 27 | 1L << 34, Features.MAX)
                .enabled())
        .isFalse();
    assertThat(Stage2Parameters.decode(0x8005_3590L, 0, 1L << 12, Features.MAX).enabled()).isTrue();
  }

  @Test
  void factsSayWhatOneWouldAsk() {
    assertThat(decode(0x8002_3558L, 0x0001_0000_4000_0000L, Features.MAX).derivedFacts())
        .contains(
            new Fact("Granule", "4K"),
            new Fact("IPA size", "40 bits, 1 TiB"),
            new Fact("Start level", "1"),
            new Fact("Concatenated root tables", "2"),
            new Fact("Root alignment", "8 KiB"),
            new Fact("VMID", "1 (8 bits)"),
            new Fact("One entry of level 1 covers", "1 GiB"),
            new Fact("One entry of level 2 covers", "2 MiB"),
            new Fact("One entry of level 3 covers", "4 KiB"));
  }

  @Test
  void featureRegistersOfRealPesAreRead() {
    Features a76 = Features.of(0x101122, 0x10212122, 0x1011);

    assertThat(a76.paBits()).isEqualTo(40);
    assertThat(a76.granules()).containsExactlyInAnyOrder(Granule.K4, Granule.K16, Granule.K64);
    assertThat(a76.vmid16()).isTrue();
    assertThat(a76.xnx()).isTrue();
    assertThat(a76.smallTables()).isFalse();
    assertThat(a76.fwb()).isFalse();
    assertThat(Features.of(0x1124, 0, 0).granules()).doesNotContain(Granule.K16);
    assertThat(Features.of(0x2100032310201126L, 0x110112010312122L, 0x1221011112011011L))
        .isEqualTo(Features.MAX);
  }
}
