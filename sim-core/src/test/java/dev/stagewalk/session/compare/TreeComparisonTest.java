package dev.stagewalk.session.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.check.TableTree;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Tables that a test writes, before and after it writes more. */
final class TreeComparisonTest {
  private static final long RAM = 0x4000_0000L;
  private static final long ROOT = RAM + 0x1000;
  private static final long LEVEL_2 = RAM + 0x2000;
  private static final long LEVEL_3 = RAM + 0x3000;
  private static final long OTHER = RAM + 0x5000;

  /** 4K granule, 39-bit IPA, from level 1: one root table. */
  private static final long VTCR = 0x8002_3559L;

  private static final long TABLE = 3;

  /** Normal Write-Back, Inner Shareable, accessed, not to be executed. */
  private static final long READ_ONLY = 1L << 54 | 0x400 | 3 << 8 | 1 << 6 | 0xf << 2;

  private static final long PAGE = READ_ONLY | 1 << 7 | 3;
  private static final long BLOCK = READ_ONLY | 1 << 7 | 1;

  private final PhysicalMemory ram = new PhysicalMemory(RAM, 64 << 20);

  private void put(long table, int index, long descriptor) {
    ram.write(table + 8L * index, 8, descriptor);
  }

  /** A page at IPA 0 and one behind it. */
  private void twoPages() {
    put(ROOT, 0, LEVEL_2 | TABLE);
    put(LEVEL_2, 0, LEVEL_3 | TABLE);
    put(LEVEL_3, 0, 0x8000_0000L | PAGE);
    put(LEVEL_3, 1, 0x8000_1000L | PAGE);
  }

  private static DescriptorReader reader(MemoryImage memory) {
    return pa -> memory.read(pa, 8);
  }

  private static NamedTree stage2(MemoryImage memory, long vtcr, long root) {
    Stage2Parameters parameters =
        Stage2Parameters.decode(vtcr, root, 1, Features.MAX.withPaBits(48));
    return new NamedTree(TableTree.of(parameters, BbmSupport.LEVEL_0, reader(memory)), true);
  }

  private TreeDifference since(MemoryImage before) {
    return since(before, VTCR, ROOT, VTCR, ROOT);
  }

  private TreeDifference since(
      MemoryImage before, long vtcr, long root, long vtcrNow, long rootNow) {
    MemoryImage now = ram.image();
    return TreeComparison.of(
        stage2(before, vtcr, root), before, stage2(now, vtcrNow, rootNow), now, new TablePages());
  }

  @Test
  void tablesThatNobodyWroteAreEqual() {
    twoPages();
    TreeDifference same = since(ram.image());
    assertThat(same.isEqual()).isTrue();
    assertThat(same.effects().isEqual()).isTrue();
  }

  @Test
  void aChangedPageIsNamedWithItsPlaceAndWithBothValues() {
    twoPages();
    MemoryImage before = ram.image();
    put(LEVEL_3, 1, 0x8000_1000L | READ_ONLY | 3);
    TreeDifference found = since(before);

    assertThat(found.descriptors()).isOne();
    EntryDifference entry = found.entries().getFirst();
    assertThat(entry.where())
        .isEqualTo("level 3 entry 1 of the table at 0x4000_3000, IPA 0x0000_1000 (4 KiB)");
    assertThat(entry.firstPa()).isEqualTo(LEVEL_3 + 8);
    assertThat(entry.firstSays()).isEqualTo("page 0x8000_1000, rw-, Normal Write-Back");
    assertThat(entry.secondSays()).isEqualTo("page 0x8000_1000, r--, Normal Write-Back");
    assertThat(entry.sameEffect()).isFalse();
    assertThat(found.effects().changed()).isEqualTo(4096);
    assertThat(found.effects().ranges()).hasSize(1);
  }

  @Test
  void aSplitBlockIsTheSameInEffect() {
    put(ROOT, 0, LEVEL_2 | TABLE);
    put(LEVEL_2, 5, 0x8020_0000L | BLOCK);
    MemoryImage before = ram.image();
    for (int i = 0; i < 512; i++) {
      put(LEVEL_3, i, 0x8020_0000L + 4096L * i | PAGE);
    }
    put(LEVEL_2, 5, LEVEL_3 | TABLE);
    TreeDifference found = since(before);

    assertThat(found.descriptors()).isOne();
    EntryDifference entry = found.entries().getFirst();
    assertThat(entry.sameEffect()).isTrue();
    assertThat(entry.secondSays()).isEqualTo("table 0x4000_3000 with 512 descriptors below it");
    assertThat(found.effects().isEqual()).isTrue();

    put(LEVEL_3, 7, 0);
    TreeDifference withHole = since(before);
    assertThat(withHole.entries().getFirst().sameEffect()).isFalse();
    assertThat(withHole.effects().ranges())
        .singleElement()
        .satisfies(range -> {
          assertThat(range.input()).isEqualTo(0xa0_7000L);
          assertThat(range.bytes()).isEqualTo(4096);
          assertThat(EffectDifference.words(range.first()))
              .isEqualTo("0x8020_7000, rw-, Normal Write-Back");
          assertThat(EffectDifference.words(range.second())).isEqualTo("not mapped");
        });
  }

