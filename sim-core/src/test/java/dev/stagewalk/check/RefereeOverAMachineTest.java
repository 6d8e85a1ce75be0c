package dev.stagewalk.check;

import static dev.stagewalk.check.JudgedBoard.BLOCK;
import static dev.stagewalk.check.JudgedBoard.LEVEL_2;
import static dev.stagewalk.check.JudgedBoard.LEVEL_3;
import static dev.stagewalk.check.JudgedBoard.NEW;
import static dev.stagewalk.check.JudgedBoard.OLD;
import static dev.stagewalk.check.JudgedBoard.OTHER_SPARE;
import static dev.stagewalk.check.JudgedBoard.PAGE;
import static dev.stagewalk.check.JudgedBoard.SPARE;
import static dev.stagewalk.check.JudgedBoard.store;
import static dev.stagewalk.mmu.BbmSupport.LEVEL_0;
import static dev.stagewalk.mmu.BbmSupport.LEVEL_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.check.Ruling.Verdict;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.ChangeReason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kind of change of a live descriptor, made by A64 instructions on a machine of one PE and of
 * two.
 *
 * <p>Source: Arm ARM, "Using break-before-make when updating translation table entries"; "Support
 * levels for changing table or block size"; "TLB maintenance".
 */
final class RefereeOverAMachineTest {
  private static final BbmSupport BBM_2 = BbmSupport.LEVEL_2;

  /** Stage 2: AF, Inner Shareable, Write-Back, read-write; a page and a block. */
  private static final long P2 = OLD | 0x7ff;

  private static final long B2 = OLD | 0x7fd;

  /** Stage 1: AF, nG, Inner Shareable, AttrIndx 0, read-write at EL1. */
  private static final long P1 = OLD | 0xf03;

  private static final long B1 = OLD | 0xf01;

  private static final long AF = 1 << 10;
  private static final long NG = 1 << 11;
  private static final long NT = 1 << 16;
  private static final long DBM = 1L << 51;
  private static final long CONTIGUOUS = 1L << 52;
  private static final long XN = 1L << 54;
  private static final long SOFTWARE = 1L << 55;

  /** A change, where it is made, and what is said of it if nothing else is done. */
  record Change(
      int stage,
      BbmSupport bbm,
      long at,
      long old,
      long value,
      Verdict verdict,
      ChangeReason reason) {

    long read() {
      return at >= LEVEL_3 && at < LEVEL_3 + 0x1000 ? PAGE : BLOCK;
    }
  }

  private static final List<Change> CHANGES = new ArrayList<>();

  private static void page(int stage, long old, long value, Verdict verdict, ChangeReason reason) {
    CHANGES.add(new Change(stage, LEVEL_0, LEVEL_3, old, value, verdict, reason));
  }

  private static void block(
      int stage, BbmSupport bbm, long old, long value, Verdict verdict, ChangeReason reason) {
    CHANGES.add(new Change(stage, bbm, LEVEL_2 + 8 * 5, old, value, verdict, reason));
  }

