package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Problem.Effect;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The parameters and the walk against the rules written down a second time. */
final class Stage2OracleTest {
  private static final int WALKS = Integer.getInteger("stagewalk.oracle.walks", 40_000);

  /** One combination of how many is judged, chosen by chance; 1 for all 6 million and minutes. */
  private static final int ONE_OF = Integer.getInteger("stagewalk.oracle.one-of", 16);

  private static final int[] PA_RANGES = {32, 36, 40, 42, 44, 48, 52};

  private static ArchitectureOracle oracle(Features features) {
    ArchitectureOracle oracle = new ArchitectureOracle();
    oracle.paMax = features.paBits();
    oracle.has4K = features.granules().contains(Granule.K4);
    oracle.has16K = features.granules().contains(Granule.K16);
    oracle.has64K = features.granules().contains(Granule.K64);
    oracle.lpa2 = !features.lpa2().isEmpty();
    oracle.ttst = features.smallTables();
    oracle.xnx = features.xnx();
    oracle.hafdbs = features.hardwareUpdates() != Features.HardwareUpdates.NONE;
    return oracle;
  }

  @Test
  void combinationsOfControlsAreJudgedAsTheArchitectureJudgesThem() {
    EnumSet<Granule> wide = EnumSet.of(Granule.K4, Granule.K16);
    Random chance = new Random(4);
    int legal = 0;
    int judged = 0;
    for (int support = 1; support < 8; support++) {
      EnumSet<Granule> granules = EnumSet.noneOf(Granule.class);
      for (Granule granule : Granule.values()) {
        if ((support >> granule.ordinal() & 1) != 0) {
          granules.add(granule);
        }
      }
      for (int paBits : PA_RANGES) {
        for (int options = 0; options < 4; options++) {
          Features features =
              Features.MAX
                  .withPaBits(paBits)
                  .withLpa2((options & 1) != 0 ? wide : EnumSet.noneOf(Granule.class))
                  .withSmallTables((options & 2) != 0)
                  .withGranules(granules);
          ArchitectureOracle oracle = oracle(features);
          oracle.lpa2 = (options & 1) != 0;
          for (int code = 0; code < 1 << 13; code++) {
            // T0SZ, SL0, TG0, PS, with DS and SL2 from a second loop.
            for (int dsSl2 = 0; dsSl2 < 4; dsSl2++) {
              if (chance.nextInt(ONE_OF) != 0) {
                continue;
              }
              long vtcr =
                  Vtcr.RES1
                      | (code & 0xff)
                      | (long) (code >> 8 & 3) << 14
                      | (long) (code >> 10) << 16
                      | (long) dsSl2 << 32;
              long vttbr = 0x1_2345_6789_abcdL & -2L | 0x3c;
              compareControls(oracle, vtcr, vttbr, features);
              judged++;
              legal += oracle.controls(vtcr, 0) == ArchitectureOracle.OK ? 1 : 0;
            }
          }
        }
      }
    }
    assertThat(judged).isGreaterThan(7 * 7 * 4 * 4 * 8192 / ONE_OF / 2);
    assertThat(legal).isBetween(judged / 20, judged / 2);
  }

  private static void compareControls(
      ArchitectureOracle oracle, long vtcr, long vttbr, Features features) {
    int expected = oracle.controls(vtcr, vttbr);
    Stage2Parameters p = Stage2Parameters.decode(vtcr, vttbr, 1, features);
    boolean refused =
        p.problems().stream().anyMatch(problem -> problem.effect() == Effect.TRANSLATION_FAULT);
    boolean beyond =
        p.problems().stream().anyMatch(problem -> problem.effect() == Effect.ADDRESS_SIZE_FAULT);
    boolean same =
        switch (expected) {
          case ArchitectureOracle.OK ->
              p.walkable()
                  && p.startLevel() == oracle.level(vtcr)
                  && p.rootBase() == oracle.rootBase(vtcr, vttbr)
                  && p.outputBits() == oracle.oaSize();
          case 0b000100 -> refused;
          default -> beyond && !refused;
        };
    if (!same) {
      fail("VTCR 0x%x on %s: rules say %d, we say %s", vtcr, features, expected, p.problems());
    }
  }

