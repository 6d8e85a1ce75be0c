package dev.stagewalk.check;

import static dev.stagewalk.check.Bench.LEVEL_2;
import static dev.stagewalk.check.Bench.LEVEL_3;
import static dev.stagewalk.check.Bench.ROOT;
import static dev.stagewalk.check.Bench.RW;
import static dev.stagewalk.check.Bench.leaf;
import static dev.stagewalk.check.Bench.page;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.check.Ruling.Act;
import dev.stagewalk.check.Ruling.Verdict;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.ChangeReason;
import org.junit.jupiter.api.Test;

/** One sentence for each step of break-before-make that can be left out. */
final class RefereeTest {
  private static final long A = 0x5000_0000L;
  private static final long B = 0x5100_0000L;

  /** One page mapped, and the guest has run. */
  private static Bench mapped() {
    return new Bench().with(page(5), leaf(A)).vmid(1).isb().guestRuns();
  }

  /** …and the page was broken. */
  private static Bench broken() {
    return mapped().store(page(5), 0);
  }

  private static TlbiScope ipa(long ipa, int vmid, int hint, boolean lastLevel) {
    return new TlbiScope(
        "ipas2e1is",
        Domain.INNER_SHAREABLE,
        Regime.EL1_0,
        false,
        true,
        vmid,
        -1,
        true,
        lastLevel,
        ipa,
        0x1000,
        hint,
        hint == TlbiScope.NO_HINT ? null : Granule.K4,
        false,
        false,
        ipa >>> 12);
  }

  private static TlbiScope ipa(long ipa) {
    return ipa(ipa, 1, TlbiScope.NO_HINT, false);
  }

  private static TlbiScope vmalle1is() {
    return TlbiScope.all("vmalle1", Domain.INNER_SHAREABLE, Regime.EL1_0, false, 1);
  }

  private static void makeLacks(Bench bench, MissingStep step) {
    int before = bench.rulings.size();
    bench.store(page(5), leaf(B));
    assertThat(bench.rulings).hasSize(before + 1);
    Ruling ruling = bench.last();
    assertThat(ruling.words()).contains(step.words());
    assertThat(ruling.missing()).isEqualTo(step);
    assertThat(ruling.verdict()).isEqualTo(Verdict.VIOLATION);
    assertThat(ruling.change().reasons()).contains(ChangeReason.OUTPUT_ADDRESS);
    assertThat(ruling.old()).isEqualTo(leaf(A));
    assertThat(ruling.mend())
        .containsSubsequence(
            "DSB ISHST, so that walkers see the store",
            "DSB ISH",
            "TLBI VMALLE1IS, for entries that combine both stages",
            "DSB ISH",
            "ISB",
            "store [" + dev.stagewalk.arch.Hex.address(page(5)) + "] = 0x510007ff (make)");
  }

  @Test
  void theWholeSequenceIsNoViolation() {
    Bench bench = broken();
    assertThat(bench.last().verdict()).isEqualTo(Verdict.BREAK);
    assertThat(bench.last().missing()).isEqualTo(MissingStep.TLBI);
    bench.invalidateAll().store(page(5), leaf(B));
    assertThat(bench.last().verdict()).isEqualTo(Verdict.MADE);
    assertThat(bench.last().mend()).isEmpty();
    assertThat(bench.referee.outstanding()).isEmpty();
  }

  @Test
  void byIpaTheWholeSequenceIsNoViolationEither() {
    Bench bench = broken().dsbIshst().tlbi(ipa(0x5000)).dsbIsh().store(page(5), leaf(B));
    assertThat(bench.last().verdict()).isEqualTo(Verdict.MADE);
  }

  @Test
  void anotherValidValueAtOnceLacksTheBreak() {
    Bench bench = mapped();
    makeLacks(bench, MissingStep.BREAK);
    assertThat(bench.last().mend().getFirst()).endsWith("= 0 (break)");
  }

  @Test
  void aMakeWithoutAnyTlbiLacksIt() {
    makeLacks(broken(), MissingStep.TLBI);
    makeLacks(broken().dsbIsh().isb(), MissingStep.TLBI);
  }

  @Test
  void aTlbiBeforeTheStoreWasCompleteDoesNotCount() {
    makeLacks(broken().tlbiAll().dsbIsh().isb(), MissingStep.DSB_BEFORE_TLBI);
    makeLacks(
        broken().dsb(Domain.INNER_SHAREABLE, Barrier.Types.LOADS).tlbiAll().dsbIsh(),
        MissingStep.DSB_BEFORE_TLBI);
  }

