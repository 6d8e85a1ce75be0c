package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.event.Translation;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * What waits for a barrier is state like any other; runs of contiguous descriptors are one entry.
 */
final class PendingWorkTest {
  private static final long VTCR = 0x8005_3522L;
  private static final long ROOT = 0x4000_0000L;
  private static final long LEVEL_3 = 0x4000_1000L;
  private static final long RW = 0x7ff;
  private static final TlbiScope ALL = TlbiScope.vmalls12e1is(1);

  private final PhysicalWords memory = new PhysicalWords().put(ROOT, LEVEL_3 | 3);
  private final Tlb tlb = new Tlb(Tlb.Mode.ADVERSARIAL, 4, 1);

  private static Stage2Parameters parameters() {
    return Stage2Parameters.decode(VTCR, 1L << 48 | ROOT, 1, Features.MAX);
  }

  private void fill(Tlb into, long ipa) {
    Translation walk = Stage2Walk.walk(parameters(), ipa, Access.read(8), memory);
    into.insert(0, parameters(), walk, List.of());
  }

  private static List<TlbEntry> leaves(Tlb of) {
    return of.entries().stream().filter(e -> !e.kind().isTable()).toList();
  }

  @Test
  void aTlbiThatWaitsForItsDsbIsInStateAndHash() {
    memory.put(LEVEL_3 + 8 * 5, 0x5000_0000L | RW);
    fill(tlb, 0x5000);
    long before = tlb.hash();

    assertThat(tlb.invalidate(0, ALL)).isZero();
    assertThat(tlb.hash()).isNotEqualTo(before);
    Tlb.State waiting = tlb.save();
    long hash = tlb.hash();

    assertThat(tlb.barrier(0, Barrier.DSB_ISHST)).isZero();
    assertThat(tlb.barrier(1, Barrier.DSB_ISH)).as("another PE's").isZero();
    assertThat(tlb.barrier(0, Barrier.DSB_ISH)).isEqualTo(2);
    assertThat(tlb.entries()).isEmpty();

    tlb.restore(waiting);
    assertThat(tlb.hash()).isEqualTo(hash);
    assertThat(tlb.barrier(0, Barrier.dsb(Domain.FULL_SYSTEM, Barrier.Types.ALL))).isEqualTo(2);
  }

  @Test
  void whatIsFilledAfterATlbiStays() {
    memory.put(LEVEL_3 + 8 * 5, 0x5000_0000L | RW).put(LEVEL_3 + 8 * 6, 0x6000_0000L | RW);
    fill(tlb, 0x5000);
    tlb.invalidate(0, ALL);
    fill(tlb, 0x6000);
    tlb.barrier(0, Barrier.DSB_ISH);

    assertThat(leaves(tlb)).extracting(TlbEntry::input).containsExactly(0x6000L);
  }

  @Test
  void aStoreThatWaitsIsInStateAndHash() {
    PendingWork pending = tlb.pending();
    long before = tlb.hash();
    pending.stored(0, LEVEL_3, 0, 0x5000_0000L | RW);
    Tlb.State waiting = tlb.save();
    long hash = tlb.hash();
    assertThat(hash).isNotEqualTo(before);
    assertThat(pending.oldest(0, LEVEL_3, 7)).isZero();
    assertThat(pending.oldest(1, LEVEL_3, 7)).isZero();

    tlb.barrier(0, Barrier.dsb(Domain.NON_SHAREABLE, Barrier.Types.ALL));
    assertThat(pending.oldest(0, LEVEL_3, 7)).as("of a new valid entry, until an ISB").isZero();
    tlb.barrier(0, Barrier.ISB);
    assertThat(pending.oldest(0, LEVEL_3, 7)).isEqualTo(7);
    assertThat(pending.oldest(1, LEVEL_3, 7)).as("another PE, which NSH does not reach").isZero();

    tlb.restore(waiting);
    assertThat(tlb.hash()).isEqualTo(hash);
    tlb.barrier(0, Barrier.DSB_ISHST);
    assertThat(pending.oldest(0, LEVEL_3, 7)).as("until an ISB").isZero();
    assertThat(pending.oldest(1, LEVEL_3, 7)).isEqualTo(7);
    tlb.barrier(0, Barrier.ISB);
    assertThat(pending.stores()).isEmpty();
  }

  @Test
  void aStoreThatAllWalksSeeOvertakesEarlierOnesOfOtherPes() {
    PendingWork pending = tlb.pending();
    pending.stored(0, LEVEL_3, 1, 3);
    pending.stored(1, LEVEL_3, 3, 5);
    assertThat(pending.oldest(0, LEVEL_3, 5)).isEqualTo(1);
    tlb.barrier(1, Barrier.DSB_ISH);
    assertThat(pending.stores()).isEmpty();
    assertThat(pending.oldest(0, LEVEL_3, 5)).isEqualTo(5);
  }

