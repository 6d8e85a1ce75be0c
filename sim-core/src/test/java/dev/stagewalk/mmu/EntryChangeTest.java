package dev.stagewalk.mmu;

import static dev.stagewalk.mmu.ChangeReason.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.mmu.ChangeReason.Need;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What replacing one descriptor by another needs, as the Arm ARM lists it. */
final class EntryChangeTest {
  private static final long PA = 0x5000_0000L;
  private static final long OTHER_PA = 0x5020_0000L;

  /** Stage 2, 4K, 40-bit IPAs, 48-bit output. */
  private static final long VTCR = 0x8005_3558L;

  private static final long HA = 1 << 21;
  private static final long HD = 1 << 22;
  private static final long FWB = 1L << 46;

  /** Stage 2: AF, Inner Shareable, Write-Back, read-write. */
  private static final long RW = 0x7fc;

  private static final long S2AP_WRITE = 1 << 7;
  private static final long AF = 1 << 10;
  private static final long DBM = 1L << 51;
  private static final long CONTIGUOUS_BIT = 1L << 52;
  private static final long XN = 1L << 54;
  private static final long SOFTWARE = 0xfL << 55;
  private static final long NT = 1L << 16;

  /** Stage 1: AF, Inner Shareable, AttrIndx 0, read-write at EL1. */
  private static final long KERNEL = 0x700;

  private static final long NOT_GLOBAL = 1 << 11;
  private static final long READ_ONLY = 1 << 7;

  private static EntryFormat stage2(int level, BbmSupport bbm, long controls, long hcr) {
    return EntryFormat.of(
        Stage2Parameters.decode(VTCR | controls, 1L << 48 | 0x4000_0000L, 1 | hcr, Features.MAX),
        level,
        bbm);
  }

  private static EntryFormat stage2(int level, BbmSupport bbm) {
    return stage2(level, bbm, 0, 0);
  }

  /** AttrIndx 0 and 3 Write-Back, 1 Device-nGnRE, 2 Non-cacheable. */
  private static EntryFormat stage1(int level, Regime regime) {
    long tcr = 5L << 32 | 2L << 30 | 16L << 16 | 16;
    Stage1Parameters first =
        Stage1Parameters.decode(
            new Stage1Registers(regime, 0x1005, tcr, 0x1000, 0x9000, 0xff44_04ffL, 0),
            Features.MAX);
    return EntryFormat.of(first, first.lower(), level, BbmSupport.LEVEL_0);
  }

  private enum Kind {
    INVALID,
    NOT_ACCESSED,
    TABLE,
    BLOCK;

    long value(long output, long leaf) {
      return switch (this) {
        case INVALID -> 0;
        case NOT_ACCESSED -> output | leaf & ~AF | 1;
        case TABLE -> output | 3;
        case BLOCK -> output | leaf | 1;
      };
    }
  }

