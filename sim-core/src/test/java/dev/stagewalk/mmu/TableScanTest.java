package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.TableScan.Range;
import dev.stagewalk.mmu.TableScan.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TableScanTest {
  private static final long ROOT = 0x4000_0000L;
  private static final long LEVEL_2 = 0x4000_2000L;
  private static final long LEVEL_3 = 0x4000_3000L;
  private static final long RW = 0x7ff;

  private final PhysicalWords memory =
      new PhysicalWords(0x8000_0000L)
          .put(ROOT + 8 * 513, LEVEL_2 | 3)
          .put(LEVEL_2 + 8 * 1, LEVEL_3 | 3)
          .put(LEVEL_2 + 8 * 2, 0x5000_0000L | RW & ~2)
          .put(LEVEL_2 + 8 * 3, 0x5020_0000L | RW & ~2);

  private TableScan scan() {
    return new TableScan(Stage2Parameters.decode(0x8005_3558L, ROOT, 1, Features.MAX), memory);
  }

  @Test
  void theConcatenatedRootIsOneTable() {
    TableScan scan = scan();
    Table root = scan.root();

    assertThat(root.entries()).isEqualTo(1024);
    assertThat(scan.validEntries(root)).isEqualTo(1);
    assertThat(scan.ipaOf(root, 513)).isEqualTo(513L << 30);
  }

  @Test
  void aPathLeadsToItsTableAndItsEntriesKnowTheirIpas() {
    TableScan scan = scan();
    Table table = scan.at(List.of(513, 1)).orElseThrow();

    assertThat(table.base()).isEqualTo(LEVEL_3);
    assertThat(table.level()).isEqualTo(3);
    assertThat(scan.ipaOf(table, 7)).isEqualTo((513L << 30) + (1L << 21) + (7L << 12));
    assertThat(scan.tablesOf(scan.ipaOf(table, 7))).hasSize(3).last().isEqualTo(table);
    assertThat(scan.at(List.of(513, 2))).isEmpty();
    assertThat(scan.at(List.of(0))).isEmpty();
  }

  @Test
  void leavesThatFollowEachOtherAreOneRange() {
    for (int i = 0; i < 10; i++) {
      memory.put(LEVEL_3 + 8 * (20 + i), 0x6000_0000L + 4096L * i | RW);
    }
    memory.put(LEVEL_3 + 8 * 30, 0x6000_a000L | RW & ~0x80);
    memory.put(LEVEL_3 + 8 * 40, 0x6000_b000L | RW);
    long base = 513L << 30;

    TableScan.Ranges found = scan().ranges();

    assertThat(found.ranges())
        .extracting(Range::ipa, Range::pa, Range::bytes, Range::level, Range::leaves)
        .containsExactly(
            tuple(base + 0x21_4000, 0x6000_0000L, 0xa000L, 3, 10L),
            tuple(base + 0x21_e000, 0x6000_a000L, 0x1000L, 3, 1L),
            tuple(base + 0x22_8000, 0x6000_b000L, 0x1000L, 3, 1L),
            tuple(base + 0x40_0000, 0x5000_0000L, 0x40_0000L, 2, 2L));
    assertThat(found.leaves()).isEqualTo(14);
    assertThat(found.tables()).isEqualTo(3);
    assertThat(found.complete()).isTrue();
  }

  @Test
  void aTableThatNamesItselfDoesNotHoldTheScan() {
    for (int i = 0; i < 512; i++) {
      memory.put(LEVEL_2 + 8L * i, LEVEL_2 | 3);
      memory.put(ROOT + 8L * i, LEVEL_2 | 3);
    }

    TableScan.Ranges found = scan().ranges(1000);

    assertThat(found.complete()).as("the loop is not followed").isFalse();
    assertThat(found.tables()).isEqualTo(1 + 513);
  }

  @Test
  void aTableOutsideMemoryIsCountedAndNotEntered() {
    memory.put(ROOT, 0x9000_0000L | 3);

    assertThat(scan().ranges().unreadable()).isEqualTo(1);
    Table outside = scan().at(List.of(0)).orElseThrow();
    assertThat(scan().kind(outside, 0)).isEqualTo(Verdict.EXTERNAL_ABORT);
    assertThat(scan().validEntries(outside)).isZero();
  }

  @Test
  void everyRangeSaysWhatTheWalkSays() {
    Stage2Parameters parameters = Stage2Parameters.decode(0x8005_3558L, ROOT, 1, Features.MAX);
    for (Range range : scan().ranges().ranges()) {
      long last = range.ipa() + range.bytes() - 1;
      var output =
          (Translation.Output) Stage2Walk.walk(parameters, last, Access.read(1), memory).outcome();
      assertThat(output.address()).isEqualTo(range.pa() + range.bytes() - 1);
    }
  }
}