  @Test
  void randomTablesAndAddressesTranslateAsTheArchitectureSays() {
    Random random = new Random(20_260_401L);
    int[] ends = new int[64];
    int translated = 0;
    for (int i = 0; i < WALKS; i++) {
      Features features = randomFeatures(random);
      ArchitectureOracle oracle = oracle(features);
      long vtcr = randomVtcr(random, features);
      long anything = random.nextLong();
      long vttbr = random.nextInt(20) == 0 ? anything : anything >>> 24 & ~0x3cL;
      Stage2Parameters p = Stage2Parameters.decode(vtcr, vttbr, 1, features);
      long seed = random.nextLong();
      int scarcity = random.nextInt(4);
      oracle.memoryLimit = random.nextInt(8) == 0 ? 1L << 40 : 1L << 56;
      long ipa = random.nextLong() >>> (p.inputBits() > 0 ? 64 - p.inputBits() : 0);
      if (random.nextInt(16) == 0) {
        ipa = random.nextLong() >>> random.nextInt(40);
      }
      boolean el1 = random.nextBoolean();
      char kind = "rwxa".charAt(random.nextInt(4));

      int expected = oracle.walk(vtcr, vttbr, ipa, kind, el1, pa -> descriptor(seed, scarcity, pa));
      long limit = oracle.memoryLimit;
      Translation walk =
          Stage2Walk.walk(
              p,
              ipa,
              access(kind, el1),
              pa -> {
                if (pa >= limit) {
                  throw ExternalAbort.ABORT;
                }
                return descriptor(seed, scarcity, pa);
              });

      switch (walk.outcome()) {
        case Translation.Output output -> {
          translated++;
          if (expected != ArchitectureOracle.OK || output.address() != oracle.output) {
            fail("VTCR 0x%x IPA 0x%x: rules say %d, we say %s", vtcr, ipa, expected, output);
          }
        }
        case Translation.Fault fault -> {
          int code = fault.kind().statusCode(fault.level());
          ends[code]++;
          if (expected != code) {
            fail("VTCR 0x%x IPA 0x%x: rules say %d, we say %s", vtcr, ipa, expected, fault);
          }
        }
      }
      assertThat(walk.reads()).isEqualTo(oracle.reads);
    }
    // The random tables reach every end there is, or the comparison is worth little.
    assertThat(translated).isGreaterThan(WALKS / 50);
    int[] reachable = {
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0x13, 0x14, 0x15, 0x16, 0x17, 0x29, 0x2b
    };
    for (int code : reachable) {
      assertThat(ends[code]).as("fault status 0x%x", code).isPositive();
    }
  }

  private static Access access(char kind, boolean el1) {
    return switch (kind) {
      case 'r' -> new Access(Access.Kind.READ, 8, el1);
      case 'w' -> new Access(Access.Kind.WRITE, 8, el1);
      case 'a' -> new Access(Access.Kind.ATOMIC, 8, el1);
      default -> new Access(Access.Kind.FETCH, 4, el1);
    };
  }

  private static Features randomFeatures(Random random) {
    Features features =
        Features.MAX
            .withPaBits(PA_RANGES[random.nextInt(3) == 0 ? random.nextInt(7) : 6])
            .withSmallTables(random.nextInt(4) != 0)
            .withXnx(random.nextInt(4) != 0);
    if (random.nextInt(4) == 0) {
      features = features.withLpa2(EnumSet.noneOf(Granule.class));
    }
    return random.nextInt(4) == 0
        ? features.withHardwareUpdates(Features.HardwareUpdates.NONE)
        : features;
  }

  /** Mostly legal controls, sometimes anything. */
  private static long randomVtcr(Random random, Features features) {
    if (random.nextInt(10) == 0) {
      return random.nextLong() & 0x3_ffff_ffffL | Vtcr.RES1;
    }
    Granule granule = Granule.values()[random.nextInt(3)];
    int widest = Geometry.widest(granule, features);
    int bits = random.nextInt(3) == 0 ? widest : 25 + random.nextInt(widest - 24);
    var legal = Geometry.legal(granule, bits, features);
    long vtcr = legal.get(random.nextInt(legal.size())).vtcr();
    if (random.nextInt(3) == 0) {
      vtcr = vtcr & ~(7L << 16) | (long) random.nextInt(8) << 16;
    }
    if (random.nextInt(3) == 0) {
      vtcr |= Vtcr.HA;
    }
    return random.nextInt(3) == 0 ? vtcr | Vtcr.HD : vtcr;
  }

  /** A word of an endless memory of descriptors: the same address always holds the same one. */
  private static long descriptor(long seed, int scarcity, long pa) {
    Random random = new Random(seed ^ (pa * 0x9e37_79b9_7f4a_7c15L));
    random.nextLong();
    long word = random.nextLong();
    int choice = random.nextInt(16);
    if (choice > 1 + scarcity) {
      word |= 3;
    } else if (choice > 0) {
      word = word & ~2L | 1;
    }
    // Addresses of small machines, so that not every table lies beyond the output size.
    if (random.nextInt(8) != 0) {
      word &= ~0x3_ffff_0000_0000L & ~0xf300L;
      word |= 0x400;
    }
    return word;
  }
}