  @Test
  void neighboursThatChangedAlikeAreOneGroup() {
    twoPages();
    MemoryImage before = ram.image();
    for (int i = 2; i < 300; i++) {
      put(LEVEL_3, i, 0x9000_0000L + 4096L * i | PAGE);
    }
    put(LEVEL_3, 300, 0xa000_0000L | PAGE);
    TreeDifference found = since(before);

    assertThat(found.descriptors()).isEqualTo(299);
    assertThat(found.groups()).isEqualTo(2);
    assertThat(found.entries()).extracting(EntryDifference::count).containsExactly(298L, 1L);
    assertThat(found.entries().getFirst().where())
        .isEqualTo(
            "level 3, 298 entries from 2 of the table at 0x4000_3000, IPA 0x0000_2000 (1192 KiB)");
    assertThat(found.effects().onlySecond()).isEqualTo(299 * 4096L);
    assertThat(found.effects().count()).isEqualTo(2);
  }

  @Test
  void aTableThatMovedDiffersOnlyAboveAndNotInEffect() {
    twoPages();
    MemoryImage before = ram.image();
    put(OTHER, 0, 0x8000_0000L | PAGE);
    put(OTHER, 1, 0x8000_1000L | PAGE);
    put(LEVEL_2, 0, OTHER | TABLE);
    TreeDifference found = since(before);

    assertThat(found.descriptors()).isOne();
    assertThat(found.entries().getFirst().place().level()).isEqualTo(2);
    assertThat(found.entries().getFirst().sameEffect()).isTrue();
    assertThat(found.effects().isEqual()).isTrue();
  }

  @Test
  void tablesOfAnotherGeometryAreComparedByEffect() {
    twoPages();
    // 40-bit IPA: two concatenated tables at level 1.
    MemoryImage before = ram.image();
    long wide = RAM + 0x1_0000;
    put(wide, 0, LEVEL_2 | TABLE);
    put(wide, 600, 0xc000_0000L | BLOCK);
    TreeDifference found = since(before, VTCR, ROOT, 0x8002_3558L, wide);

    assertThat(found.sameGeometry()).isFalse();
    assertThat(found.isEqual()).isFalse();
    assertThat(found.effects().ranges())
        .singleElement()
        .satisfies(range -> {
          assertThat(range.input()).isEqualTo(600L << 30);
          assertThat(range.bytes()).isEqualTo(1L << 30);
          assertThat(range.first()).isNull();
        });
  }

  @Test
  void aTableThatLeadsToItselfEnds() {
    for (int i = 0; i < 512; i++) {
      put(ROOT, i, ROOT | TABLE);
    }
    MemoryImage before = ram.image();
    put(ROOT, 3, 0);
    TreeDifference found = since(before);
    assertThat(found.descriptors()).isOne();
    assertThat(found.entries().getFirst().firstSays()).startsWith("table 0x4000_1000");
  }

  @Test
  void equalDescriptorsUnderAnotherMairAreTranslatedDifferently() {
    put(LEVEL_2, 0, LEVEL_3 | TABLE);
    put(LEVEL_3, 3, 0x4567_0000L | 0x400 | 3 << 8 | 3);
    put(ROOT, 0, LEVEL_2 | TABLE);
    MemoryImage memory = ram.image();
    TreeDifference found =
        TreeComparison.of(
            stage1(memory, 0xff), memory, stage1(memory, 0x04), memory, new TablePages());

    assertThat(found.descriptors()).isZero();
    assertThat(found.effects().ranges())
        .singleElement()
        .satisfies(range -> {
          assertThat(range.input()).isEqualTo(0x3000);
          assertThat(EffectDifference.words(range.first())).endsWith("Normal Write-Back");
          assertThat(EffectDifference.words(range.second())).endsWith("Device-nGnRE");
        });
  }