  @Test
  void aDsbForItsOwnPeIsNotEnoughWhereOthersUseTheTables() {
    Bench bench =
        mapped()
            .vmid(1, 1, ROOT)
            .enter(1)
            .store(page(5), 0)
            .dsb(Domain.NON_SHAREABLE, Barrier.Types.STORES)
            .tlbiAll()
            .dsbIsh();
    makeLacks(bench, MissingStep.DSB_BEFORE_TLBI_TOO_NARROW);
    Bench alone =
        broken()
            .dsb(Domain.NON_SHAREABLE, Barrier.Types.STORES)
            .tlbiAll()
            .dsbIsh()
            .store(page(5), leaf(B));
    assertThat(alone.last().verdict()).isEqualTo(Verdict.MADE);
  }

  @Test
  void aTlbiOfAnotherVmidDoesNotCount() {
    makeLacks(
        broken().dsbIshst().tlbi(TlbiScope.vmalls12e1is(2)).dsbIsh().isb(), MissingStep.OTHER_VMID);
  }

  @Test
  void aTlbiOfAnotherRegimeDoesNotCount() {
    makeLacks(
        broken()
            .dsbIshst()
            .tlbi(TlbiScope.all("alle2", Domain.INNER_SHAREABLE, Regime.EL2, false, -1))
            .dsbIsh(),
        MissingStep.OTHER_REGIME);
  }

  @Test
  void aTlbiOfAnotherAddressDoesNotCount() {
    makeLacks(broken().dsbIshst().tlbi(ipa(0x6000)).dsbIsh(), MissingStep.OTHER_ADDRESS);
  }

  @Test
  void aTlbiOfVasLeavesStage2Entries() {
    makeLacks(broken().dsbIshst().tlbi(vmalle1is()).dsbIsh(), MissingStep.STAGE_1_ONLY);
  }

  @Test
  void aReservedOperandNamesNothing() {
    TlbiScope nothing =
        new TlbiScope(
            "ripas2e1is",
            Domain.INNER_SHAREABLE,
            Regime.EL1_0,
            false,
            true,
            1,
            -1,
            true,
            false,
            0x5000,
            0x2000,
            TlbiScope.NO_HINT,
            null,
            true,
            false,
            5);
    makeLacks(broken().dsbIshst().tlbi(nothing).dsbIsh(), MissingStep.NAMES_NOTHING);
  }

  @Test
  void aWrongLevelHintMayDoNothing() {
    makeLacks(broken().dsbIshst().tlbi(ipa(0x5000, 1, 2, false)).dsbIsh(), MissingStep.WRONG_LEVEL);
    assertThat(
            broken()
                .dsbIshst()
                .tlbi(ipa(0x5000, 1, 3, true))
                .dsbIsh()
                .store(page(5), leaf(B))
                .last()
                .verdict())
        .isEqualTo(Verdict.MADE);
  }

  @Test
  void aLocalTlbiDoesNotReachOtherPes() {
    Bench bench = mapped().vmid(1, 1, ROOT).enter(1).store(page(5), 0).dsbIshst();
    bench.tlbi(TlbiScope.all("vmalls12e1", Domain.NON_SHAREABLE, Regime.EL1_0, true, 1)).dsbIsh();
    makeLacks(bench, MissingStep.OTHER_PES);
  }

  @Test
  void aTlbiWithoutDsbNeedNotBeComplete() {
    makeLacks(broken().dsbIshst().tlbiAll(), MissingStep.DSB_AFTER_TLBI);
    makeLacks(broken().dsbIshst().tlbiAll().isb(), MissingStep.DSB_AFTER_TLBI);
  }

  @Test
  void dsbIshstDoesNotCompleteATlbi() {
    makeLacks(
        broken().dsbIshst().tlbiAll().dsbIshst().isb(), MissingStep.DSB_AFTER_TLBI_NOT_FOR_ALL);
  }

  @Test
  void dsbNshDoesNotCompleteAnInnerShareableTlbi() {
    makeLacks(
        broken().dsbIshst().tlbiAll().dsb(Domain.NON_SHAREABLE, Barrier.Types.ALL),
        MissingStep.DSB_AFTER_TLBI_TOO_NARROW);
  }

  @Test
  void aDsbWithNxsDoesNotCompleteATlbiWithoutIt() {
    Barrier nxs = new Barrier(Barrier.Kind.DSB, Domain.INNER_SHAREABLE, Barrier.Types.ALL, true);
    makeLacks(broken().dsbIshst().tlbiAll().barrier(nxs), MissingStep.DSB_AFTER_TLBI_NXS);
  }