  @Test
  void aSecondStoreAfterADsbNshLeavesOtherPesTheValueBeforeTheFirst() {
    PendingWork pending = tlb.pending();
    pending.stored(0, LEVEL_3, 1, 3);
    tlb.barrier(0, Barrier.dsb(Domain.NON_SHAREABLE, Barrier.Types.ALL));
    pending.stored(0, LEVEL_3, 3, 5);

    assertThat(pending.oldest(0, LEVEL_3, 5)).as("its own PE is certain of the first").isEqualTo(3);
    assertThat(pending.oldest(1, LEVEL_3, 5)).isEqualTo(1);
    Tlb.State waiting = tlb.save();
    long hash = tlb.hash();

    tlb.barrier(0, Barrier.DSB_ISH);
    assertThat(pending.stores()).isEmpty();
    tlb.restore(waiting);
    assertThat(tlb.hash()).isEqualTo(hash);
    assertThat(pending.oldest(1, LEVEL_3, 5)).isEqualTo(1);
  }

  @Test
  void aSecondStoreBeforeContextSynchronisationLeavesItsOwnPeTheInvalidEntry() {
    PendingWork pending = tlb.pending();
    pending.stored(0, LEVEL_3, 0, 3);
    tlb.barrier(0, Barrier.DSB_ISH);
    pending.stored(0, LEVEL_3, 3, 5);

    assertThat(pending.oldest(0, LEVEL_3, 5)).isZero();
    assertThat(pending.oldest(1, LEVEL_3, 5)).as("other PEs are certain of the first").isEqualTo(3);
    tlb.barrier(0, Barrier.DSB_ISH);
    assertThat(pending.oldest(0, LEVEL_3, 5)).as("until an ISB").isZero();
    assertThat(pending.oldest(1, LEVEL_3, 5)).isEqualTo(5);
    tlb.barrier(0, Barrier.ISB);
    assertThat(pending.stores()).isEmpty();
  }

  @Test
  void ofStoresOfSeveralPesTheFirstCountsWhicheverPeMadeIt() {
    PendingWork pending = tlb.pending();
    pending.stored(1, LEVEL_3, 1, 3);
    pending.stored(0, LEVEL_3, 3, 5);

    assertThat(pending.oldest(0, LEVEL_3, 5)).isEqualTo(1);
    assertThat(pending.oldest(1, LEVEL_3, 5)).isEqualTo(1);
  }

  @Test
  void aSecondStoreThatAllWalksSeeOvertakesWhatAnotherPeStoredBetweenTheTwo() {
    PendingWork pending = tlb.pending();
    pending.stored(0, LEVEL_3, 1, 3);
    pending.stored(1, LEVEL_3, 3, 5);
    pending.stored(0, LEVEL_3, 5, 7);
    pending.stored(1, LEVEL_3, 7, 9);
    assertThat(pending.oldest(1, LEVEL_3, 9)).isEqualTo(1);

    tlb.barrier(0, Barrier.DSB_ISH);
    assertThat(pending.oldest(0, LEVEL_3, 9)).isEqualTo(7);
    assertThat(pending.oldest(1, LEVEL_3, 9)).isEqualTo(7);
  }

  @Test
  void contextSynchronisationIsOfTheStoreThatWasCompleteNotOfALaterOne() {
    PendingWork pending = tlb.pending();
    pending.stored(0, LEVEL_3, 0, 3);
    tlb.barrier(0, Barrier.dsb(Domain.NON_SHAREABLE, Barrier.Types.ALL));
    pending.stored(0, LEVEL_3, 3, 5);
    tlb.barrier(0, Barrier.ISB);

    assertThat(pending.oldest(0, LEVEL_3, 5)).isEqualTo(3);
    assertThat(pending.oldest(1, LEVEL_3, 5)).isZero();
  }

  @Test
  void tooManyStoresBecomeCertainOldestFirst() {
    PendingWork pending = tlb.pending();
    for (int i = 0; i <= PendingWork.MOST; i++) {
      pending.stored(0, 8L * i, i, i + 1);
    }
    assertThat(pending.stores()).hasSize(PendingWork.MOST);
    assertThat(pending.oldest(0, 0, 1)).isEqualTo(1);
    assertThat(pending.oldest(0, 8, 2)).isEqualTo(1);
  }

  @Test
  void tooManyTlbisCompleteOldestFirst() {
    memory.put(LEVEL_3 + 8 * 5, 0x5000_0000L | RW);
    fill(tlb, 0x5000);
    for (int i = 0; i < PendingWork.MOST; i++) {
      assertThat(tlb.invalidate(0, ALL)).isZero();
    }
    assertThat(tlb.invalidate(0, ALL)).isEqualTo(2);
    assertThat(tlb.pending().tlbis()).hasSize(PendingWork.MOST);
  }

  private void run(long base) {
    for (int page = 16; page < 32; page++) {
      memory.put(LEVEL_3 + 8L * page, base + (page - 16) * 0x1000L | RW | 1L << 52);
    }
  }