  static {
    page(2, P2, P2, Verdict.SAFE, ChangeReason.EQUAL);
    page(2, P2, P2 | SOFTWARE, Verdict.SAFE, ChangeReason.IGNORED_BITS);
    page(2, 0, P2, Verdict.SAFE, ChangeReason.NEVER_CACHED);
    page(2, P2 & ~AF, P2, Verdict.SAFE, ChangeReason.NEVER_CACHED);
    page(2, P2, P2 & ~AF, Verdict.NEEDS_TLBI, ChangeReason.ACCESS_FLAG);
    page(2, P2, P2 & ~0x80, Verdict.NEEDS_TLBI, ChangeReason.LESS_PERMISSION);
    page(2, P2 & ~0x80, P2, Verdict.NEEDS_TLBI, ChangeReason.MORE_PERMISSION);
    page(2, P2, P2 | XN, Verdict.NEEDS_TLBI, ChangeReason.LESS_PERMISSION);
    page(2, P2, P2 | DBM, Verdict.NEEDS_TLBI, ChangeReason.DIRTY_BIT_MODIFIER);
    page(2, P2, 0, Verdict.BREAK, ChangeReason.NOW_FAULTS);
    page(2, P2, P2 ^ OLD ^ NEW, Verdict.VIOLATION, ChangeReason.OUTPUT_ADDRESS);
    page(2, P2, P2 & ~0x13c, Verdict.VIOLATION, ChangeReason.MEMORY_TYPE);
    page(2, P2, P2 & ~0x3c | 0x28, Verdict.VIOLATION, ChangeReason.CACHEABILITY);
    page(2, P2, P2 & ~0x100, Verdict.VIOLATION, ChangeReason.SHAREABILITY);
    page(2, P2, P2 | CONTIGUOUS, Verdict.VIOLATION, ChangeReason.CONTIGUOUS);
    page(2, P2 | CONTIGUOUS, P2, Verdict.VIOLATION, ChangeReason.CONTIGUOUS);
    for (int stage = 1; stage <= 2; stage++) {
      long b = stage == 1 ? B1 : B2;
      block(stage, LEVEL_0, b, SPARE | 3, Verdict.VIOLATION, ChangeReason.SMALLER);
      block(stage, LEVEL_0, SPARE | 3, b, Verdict.VIOLATION, ChangeReason.LARGER);
      block(stage, LEVEL_1, b, SPARE | 3, Verdict.VIOLATION, ChangeReason.SMALLER);
      block(stage, LEVEL_1, SPARE | 3, b, Verdict.VIOLATION, ChangeReason.LARGER);
      block(stage, LEVEL_1, b, b | NT, Verdict.NEEDS_TLBI, ChangeReason.BLOCK_TRANSLATION);
      block(stage, LEVEL_1, b | NT, SPARE | 3, Verdict.NEEDS_TLBI, ChangeReason.SIZE_WITH_NT);
      block(stage, LEVEL_1, SPARE | 3, b | NT, Verdict.NEEDS_TLBI, ChangeReason.SIZE_WITH_NT);
      block(stage, BBM_2, b, SPARE | 3, Verdict.NEEDS_TLBI, ChangeReason.SIZE_IN_PLACE);
      block(stage, BBM_2, SPARE | 3, b, Verdict.NEEDS_TLBI, ChangeReason.SIZE_IN_PLACE);
      for (BbmSupport bbm : List.of(LEVEL_1, BBM_2)) {
        long page = stage == 1 ? P1 : P2;
        CHANGES.add(
            new Change(
                stage,
                bbm,
                LEVEL_3,
                page,
                page | CONTIGUOUS,
                Verdict.NEEDS_TLBI,
                ChangeReason.CONTIGUOUS_IN_PLACE));
      }
      block(
          stage,
          LEVEL_0,
          SPARE | 3,
          OTHER_SPARE | 3,
          Verdict.NEEDS_TLBI,
          ChangeReason.SAME_TABLE_ELSEWHERE);
      block(stage, LEVEL_0, SPARE | 3, LEVEL_3 | 3, Verdict.VIOLATION, ChangeReason.OTHER_TABLE);
    }
    page(1, P1, P1, Verdict.SAFE, ChangeReason.EQUAL);
    page(1, P1, P1 | 0x80, Verdict.NEEDS_TLBI, ChangeReason.LESS_PERMISSION);
    page(1, P1, P1 | 1L << 53, Verdict.NEEDS_TLBI, ChangeReason.LESS_PERMISSION);
    page(1, P1 | 0x80, P1, Verdict.NEEDS_TLBI, ChangeReason.MORE_PERMISSION);
    page(1, P1, P1 & ~AF, Verdict.NEEDS_TLBI, ChangeReason.ACCESS_FLAG);
    page(1, P1 & ~NG, P1, Verdict.NEEDS_TLBI, ChangeReason.NOW_NOT_GLOBAL);
    page(1, P1, P1 & ~NG, Verdict.VIOLATION, ChangeReason.NOW_GLOBAL);
    page(1, P1, 0, Verdict.BREAK, ChangeReason.NOW_FAULTS);
    page(1, P1, P1 ^ OLD ^ NEW, Verdict.VIOLATION, ChangeReason.OUTPUT_ADDRESS);
    page(1, P1 & ~0x100, P1 & ~0x100 | 8, Verdict.VIOLATION, ChangeReason.MEMORY_TYPE);
    page(1, P1, P1 | 4, Verdict.VIOLATION, ChangeReason.CACHEABILITY);
    page(1, P1, P1 & ~0x100, Verdict.VIOLATION, ChangeReason.SHAREABILITY);
    page(1, P1, P1 | CONTIGUOUS, Verdict.VIOLATION, ChangeReason.CONTIGUOUS);
    block(
        1, LEVEL_0, SPARE | 3, SPARE | 3 | 1L << 62, Verdict.NEEDS_TLBI, ChangeReason.TABLE_LIMITS);
  }

  static Stream<Arguments> onOnePeAndOnTwo() {
    return CHANGES.stream().flatMap(RefereeOverAMachineTest::onOnePeAndOnTwo);
  }

  private static Stream<Arguments> onOnePeAndOnTwo(Change change) {
    return Stream.of(Arguments.of(change, 1), Arguments.of(change, 2));
  }

  private static JudgedBoard board(Change c, int pes, String instructions) {
    return new JudgedBoard(c.stage, pes, c.bbm, c.read(), instructions).put(c.at, c.old).run();
  }