  static List<Arguments> pairsOfKinds() {
    List<Arguments> rows = new ArrayList<>();
    for (int stage = 1; stage <= 2; stage++) {
      for (Kind old : Kind.values()) {
        for (Kind value : Kind.values()) {
          Need need;
          if (old == Kind.INVALID || old == Kind.NOT_ACCESSED) {
            need = Need.NOTHING;
          } else if (value == Kind.INVALID || value == Kind.NOT_ACCESSED) {
            need = Need.BREAK;
          } else {
            need = Need.BREAK_BEFORE_MAKE;
          }
          rows.add(Arguments.of(stage, old, value, need));
        }
      }
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("pairsOfKinds")
  void eachPairOfKindsAtBothStages(int stage, Kind old, Kind value, Need need) {
    EntryFormat format = stage == 2 ? stage2(2, BbmSupport.LEVEL_0) : stage1(2, Regime.EL1_0);
    long leaf = stage == 2 ? RW : KERNEL;
    EntryChange change =
        EntryChange.between(format, old.value(PA, leaf), value.value(OTHER_PA, leaf));
    assertThat(change.need()).isEqualTo(need);
    assertThat(change.words()).startsWith(need.words());
    assertThat(change.sources()).isNotEmpty();
  }

  /** Two pages of stage 2 and what tells them apart. */
  static List<Arguments> leavesOfStage2() {
    long old = PA | RW | 3;
    return List.of(
        Arguments.of(old, old, EQUAL),
        Arguments.of(old, old | SOFTWARE, IGNORED_BITS),
        Arguments.of(old, old & ~S2AP_WRITE, LESS_PERMISSION),
        Arguments.of(old & ~S2AP_WRITE, old, MORE_PERMISSION),
        Arguments.of(old, old | XN, LESS_PERMISSION),
        Arguments.of(old | XN, old, MORE_PERMISSION),
        Arguments.of(old, old & ~AF, ACCESS_FLAG),
        Arguments.of(old & ~AF, old, NEVER_CACHED),
        Arguments.of(old & ~AF, OTHER_PA | RW | 3, NEVER_CACHED),
        Arguments.of(old, old | DBM, DIRTY_BIT_MODIFIER),
        Arguments.of(old, OTHER_PA | RW | 3, OUTPUT_ADDRESS),
        Arguments.of(old & ~S2AP_WRITE, OTHER_PA | RW & ~S2AP_WRITE | 3, OUTPUT_ADDRESS),
        Arguments.of(old & ~0x100, old & ~0x3c, MEMORY_TYPE),
        Arguments.of(old & ~0x3c, old & ~0x3c | 4, MEMORY_TYPE),
        Arguments.of(old, old & ~0x3c | 0x28, CACHEABILITY),
        Arguments.of(old, old & ~0x3c | 0x38, CACHEABILITY),
        Arguments.of(old, old & ~0x100, SHAREABILITY),
        Arguments.of(old & ~0x3c, old & ~0x13c, IGNORED_BITS),
        Arguments.of(old, old | CONTIGUOUS_BIT, ChangeReason.CONTIGUOUS),
        Arguments.of(old, old | 1L << 47 | 1L << 46, OUTPUT_ADDRESS),
        Arguments.of(old, 0L, NOW_FAULTS),
        Arguments.of(old, old & ~2, NOW_FAULTS),
        Arguments.of(0L, old, NEVER_CACHED),
        Arguments.of(0xff00L, 0L, NEVER_CACHED));
  }

  @ParameterizedTest
  @MethodSource("leavesOfStage2")
  void whatTellsTwoPagesOfStage2Apart(long old, long value, ChangeReason reason) {
    assertThat(EntryChange.between(stage2(3, BbmSupport.LEVEL_0), old, value).reasons())
        .containsExactly(reason);
  }

  static List<Arguments> leavesOfStage1() {
    long old = PA | KERNEL | NOT_GLOBAL | 3;
    return List.of(
        Arguments.of(old, old | SOFTWARE, IGNORED_BITS),
        Arguments.of(old, old | READ_ONLY, LESS_PERMISSION),
        Arguments.of(old | 1L << 53, old, MORE_PERMISSION),
        Arguments.of(old & ~0x100, old | 1 << 2, MEMORY_TYPE),
        Arguments.of(old | 3 << 2, old, IGNORED_BITS),
        Arguments.of(old & ~NOT_GLOBAL, old, NOW_NOT_GLOBAL),
        Arguments.of(old, old & ~NOT_GLOBAL, NOW_GLOBAL),
        Arguments.of(old, old & ~0x100, SHAREABILITY),
        Arguments.of(old, OTHER_PA | KERNEL | NOT_GLOBAL | 3, OUTPUT_ADDRESS),
        Arguments.of(old, old | 1L << 50, OTHER_ATTRIBUTE));
  }

  @ParameterizedTest
  @MethodSource("leavesOfStage1")
  void whatTellsTwoPagesOfStage1Apart(long old, long value, ChangeReason reason) {
    assertThat(EntryChange.between(stage1(3, Regime.EL1_0), old, value).reasons())
        .containsExactly(reason);
  }

  @Test
  void nonCacheableToWriteBackIsAChangeOfCacheabilityAndShareability() {
    long old = PA | KERNEL | NOT_GLOBAL | 2 << 2 | 3;
    assertThat(EntryChange.between(stage1(3, Regime.EL1_0), old, old & ~(2 << 2)).reasons())
        .containsExactly(CACHEABILITY, SHAREABILITY);
  }

  @Test
  void aRegimeWithoutAsidsKnowsNoGlobalEntries() {
    long old = PA | KERNEL | NOT_GLOBAL | 3;
    assertThat(EntryChange.between(stage1(3, Regime.EL2), old, old & ~NOT_GLOBAL).need())
        .isEqualTo(Need.NOTHING);
    assertThat(EntryChange.between(stage1(3, Regime.EL2_0), old, old & ~NOT_GLOBAL).need())
        .isEqualTo(Need.BREAK_BEFORE_MAKE);
  }

  @Test
  void aTableThatLimitsItsSubtreeNeedsATlbi() {
    assertThat(EntryChange.between(stage1(2, Regime.EL1_0), PA | 3, PA | 3 | 1L << 62).reasons())
        .containsExactly(TABLE_LIMITS);
    assertThat(
            EntryChange.between(stage2(2, BbmSupport.LEVEL_0), PA | 3, PA | 3 | 1L << 62).reasons())
        .as("stage 2 has no such bits")
        .containsExactly(IGNORED_BITS);
  }

  @Test
  void readOnlyMappingsOfTheSameContentNeedNoBreak() {
    EntryFormat format = stage2(3, BbmSupport.LEVEL_0);
    EntryChange.Contents same = (a, b, bytes) -> a == PA && b == OTHER_PA && bytes == 0x1000;
    long old = PA | RW & ~S2AP_WRITE | 3;
    long value = OTHER_PA | RW & ~S2AP_WRITE | 3;
    assertThat(EntryChange.between(format, old, value, same).reasons())
        .containsExactly(SAME_CONTENT_ELSEWHERE);
    assertThat(EntryChange.between(format, old, value | S2AP_WRITE, same).need())
        .isEqualTo(Need.BREAK_BEFORE_MAKE);
    assertThat(
            EntryChange.between(
                    stage2(3, BbmSupport.LEVEL_0, HA | HD, 0), old | DBM, value | DBM, same)
                .need())
        .as("hardware could make them writable")
        .isEqualTo(Need.BREAK_BEFORE_MAKE);
    assertThat(
            EntryChange.between(stage2(2, BbmSupport.LEVEL_0), PA | 3, OTHER_PA | 3, same).need())
        .isEqualTo(Need.TLBI);
  }

  @Test
  void withHardwareUpdatesAClearAccessFlagKeepsNobodyAway() {
    EntryFormat format = stage2(3, BbmSupport.LEVEL_0, HA, 0);
    long old = PA | RW & ~AF | 3;
    assertThat(format.mayBeCached(old)).isTrue();
    assertThat(EntryChange.between(format, old, OTHER_PA | RW | 3).need())
        .isEqualTo(Need.BREAK_BEFORE_MAKE);
    assertThat(EntryChange.between(format, old | AF, old).reasons()).containsExactly(ACCESS_FLAG);
  }

  @Test
  void forcedWriteBackReadsOnlyThreeBitsOfMemAttr() {
    EntryFormat format = stage2(3, BbmSupport.LEVEL_0, 0, FWB);
    long old = PA | 0x7c0 | 6 << 2 | 3;
    assertThat(EntryChange.between(format, old, old | 8 << 2).reasons())
        .containsExactly(IGNORED_BITS);
    assertThat(EntryChange.between(format, old, old | 1 << 2).reasons())
        .containsExactly(CACHEABILITY);
  }

  /** From block to table and back, by what the PE offers and by nT. */
  static List<Arguments> sizes() {
    long block = PA | RW | 1;
    long table = OTHER_PA | 3;
    return List.of(
        Arguments.of(BbmSupport.LEVEL_0, block, table, SMALLER),
        Arguments.of(BbmSupport.LEVEL_0, table, block, LARGER),
        Arguments.of(BbmSupport.LEVEL_0, block | NT, table, SMALLER),
        Arguments.of(BbmSupport.LEVEL_0, block, block | NT, IGNORED_BITS),
        Arguments.of(BbmSupport.LEVEL_1, block, table, SMALLER),
        Arguments.of(BbmSupport.LEVEL_1, table, block, LARGER),
        Arguments.of(BbmSupport.LEVEL_1, block | NT, table, SIZE_WITH_NT),
        Arguments.of(BbmSupport.LEVEL_1, table, block | NT, SIZE_WITH_NT),
        Arguments.of(BbmSupport.LEVEL_1, block, block | NT, BLOCK_TRANSLATION),
        Arguments.of(BbmSupport.LEVEL_1, block, block | CONTIGUOUS_BIT, CONTIGUOUS_IN_PLACE),
        Arguments.of(BbmSupport.LEVEL_2, block, table, SIZE_IN_PLACE),
        Arguments.of(BbmSupport.LEVEL_2, table, block, SIZE_IN_PLACE),
        Arguments.of(BbmSupport.LEVEL_2, block, block | CONTIGUOUS_BIT, CONTIGUOUS_IN_PLACE));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void theSizeOfAMappingChangesAsFeatBbmAllows(
      BbmSupport bbm, long old, long value, ChangeReason reason) {
    assertThat(EntryChange.between(stage2(2, bbm), old, value).reasons()).containsExactly(reason);
  }

  @Test
  void severalReasonsStandSideBySideAndTheStrictestDecides() {
    long old = PA | RW | 3;
    long value = OTHER_PA | RW & ~S2AP_WRITE & ~0x3c | 3;
    EntryChange change = EntryChange.between(stage2(3, BbmSupport.LEVEL_0), old, value);
    assertThat(change.reasons())
        .containsExactly(LESS_PERMISSION, OUTPUT_ADDRESS, MEMORY_TYPE, SHAREABILITY);
    assertThat(change.need()).isEqualTo(Need.BREAK_BEFORE_MAKE);
    assertThat(change.sources())
        .containsExactly("Using break-before-make when updating translation table entries");
  }

  @Test
  void supportIsReadFromTheFeatureRegister() {
    assertThat(BbmSupport.of(0)).isEqualTo(BbmSupport.LEVEL_0);
    assertThat(BbmSupport.of(1L << 52)).isEqualTo(BbmSupport.LEVEL_1);
    assertThat(BbmSupport.of(2L << 52)).isEqualTo(BbmSupport.LEVEL_2);
    assertThat(BbmSupport.of(15L << 52)).isEqualTo(BbmSupport.LEVEL_2);
  }
}