  @Test
  void aRunOfContiguousPagesIsOneEntry() {
    run(0x5000_0000L);
    for (Tlb.Mode mode : new Tlb.Mode[] {Tlb.Mode.REALISTIC, Tlb.Mode.ADVERSARIAL}) {
      Tlb each = new Tlb(mode, 4, 1);
      fill(each, 0x1_3000);
      TlbEntry entry = leaves(each).getFirst();
      assertThat(entry.contiguous()).isTrue();
      assertThat(entry.input()).isEqualTo(0x1_0000);
      assertThat(entry.size()).isEqualTo(0x1_0000);
      TlbEntry other = each.lookup(0, 1, 0x1_f008, Access.read(8));
      assertThat(other).isNotNull();
      assertThat(other.output(0x1_f008)).isEqualTo(0x5000_f008L);
      assertThat(each.invalidate(e -> Invalidation.covers(ipas2e1(0x1_7000), 0, e))).isPositive();
      assertThat(leaves(each)).isEmpty();
    }
  }

  @Test
  void ofARunOfContiguousPagesATlbiMustRemoveThePageItNamesAlone() {
    run(0x5000_0000L);
    fill(tlb, 0x1_3000);
    tlb.invalidate(0, ipas2e1(0x1_7000));
    tlb.barrier(0, Barrier.DSB_ISH);

    assertThat(tlb.lookup(0, 1, 0x1_7000, Access.read(8))).isNull();
    TlbEntry left = Objects.requireNonNull(tlb.lookup(0, 1, 0x1_8010, Access.read(8)));
    assertThat(left.size()).isEqualTo(0x1000);
    assertThat(left.output(0x1_8010)).isEqualTo(0x5000_8010L);
    assertThat(left.leaf()).isEqualTo(memory.read(LEVEL_3 + 8 * 0x18));
    assertThat(left.leafAddress()).isEqualTo(LEVEL_3 + 8 * 0x18);
    assertThat(leaves(tlb)).hasSize(15);

    for (int page = 16; page < 32; page++) {
      tlb.invalidate(0, ipas2e1((long) page << 12));
    }
    tlb.barrier(0, Barrier.DSB_ISH);
    assertThat(leaves(tlb)).isEmpty();
  }

  @Test
  void aRunThatIsReadAgainDoesNotConflictWithWhatATlbiHasLeftOfIt() {
    run(0x5000_0000L);
    fill(tlb, 0x1_3000);
    tlb.invalidate(0, ipas2e1(0x1_7000));
    tlb.barrier(0, Barrier.DSB_ISH);
    fill(tlb, 0x1_7000);

    TlbEntry left = Objects.requireNonNull(tlb.lookup(0, 1, 0x1_8000, Access.read(8)));
    assertThat(left.size()).as("the older").isEqualTo(0x1000);
    assertThat(tlb.conflict(left, 0x1_8000, Access.read(8))).isNull();

    run(0x6000_0000L);
    tlb.invalidate(0, ipas2e1(0x1_7000));
    tlb.barrier(0, Barrier.DSB_ISH);
    fill(tlb, 0x1_7000);
    assertThat(tlb.conflict(left, 0x1_8000, Access.read(8)))
        .as("with another output address")
        .isNotNull();
  }

  @Test
  void aRangeWhoseBaseDoesNotFitItsHintRemovesNothingFromTheWorstTlb() {
    memory.put(ROOT + 8, 0x4020_0000L | RW & ~2L);
    long range = 1L << 46 | 1L << 44 | 31L << 39 | 2L << 37;
    for (long base : new long[] {0x1ff, 0x200}) {
      fill(tlb, 0x20_0000);
      TlbiScope scope = Invalidation.decode(4, 4, 2, range | base, false, GUEST);
      tlb.invalidate(0, Objects.requireNonNull(scope));
      tlb.barrier(0, Barrier.DSB_ISH);
      assertThat(leaves(tlb)).as("base %x", base).hasSize(base == 0x200 ? 0 : 1);
    }
  }

  private static final Invalidation.Situation GUEST =
      new Invalidation.Situation(Regime.EL1_0, 1, 16, false);

  private static TlbiScope ipas2e1(long ipa) {
    TlbiScope scope = Invalidation.decode(4, 4, 1, ipa >>> 12, false, GUEST);
    assertThat(scope).isNotNull();
    return scope;
  }

  @Test
  void aRunThatStandsElsewhereInItsOutputIsOneEntryForTheWorstTlbOnly() {
    run(0x5000_4000L);
    Tlb realistic = new Tlb(Tlb.Mode.REALISTIC, 4, 1);
    fill(realistic, 0x1_3000);
    fill(tlb, 0x1_3000);

    assertThat(leaves(realistic).getFirst().size()).isEqualTo(0x1000);
    assertThat(leaves(tlb).getFirst().size()).isEqualTo(0x1_0000);
  }
}