  @Test
  void aLevelHintOfOneSizeLeavesLeavesOfAnotherBelowABrokenTable() {
    for (int hint = 2; hint <= 3; hint++) {
      Bench bench = new Bench().with(page(5), leaf(A)).with(LEVEL_2 + 8, 0x6000_0000L | RW | 1);
      bench.vmid(1).guestRuns().store(ROOT, 0).dsbIshst();
      bench.tlbi(ipa(0x5000, 1, hint, false)).tlbi(ipa(0x20_0000, 1, hint, false)).dsbIsh();
      assertThat(bench.referee.outstanding())
          .as("the page at level 3 or the block at level 2")
          .extracting(Referee.Outstanding::missing)
          .containsExactly(MissingStep.WRONG_LEVEL);
      bench.tlbi(ipa(hint == 2 ? 0x5000 : 0x20_0000, 1, 5 - hint, false)).dsbIsh();
      assertThat(bench.referee.outstanding()).isEmpty();
    }
  }

  @Test
  void byIpaAloneLeavesCombinedEntriesWhereStage1IsInUse() {
    makeLacks(brokenUnderStage1().dsbIshst().tlbi(ipa(0x5000)).dsbIsh(), MissingStep.STAGE_2_ONLY);
  }

  @Test
  void combinedEntriesGoAfterThoseOfStage2() {
    makeLacks(
        brokenUnderStage1().dsbIshst().tlbi(vmalle1is()).dsbIsh().tlbi(ipa(0x5000)).dsbIsh(),
        MissingStep.COMBINED_TOO_EARLY);
    makeLacks(
        brokenUnderStage1().dsbIshst().tlbi(ipa(0x5000)).tlbi(vmalle1is()).dsbIsh(),
        MissingStep.DSB_BETWEEN_TLBIS);
    Bench canonical =
        brokenUnderStage1()
            .dsbIshst()
            .tlbi(ipa(0x5000))
            .dsbIsh()
            .tlbi(vmalle1is())
            .dsbIsh()
            .isb()
            .store(page(5), leaf(B));
    assertThat(canonical.last().verdict()).isEqualTo(Verdict.MADE);
  }

  private static Bench brokenUnderStage1() {
    Bench bench = new Bench().with(page(5), leaf(A));
    bench.sctlr[0] = 1;
    return bench.vmid(1).isb().guestRuns().store(page(5), 0);
  }

  @Test
  void aTlbiRightAfterVttbrWasWrittenMayActOnTheOldVmid() {
    Bench bench = broken().vmid(0, 2, 0x4100_0000L).isb().dsbIshst().vmid(1).tlbiAll().dsbIsh();
    makeLacks(bench, MissingStep.ISB_BEFORE_TLBI);
  }

  @Test
  void aTlbiForTheLastLevelLeavesTheWalkCachesOfABrokenTable() {
    Bench bench = mapped().store(LEVEL_2, 0).dsbIshst();
    bench.tlbi(ipa(0x5000, 1, TlbiScope.NO_HINT, true)).dsbIsh().store(LEVEL_2, 0x4002_0003L);
    assertThat(bench.last().missing()).isEqualTo(MissingStep.LAST_LEVEL_ONLY);
    assertThat(bench.last().change().reasons()).containsExactly(ChangeReason.OTHER_TABLE);
  }

  @Test
  void aBrokenTableNeedsATlbiForEachLeafBelowIt() {
    Bench bench = new Bench().with(page(5), leaf(A)).with(page(9), leaf(B)).vmid(1).guestRuns();
    bench.store(LEVEL_2, 0).dsbIshst().tlbi(ipa(0x5000)).dsbIsh();
    assertThat(bench.referee.outstanding())
        .extracting(Referee.Outstanding::missing)
        .containsExactly(MissingStep.OTHER_ADDRESS);
    bench.tlbi(ipa(0x9000)).dsbIsh();
    assertThat(bench.referee.outstanding()).isEmpty();
  }

  @Test
  void whatNobodyCouldHaveWalkedNeedsNothing() {
    Bench bench = new Bench().vmid(1).store(page(5), leaf(A)).store(page(5), leaf(B));
    assertThat(bench.rulings).isEmpty();
    bench.guestRuns().store(page(6), leaf(A)).store(page(6), leaf(B));
    assertThat(bench.rulings).extracting(Ruling::verdict).containsOnly(Verdict.SAFE);
    bench.guestRuns().store(page(6), leaf(A));
    assertThat(bench.last().verdict()).isEqualTo(Verdict.VIOLATION);
  }

