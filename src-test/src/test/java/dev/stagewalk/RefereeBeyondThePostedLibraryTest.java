package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.check.MissingStep;
import dev.stagewalk.check.Referee;
import dev.stagewalk.check.Ruling;
import dev.stagewalk.hyp.Defect;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.hyp.MapFlags;
import dev.stagewalk.hyp.Stage2Mmu;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the library does beyond the posted one, with a guest that runs after every call and the
 * referee watching: all granules, block levels, roots of one table and of several.
 */
final class RefereeBeyondThePostedLibraryTest {
  private static final long STRUCT = 0x1000_0000L;
  private static final long PA_BASE = 0x8000_0000L;
  private static final long RW = MapFlags.data(Defects.NONE);
  private static final long RO = MapFlags.readOnlyData(Defects.NONE);
  private static final long READ_ONLY = MapFlags.READ | MapFlags.XN;
  private static final long READ_WRITE = READ_ONLY | MapFlags.WRITE;

  /** Granule, IPA size, level of the blocks; concatenated roots are the third of each granule. */
  static Stream<Arguments> geometries() {
    return Stream.of(
        Arguments.of(Granule.K4, 48, 1, 0),
        Arguments.of(Granule.K4, 39, 2, 1),
        Arguments.of(Granule.K4, 42, 1, 1),
        Arguments.of(Granule.K4, 32, 2, 2),
        Arguments.of(Granule.K16, 48, 2, 1),
        Arguments.of(Granule.K16, 36, 2, 2),
        Arguments.of(Granule.K16, 40, 2, 2),
        Arguments.of(Granule.K64, 48, 2, 1),
        Arguments.of(Granule.K64, 42, 2, 2),
        Arguments.of(Granule.K64, 44, 2, 2));
  }

  /** A stage 2 in use, and calls of the library chosen by chance. */
  private static final class Calls {
    final JudgedWorld world = new JudgedWorld(4096, PA_BASE);
    final Stage2Mmu mmu;
    final Granule granule;
    final Random random;
    final Set<Ruling.Verdict> verdicts = EnumSet.noneOf(Ruling.Verdict.class);
    final long far;
    private final int level;
    private boolean quiet;

    Calls(Defects defects, Granule granule, int ipaBits, int level, int seed) {
      this.granule = granule;
      this.level = level;
      this.random = new Random(seed);
      this.mmu = new Stage2Mmu(world, defects, STRUCT);
      assertThat(mmu.init(3, granule, ipaBits, true).words()).isEqualTo("ok");
      mmu.enable();
      // The upper half lies behind another entry of the root, or in another table of it.
      this.far = 1L << ipaBits - 1;
    }

    void call() {
      long page = granule.bytes();
      long block = 1L << granule.levelShift(2);
      long ipa =
          (random.nextBoolean() ? far : 0)
              + random.nextInt(2) * block
              + random.nextInt(3) * random.nextInt(5) * page;
      long size = random.nextInt(3) == 0 ? block : (1 + random.nextInt(9)) * page;
      boolean write = random.nextBoolean();
      quiet = false;
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> mmu.map(ipa, ipa % far, size, write ? RW : RO);
        case 3 -> mmu.protect(ipa, size, write ? READ_WRITE : READ_ONLY);
        case 4 -> mmu.clearAccess(ipa, size, true);
        case 5 -> {
          mmu.clearAccess(ipa, size, false);
          quiet = true;
        }
        case 6 -> mmu.setAccess(ipa);
        case 7 -> mmu.split(ipa);
        case 8 -> mmu.merge(ipa, write ? 2 : level);
        case 9 -> mmu.startLog(ipa, size);
        case 10 -> {
          mmu.logWrite(ipa);
          mmu.collectLog(ipa, size);
        }
        default -> mmu.stopLog();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void thereIsNothingToSayOfAnyCall(Granule granule, int ipaBits, int level, int root) {
    nothingToSay(granule, ipaBits, level, root, 1);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("geometries")
  void thereIsNothingToSayOfManyCalls(Granule granule, int ipaBits, int level, int root) {
    nothingToSay(granule, ipaBits, level, root, 20);
  }

  private static void nothingToSay(Granule granule, int ipaBits, int level, int root, int seeds) {
    for (int seed = 0; seed < seeds; seed++) {
      Calls calls = new Calls(Defects.NONE, granule, ipaBits, level, seed);
      assertThat(calls.mmu.rootLevel()).isEqualTo(root);
      boolean unflushed = false;
      for (int step = 0; step < 45; step++) {
        calls.call();
        unflushed |= calls.quiet;
        for (Ruling ruling : calls.world.takeRulings()) {
          assertThat(ruling.isViolation())
              .as("seed %d, step %d: %s", seed, step, ruling.words())
              .isFalse();
          calls.verdicts.add(ruling.verdict());
        }
        if (!unflushed) {
          assertThat(calls.world.outstanding()).as("seed %d, step %d", seed, step).isEmpty();
        }
        assertThat(calls.world.outstanding())
            .as("only cleared Access flags wait for a TLBI")
            .extracting(Referee.Outstanding::missing)
            .allMatch(missing -> missing == MissingStep.TLBI);
        calls.world.guestRuns();
        assertThat(calls.world.takeRulings()).isEmpty();
      }
      assertThat(calls.verdicts)
          .contains(Ruling.Verdict.BREAK, Ruling.Verdict.MADE, Ruling.Verdict.NEEDS_TLBI);
      calls.mmu.destroy();
      assertThat(calls.world.takeRulings()).noneMatch(Ruling::isViolation);
      assertThat(calls.world.outstanding()).isEmpty();
    }
  }

  @Test
  void withoutTheDsbBeforeTheTlbiTheSameCallsAreLackingIt() {
    Calls calls = new Calls(Defects.of(Defect.NO_DSB_BEFORE_TLBI), Granule.K4, 40, 1, 1);
    calls.mmu.map(0, 0, 4096, RW);
    calls.world.guestRuns();
    calls.mmu.protect(0, 4096, READ_ONLY);
    assertThat(calls.world.outstanding())
        .extracting(Referee.Outstanding::missing)
        .containsOnly(MissingStep.DSB_BEFORE_TLBI);
  }

  @Test
  void underAnotherVmidTheMaintenanceIsStillOfItsOwn() {
    Calls calls = new Calls(Defects.NONE, Granule.K4, 40, 1, 1);
    calls.mmu.map(0, 0, 1L << 30, RW);
    calls.world.guestRuns();
    calls.world.writeRegister("VTTBR_EL2", 9L << 48 | PA_BASE + 0x100_0000L);
    calls.world.isb();
    calls.mmu.protect(4096, 4096, READ_ONLY);
    calls.mmu.startLog(0, 1L << 21);
    calls.mmu.stopLog();
    assertThat(calls.world.takeRulings()).noneMatch(Ruling::isViolation);
    assertThat(calls.world.outstanding()).isEmpty();
    assertThat(calls.world.register("VTTBR_EL2") >>> 48).isEqualTo(9);
  }
}