  @ParameterizedTest
  @MethodSource("onOnePeAndOnTwo")
  void aStoreToALiveDescriptorIsClassedByWhatItChanges(Change c, int pes) {
    JudgedBoard board = board(c, pes, store(c.at, c.value));
    assertThat(board.rulings).hasSize(1);
    assertThat(board.last().verdict()).isEqualTo(c.verdict);
    assertThat(board.last().change().reasons()).contains(c.reason);
    if (c.verdict == Verdict.VIOLATION) {
      assertThat(board.last().missing()).isEqualTo(MissingStep.BREAK);
      assertThat(board.last().mend().getFirst()).endsWith("= 0 (break)");
    }
    boolean held = c.verdict != Verdict.SAFE;
    assertThat(board.outstanding()).hasSize(held ? 1 : 0);
  }

  /** For tables and leaves alike, by everything of a VMID or of the regime of EL1. */
  private static String maintained(Change c, String tlbi, String dsb) {
    return store(c.at, 0)
        + "dsb ishst\n tlbi "
        + (c.stage == 2 ? "vmalls12e1" : "vmalle1")
        + tlbi
        + "\n dsb "
        + dsb
        + "\n isb\n"
        + (c.value == 0 ? "" : store(c.at, c.value));
  }

  static Stream<Arguments> violationsOnOnePeAndOnTwo() {
    return CHANGES.stream()
        .filter(change -> change.verdict == Verdict.VIOLATION)
        .flatMap(RefereeOverAMachineTest::onOnePeAndOnTwo);
  }

  @ParameterizedTest
  @MethodSource("violationsOnOnePeAndOnTwo")
  void afterTheWholeSequenceNothingIsToBeSaid(Change c, int pes) {
    JudgedBoard board = board(c, pes, maintained(c, "is", "ish"));
    assertThat(board.last().verdict()).isEqualTo(Verdict.MADE);
    assertThat(board.rulings).noneMatch(Ruling::isViolation);
    assertThat(board.outstanding()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("violationsOnOnePeAndOnTwo")
  void whereAnotherPeUsesTheTablesALocalTlbiIsNotEnough(Change c, int pes) {
    Ruling last = board(c, pes, maintained(c, "", "nsh")).last();
    assertThat(last.verdict()).isEqualTo(pes == 1 ? Verdict.MADE : Verdict.VIOLATION);
    assertThat(last.missing()).isEqualTo(pes == 1 ? null : MissingStep.OTHER_PES);
  }

  @ParameterizedTest
  @MethodSource("violationsOnOnePeAndOnTwo")
  void aDsbForStoresDoesNotCompleteTheTlbi(Change c, int pes) {
    Ruling last = board(c, pes, maintained(c, "is", "ishst")).last();
    assertThat(last.verdict()).isEqualTo(Verdict.VIOLATION);
    assertThat(last.missing()).isEqualTo(MissingStep.DSB_AFTER_TLBI_NOT_FOR_ALL);
  }

  /** A page below a broken table is live still when a block is stored in its place. */
  @Test
  void twoLiveEntriesOfDifferentSizeAreAViolationThatNamesBoth() {
    for (int pes = 1; pes <= 2; pes++) {
      String change = store(LEVEL_3, 0) + store(LEVEL_2 + 8 * 4, B2);
      JudgedBoard board = new JudgedBoard(2, pes, LEVEL_0, PAGE, change).put(LEVEL_3, P2).run();
      assertThat(board.rulings)
          .extracting(Ruling::verdict)
          .containsExactly(Verdict.BREAK, Verdict.VIOLATION);
      assertThat(board.last().change().reasons()).contains(ChangeReason.LARGER);
      assertThat(board.outstanding()).extracting(o -> o.place().level()).contains(2, 3);
    }
  }

  @Test
  void anEntryThatDoesNotGoWithItsContiguousNeighboursIsAViolation() {
    for (int stage = 1; stage <= 2; stage++) {
      for (int pes = 1; pes <= 2; pes++) {
        long page = (stage == 2 ? P2 : P1) | CONTIGUOUS;
        for (long wrong : new long[] {page + 0x5000, page + 0x1000 & ~CONTIGUOUS}) {
          JudgedBoard board =
              new JudgedBoard(stage, pes, LEVEL_0, PAGE, store(LEVEL_3 + 8, wrong))
                  .put(LEVEL_3, page)
                  .run();
          assertThat(board.last().verdict()).isEqualTo(Verdict.VIOLATION);
          assertThat(board.last().change().reasons()).containsExactly(ChangeReason.CONTIGUOUS_RUN);
          assertThat(board.last().words()).contains("Held is the level 3 entry at 0x4030_4000");
          assertThat(board.last().mend().getFirst())
              .isEqualTo("store 0 in every valid entry of the run (break)");
        }
        JudgedBoard right =
            new JudgedBoard(stage, pes, LEVEL_0, PAGE, store(LEVEL_3 + 8, page + 0x1000))
                .put(LEVEL_3, page)
                .run();
        assertThat(right.last().verdict()).isEqualTo(Verdict.SAFE);
      }
    }
  }
}