  @Test
  void anInvalidEntryMayBeMadeValidAtAnyTime() {
    Bench bench = mapped().store(page(6), leaf(B));
    assertThat(bench.last().verdict()).isEqualTo(Verdict.SAFE);
    assertThat(bench.last().change().reasons()).containsExactly(ChangeReason.NEVER_CACHED);
  }

  @Test
  void takingPermissionAwayNeedsATlbiUntilItHasCompleted() {
    Bench bench = mapped().store(page(5), leaf(A) & ~0x80);
    assertThat(bench.last().verdict()).isEqualTo(Verdict.NEEDS_TLBI);
    assertThat(bench.last().change().reasons()).containsExactly(ChangeReason.LESS_PERMISSION);
    assertThat(bench.referee.outstanding()).hasSize(1);
    bench.invalidateAll();
    assertThat(bench.referee.outstanding()).isEmpty();
  }

  @Test
  void theSameValueAgainIsSafeEvenBetweenBreakAndTlbi() {
    assertThat(broken().store(page(5), leaf(A)).last().verdict()).isEqualTo(Verdict.SAFE);
  }

  @Test
  void aBlockOverATableWithoutBreakIsAViolation() {
    Bench bench = mapped().store(LEVEL_2, A | RW | 1);
    assertThat(bench.last().change().reasons()).containsExactly(ChangeReason.LARGER);
    assertThat(bench.last().missing()).isEqualTo(MissingStep.BREAK);
    Bench allowed = new Bench().with(page(5), leaf(A));
    allowed.bbm = BbmSupport.LEVEL_2;
    allowed.vmid(1).guestRuns().store(LEVEL_2, A | RW | 1);
    assertThat(allowed.last().verdict()).isEqualTo(Verdict.NEEDS_TLBI);
  }

  @Test
  void aBlockWhereAPageIsStillHeldIsAViolationNamingThePage() {
    Bench bench = mapped().store(page(5), 0).dsbIshst().store(LEVEL_2, 0);
    bench.dsbIshst().tlbi(ipa(0x9000)).dsbIsh().store(LEVEL_2, B & -(1L << 21) | RW | 1);
    assertThat(bench.last().verdict()).isEqualTo(Verdict.VIOLATION);
    assertThat(bench.last().other()).isNotNull();
    assertThat(bench.last().words()).contains("IPA 0x0000_5000 (4 KiB)");
  }

  @Test
  void aNewTableIsComparedWithThePagesStillHeld() {
    Bench bench = mapped().store(page(5), 0).dsbIshst().store(LEVEL_2, 0).dsbIshst();
    long other = 0x4003_0000L;
    bench.with(other + 8 * 5, leaf(B)).store(LEVEL_2, other | 3);
    assertThat(bench.last().verdict()).isEqualTo(Verdict.VIOLATION);
  }

  @Test
  void aTableFreedWhileItIsStillNamedIsAViolation() {
    Bench bench = mapped().free(LEVEL_3);
    assertThat(bench.last().act()).isEqualTo(Act.FREE);
    assertThat(bench.last().missing()).isEqualTo(MissingStep.STILL_NAMED);
    assertThat(bench.last().place().at()).isEqualTo(LEVEL_2);
  }

  @Test
  void aTableFreedBeforeTheTlbiIsAViolation() {
    Bench bench = mapped().store(LEVEL_2, 0).free(LEVEL_3);
    assertThat(bench.last().act()).isEqualTo(Act.FREE);
    assertThat(bench.last().missing()).isEqualTo(MissingStep.TLBI);
  }

  @Test
  void aTableFreedAfterTheTlbiIsFine() {
    Bench bench = mapped().store(LEVEL_2, 0).invalidateAll().free(LEVEL_3);
    assertThat(bench.rulings).noneMatch(r -> r.act() == Act.FREE);
  }

  @Test
  void anotherRootUnderAVmidWithoutTlbiIsAViolation() {
    long root = 0x4004_0000L;
    Bench bench = mapped().vmid(0, 1, root).isb();
    assertThat(bench.rulings).isEmpty();
    bench.enter(0);
    assertThat(bench.last().act()).isEqualTo(Act.VMID_REUSE);
    assertThat(bench.last().words()).contains("VMID 1 now names the tables at 0x4004_0000");
    Bench mended = mapped().invalidateAll().vmid(0, 1, root).isb().enter(0);
    assertThat(mended.rulings).isEmpty();
  }