  /** EL1&0, 4K granule, 39-bit VA, TTBR0 alone. */
  private static NamedTree stage1(MemoryImage memory, long mair) {
    long tcr = 25 | 1 << 8 | 1 << 10 | 3 << 12 | 1L << 23 | 5L << 32;
    Stage1Parameters parameters =
        Stage1Parameters.decode(
            new Stage1Registers(Regime.EL1_0, 0x1005, tcr, ROOT, 0, mair, 1), Features.MAX);
    return new NamedTree(
        TableTree.of(parameters, null, BbmSupport.LEVEL_0, reader(memory)).getFirst(), true);
  }

  @Test
  void whatDiffersInEffectIsWhatTheWalkerSays() {
    Random random = new Random(7);
    int differ = 0;
    for (int round = 0; round < 30; round++) {
      scribble(random);
      MemoryImage before = ram.image();
      scribble(random);
      MemoryImage now = ram.image();
      List<EffectDifference> found = since(before).effects().ranges();
      for (long ipa = 0; ipa < 1L << 23; ipa += 4096) {
        long at = ipa;
        boolean named =
            found.stream().anyMatch(r -> at - r.input() >= 0 && at - r.input() < r.bytes());
        assertThat(named)
            .as("round " + round + ", IPA " + Hex.address(ipa))
            .isEqualTo(!walked(before, ipa).equals(walked(now, ipa)));
        differ += named ? 1 : 0;
      }
    }
    assertThat(differ).isBetween(1000, 60_000);
  }

  /** Writes some descriptors of every kind: tables, blocks, pages, invalid ones. */
  private void scribble(Random random) {
    put(ROOT, 0, LEVEL_2 | TABLE);
    for (int n = 0; n < 6; n++) {
      long table = random.nextBoolean() ? LEVEL_3 : OTHER;
      int from = random.nextInt(512);
      long rights = random.nextBoolean() ? PAGE : READ_ONLY | 3;
      long output = (long) random.nextInt(1 << 12) << 12;
      for (int i = from; i < Math.min(512, from + 100); i++) {
        put(table, i, random.nextInt(20) == 0 ? 0 : output + 4096L * i | rights);
      }
    }
    for (int i = 0; i < 4; i++) {
      long block = (long) random.nextInt(1 << 6) << 21 | BLOCK;
      long[] choice = {0, LEVEL_3 | TABLE, OTHER | TABLE, block, 2};
      put(LEVEL_2, i, choice[random.nextInt(choice.length)]);
    }
  }

  /** Output address and permissions, or that there is none, of a read and of a write. */
  private static String walked(MemoryImage memory, long ipa) {
    Stage2Parameters parameters =
        Stage2Parameters.decode(VTCR, ROOT, 1, Features.MAX.withPaBits(48));
    return Stage2Walk.walk(parameters, ipa, Access.read(8), reader(memory)).outcome()
            instanceof Translation.Output output
        ? Hex.address(output.address()) + output.writable()
        : "fault";
  }

  @Test
  void aMillionLeavesAreComparedFarWithinASecond() {
    long tables = RAM + 0x10_0000;
    put(ROOT, 0, LEVEL_2 | TABLE);
    put(ROOT, 1, OTHER | TABLE);
    put(ROOT, 2, OTHER + 0x1000 | TABLE);
    put(ROOT, 3, OTHER + 0x2000 | TABLE);
    for (int t = 0; t < 2048; t++) {
      long above = t < 512 ? LEVEL_2 : OTHER + 0x1000L * (t / 512 - 1);
      put(above, t & 511, tables + 4096L * t | TABLE);
      for (int i = 0; i < 512; i++) {
        put(tables + 4096L * t, i, 0x1_0000_0000L + 4096L * (512L * t + i) | PAGE);
      }
    }
    MemoryImage before = ram.image();
    put(tables + 4096L * 1000, 5, 0);
    long one = fastest(() -> assertThat(since(before).descriptors()).isOne());
    assertThat(one).as("ms, one leaf differs").isLessThan(500);

    for (int t = 0; t < 2048; t++) {
      for (int i = 0; i < 512; i++) {
        put(tables + 4096L * t, i, 0x1_0000_0000L + 4096L * (512L * t + i) | READ_ONLY | 3);
      }
    }
    long all =
        fastest(() -> {
          TreeDifference found = since(before);
          assertThat(found.descriptors()).isEqualTo(1 << 20);
          assertThat(found.groups()).isOne();
          assertThat(found.effects().count()).isOne();
        });
    assertThat(all).as("ms, every leaf differs").isLessThan(1000);
  }

  /** Milliseconds of the fastest of a few: others have the processor too. */
  private static long fastest(Runnable comparison) {
    return LongStream.range(0, 4)
        .map(n -> {
          long began = System.nanoTime();
          comparison.run();
          return (System.nanoTime() - began) / 1_000_000;
        })
        .min()
        .orElseThrow();
  }
}
