package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.mmu.TableSweep.Kind;
import dev.stagewalk.mmu.TableSweep.Oddity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TableSweepTest {
  private static final long ROOT = 0x1_0000;

  /** 4K granule, 39-bit IPA, from level 1: one root table. */
  private static final long VTCR = 0x8002_3559L;

  private final Map<Long, Long> memory = new HashMap<>();
  private final List<String> met = new ArrayList<>();
  private final List<Oddity> odd = new ArrayList<>();

  /** Tables are whole pages; what nobody stored in them is 0, and there is nothing else. */
  private final DescriptorReader reader =
      pa -> {
        if (memory.keySet().stream().noneMatch(at -> at >>> 12 == pa >>> 12)) {
          throw ExternalAbort.ABORT;
        }
        return memory.getOrDefault(pa, 0L);
      };

  private final TableSweep.Visitor visitor =
      new TableSweep.Visitor() {
        @Override
        public void leaf(long ipa, int level, long pa, long descriptor) {
          met.add("leaf %x L%d -> %x".formatted(ipa, level, pa));
        }

        @Override
        public void invalid(long ipa, int level, long descriptor) {
          met.add("invalid %x L%d %x".formatted(ipa, level, descriptor));
        }

        @Override
        public void oddity(Oddity oddity) {
          odd.add(oddity);
        }
      };

  @Test
  void everyEntryThatIsNotZeroIsMetInOrderOfIpa() {
    memory.put(ROOT, 0x2_0003L);
    memory.put(ROOT + 8, 0x4000_07fdL);
    memory.put(0x2_0000L, 0x3_0003L);
    memory.put(0x2_0018L, 0xdead_0000L);
    memory.put(0x3_0008L, 0x5000_07ffL);
    memory.put(0x3_0010L, 0x5000_07fdL);
    assertThat(sweep(100)).isEqualTo(new TableSweep.Done(3, true));
    assertThat(met)
        .containsExactly(
            "leaf 1000 L3 -> 50000000",
            "invalid 2000 L3 500007fd",
            "invalid 600000 L2 dead0000",
            "leaf 40000000 L1 -> 40000000");
    assertThat(odd).extracting(Oddity::kind).containsExactly(Kind.RESERVED);
    assertThat(odd.getFirst().sentence())
        .contains("level 3 entry at 0x0003_0010", "0b01", "reserved at level 3");
  }

  @Test
  void aTableThatLeadsBackToItselfIsNamedAndNotEntered() {
    memory.put(ROOT, 0x2_0003L);
    memory.put(ROOT + 8, ROOT | 3);
    memory.put(0x2_0000L, 0x2_0003L);
    memory.put(0x2_0008L, ROOT | 3);
    memory.put(0x2_0010L, 0x4000_07fdL);
    assertThat(sweep(100)).isEqualTo(new TableSweep.Done(2, true));
    assertThat(met).containsExactly("leaf 400000 L2 -> 40000000");
    assertThat(odd).extracting(Oddity::kind).containsOnly(Kind.LOOP).hasSize(3);
    assertThat(odd.getFirst().sentence())
        .contains("level 2 entry at 0x0002_0000", "names the table at 0x0002_0000", "a loop");
  }

  @Test
  void tablesSharedInMillionsEndAtTheLimit() {
    for (int i = 0; i < 512; i++) {
      memory.put(ROOT + 8 * i, 0x2_0003L);
      memory.put(0x2_0000L + 8 * i, 0x3_0003L);
    }
    memory.put(0x3_0000L, 0x5000_07ffL);
    assertThat(sweep(300)).isEqualTo(new TableSweep.Done(300, false));
    assertThat(odd).extracting(Oddity::kind).containsExactly(Kind.TOO_MANY_TABLES);
  }

  @Test
  void whatCannotBeReadIsNamedOnceAndTheSweepGoesOn() {
    memory.put(ROOT, 0x2_0003L);
    memory.put(ROOT + 8, 0x4000_07fdL);
    sweep(100);
    assertThat(met).containsExactly("leaf 40000000 L1 -> 40000000");
    assertThat(odd).extracting(Oddity::kind).containsExactly(Kind.NO_MEMORY);
    assertThat(odd.getFirst().sentence())
        .isEqualTo(
            "the level 2 table at 0x0002_0000 cannot be read: no memory at 0x0002_0000 to"
                + " 0x0002_0fff");
  }

  @Test
  void aRootOfWhichOnlySomePagesAreThereIsReadInParts() {
    // 40-bit IPA from level 1: two concatenated tables, and the first is missing.
    memory.put(ROOT + 0x1000, 0x4000_07fdL);
    TableSweep.over(parameters(0x8002_3558L), reader, visitor);
    assertThat(met).containsExactly("leaf 8000000000 L1 -> 40000000");
    assertThat(odd).singleElement().extracting(Oddity::sentence).asString().startsWith("a part of");
  }

  @Test
  void addressesBeyondTheOutputSizeAreNamed() {
    memory.put(ROOT, 1L << 41 | 3);
    memory.put(ROOT + 8, 1L << 41 | 0x7fd);
    sweep(100);
    assertThat(odd)
        .extracting(Oddity::kind)
        .containsExactly(Kind.TABLE_BEYOND_OUTPUT_SIZE, Kind.OUTPUT_BEYOND_OUTPUT_SIZE);
  }

  @Test
  void nothingIsMetWhereEveryWalkFaults() {
    assertThat(TableSweep.over(parameters(VTCR & ~0x3fL), reader, visitor))
        .isEqualTo(new TableSweep.Done(0, true));
  }

  private TableSweep.Done sweep(long limit) {
    return TableSweep.over(parameters(VTCR), reader, visitor, limit);
  }

  private static Stage2Parameters parameters(long vtcr) {
    return Stage2Parameters.decode(vtcr, ROOT, 1, Features.MAX.withPaBits(40));
  }
}