  @Test
  void guestsThatComeAndGoWithoutAnyTlbiAreNotFollowedForEver() {
    Bench bench = new Bench().with(page(5), leaf(A));
    bench.vtcr[0] |= 1 << 19;
    for (int vmid = 1; vmid <= 1000; vmid++) {
      bench.vmid(vmid).guestRuns();
    }
    assertThat(bench.referee.trees()).isLessThanOrEqualTo(Referee.MOST_TREES);
    assertThat(bench.referee.tables()).isEqualTo(3 * bench.referee.trees());
    bench.store(page(5), leaf(B));
    assertThat(bench.last().verdict()).as("those that are followed").isEqualTo(Verdict.VIOLATION);
  }

  @Test
  void blocksThatAreTooLargeToCompareCountAsDifferent() {
    long readOnly = RW & ~(1 << 7) | 1;
    long page = leaf(A) & ~(1L << 7);
    Bench small = new Bench().with(page(5), page).vmid(1).guestRuns();
    small.store(page(5), leaf(B) & ~(1L << 7));
    assertThat(small.last().change().reasons())
        .as("two pages of zeros that nobody can write")
        .containsExactly(ChangeReason.SAME_CONTENT_ELSEWHERE);

    Bench bench = new Bench().with(ROOT + 8, 0x4000_0000L | readOnly).vmid(1).guestRuns();
    bench.reads = 0;
    bench.store(ROOT + 8, 0x8000_0000L | readOnly);
    assertThat(bench.last().change().reasons()).containsExactly(ChangeReason.OUTPUT_ADDRESS);
    assertThat(bench.reads).isLessThan(100);
  }

  /** Level 2 entries of a table all name it again, so that all that is found are more of them. */
  @Test
  void aTableThatNamesItselfHasAnEndWhenItIsBroken() {
    Bench bench = new Bench();
    for (int i = 0; i < 512; i++) {
      bench.with(LEVEL_2 + 8L * i, LEVEL_2 | 3);
    }
    bench.vmid(1).guestRuns();
    bench.reads = 0;
    bench.store(ROOT, 0);
    assertThat(bench.last().verdict()).isEqualTo(Verdict.BREAK);
    assertThat(bench.reads).isLessThan(3_000_000);
  }

  @Test
  void stage1OfAGuestIsJudgedByItsOwnTlbis() {
    Bench bench = guestWithStage1();
    bench.store(0x4800_2028L, 0);
    assertThat(bench.last().place().stage()).isEqualTo(1);
    assertThat(bench.last().verdict()).isEqualTo(Verdict.BREAK);
    bench.dsbIshst().tlbi(va(6)).dsbIsh().store(0x4800_2028L, 0x20_6703L | 1 << 11);
    assertThat(bench.last().missing()).isEqualTo(MissingStep.OTHER_ASID);

    Bench right = guestWithStage1().store(0x4800_2028L, 0).dsbIshst().tlbi(va(5)).dsbIsh();
    assertThat(right.referee.outstanding())
        .extracting(Referee.Outstanding::missing)
        .containsExactly(MissingStep.ISB);
    right.isb();
    assertThat(right.referee.outstanding()).isEmpty();
    assertThat(right.store(0x4800_2028L, 0x20_6703L | 1 << 11).last().verdict())
        .isEqualTo(Verdict.MADE);
  }

  /** Stage 2 off; stage 1 of 39 bits at 0x4800_0000, ASID 5, one page at VA 0x5000. */
  private static Bench guestWithStage1() {
    Bench bench = new Bench();
    bench.hcr = 0;
    bench.sctlr[0] = 1;
    bench.ttbr0 = 5L << 48 | 0x4800_0000L;
    bench.with(0x4800_0000L, 0x4800_1003L).with(0x4800_1000L, 0x4800_2003L);
    bench.with(0x4800_2028L, 0x20_5703L | 1 << 11);
    return bench.vmid(1).enter(0);
  }

  private static TlbiScope va(int asid) {
    return new TlbiScope(
        "vae1is",
        Domain.INNER_SHAREABLE,
        Regime.EL1_0,
        true,
        false,
        1,
        asid,
        true,
        false,
        0x5000,
        0x1000,
        TlbiScope.NO_HINT,
        null,
        false,
        false,
        5);
  }
}
