package dev.stagewalk.check;

import static dev.stagewalk.check.Bench.LEVEL_2;
import static dev.stagewalk.check.Bench.ROOT;
import static dev.stagewalk.check.Bench.leaf;
import static dev.stagewalk.check.Bench.page;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.check.Freshness.Basis;
import dev.stagewalk.check.Freshness.Kind;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.mmu.TwoStage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How a TLB entry disagrees with tables that changed behind it, and what mends it. */
final class StalenessTest {
  private static final long A = 0x5000_0000L;
  private static final long B = 0x5100_0000L;
  private static final Access READ = Access.read(8);

  /** Stage-1 tables of 39 bits at IPA 0, identity-mapped by stage 2 pages 0 to 2. */
  private static final long STAGE_1_LEAF = 0x4010_2000L + 8 * 7;

  /** Stage 1 of a leaf: AF, Inner Shareable, AttrIndx 0 (Write-Back), nG, read-write at EL1. */
  private static final long KERNEL = 0xf03;

  private static final long NOT_GLOBAL = 1 << 11;

  private final Tlb tlb = new Tlb(Tlb.Mode.ADVERSARIAL, 64, 1);
  private final Bench bench = new Bench().with(page(5), leaf(A)).vmid(1);

  private void walkIpa(long ipa) {
    Stage2Parameters second = bench.second(0);
    Translation walk = Stage2Walk.walk(second, ipa, READ, bench.descriptors());
    tlb.insert(0, second, walk, List.of());
  }

  /** VA 0x7000 of ASID 5 at IPA 0x5000, through tables at IPA 0 to 0x2fff. */
  private void walkVa() {
    bench.sctlr[0] = 1;
    bench.ttbr0 = 5L << 48;
    for (int i = 0; i < 3; i++) {
      bench.with(page(i), leaf(0x4010_0000L + 0x1000L * i));
    }
    bench.with(0x4010_0000L, 0x1003).with(0x4010_1000L, 0x2003).with(STAGE_1_LEAF, 0x5000 | KERNEL);
    walk();
  }

  private void walk() {
    Stage1Parameters first = bench.first(0, Regime.EL1_0);
    Stage2Parameters second = bench.second(0);
    Translation walk = TwoStage.translate(first, second, 0x7000, READ, bench.descriptors());
    tlb.insert(0, first, second, walk, List.of());
  }

  private TlbEntry entry(TlbEntry.Kind kind, long input) {
    return tlb.entries().stream()
        .filter(e -> e.kind() == kind && input - e.input() >= 0 && input - e.input() < e.size())
        .findFirst()
        .orElseThrow();
  }

  private Freshness stale(TlbEntry.Kind kind, long input) {
    Freshness one = Staleness.of(bench, entry(kind, input));
    assertThat(one.isStale()).as(one.words()).isTrue();
    return one;
  }

  private static Kind only(Freshness freshness) {
    assertThat(freshness.differences()).as(freshness.words()).hasSize(1);
    return freshness.differences().getFirst().kind();
  }

  private void nothingElseThan(Freshness... stale) {
    assertThat(Staleness.of(bench, tlb.entries()).stream().filter(Freshness::isStale))
        .containsExactlyInAnyOrder(stale);
  }

  static List<Arguments> changes() {
    return List.of(
        Arguments.of(0L, Kind.INVALID, "stale: the table now says invalid (Translation fault"),
        Arguments.of(leaf(A) & ~0x400, Kind.REFUSED, "stale: the tables now refuse it"),
        Arguments.of(
            leaf(B),
            Kind.OUTPUT_ADDRESS,
            "stale: it gives PA 0x5000_0000, the tables say 0x5100_0000"),
        Arguments.of(
            leaf(A) & ~0x80, Kind.PERMISSION, "stale: stage 2 allows rwx in it, in the tables r-x"),
        Arguments.of(
            leaf(A) & ~0x3c,
            Kind.MEMORY_TYPE,
            "stale: it is Normal Write-Back, the tables say Device-nGnRnE"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void eachChangeOfALeafIsNamed(long descriptor, Kind kind, String words) {
    walkIpa(0x5000);
    assertThat(Staleness.of(bench, tlb.entries())).noneMatch(Freshness::isStale);
    bench.with(page(5), descriptor);
    Freshness one = stale(TlbEntry.Kind.STAGE_2, 0x5000);
    assertThat(only(one)).isEqualTo(kind);
    assertThat(one.words()).startsWith(words);
    assertThat(one.basis()).isEqualTo(Basis.TABLES);
    nothingElseThan(one);
  }

  @Test
  void theMendOfAStage2EntryIsTheCanonicalOrder() {
    walkIpa(0x5000);
    assertThat(Staleness.of(bench, entry(TlbEntry.Kind.STAGE_2, 0x5000)).mend().steps())
        .containsExactly(
            "DSB ISHST, so that walkers see the store",
            "TLBI IPAS2E1IS, operand 0x5 (IPA >> 12), with VMID 1 in VTTBR_EL2",
            "DSB ISH",
            "TLBI VMALLE1IS, for entries that combine both stages",
            "DSB ISH",
            "ISB");
  }

  @Test
  void aBlockInPlaceOfATableMakesThePageAndTheWalkCacheStale() {
    walkIpa(0x5000);
    bench.with(LEVEL_2, A | Bench.RW | 1);
    Freshness leaf = stale(TlbEntry.Kind.STAGE_2, 0x5000);
    assertThat(leaf.words()).contains("it covers 4 KiB, the tables map 2 MiB there");
    Freshness cache =
        Staleness.of(bench, tlb.entries()).stream()
            .filter(f -> f.entry().kind() == TlbEntry.Kind.TABLE_2 && f.entry().level() == 2)
            .findFirst()
            .orElseThrow();
    assertThat(only(cache)).isEqualTo(Kind.SIZE);
    assertThat(cache.mend().words()).contains("TLBI VMALLS12E1IS");
  }

  @Test
  void aWalkCacheThatNamesAnotherTableIsStale() {
    walkIpa(0x5000);
    bench.with(0x4002_0000L + 8 * 5, leaf(A)).with(LEVEL_2, 0x4002_0003L);
    List<Freshness> stale =
        Staleness.of(bench, tlb.entries()).stream().filter(Freshness::isStale).toList();
    assertThat(stale).hasSize(1);
    assertThat(only(stale.getFirst())).isEqualTo(Kind.NEXT_TABLE);
    assertThat(stale.getFirst().words())
        .isEqualTo("stale: it names the table at 0x4001_1000, the tables that at 0x4002_0000");
  }

  @Test
  void aChangeInStage2MakesCombinedEntriesStaleWhichTheTlbiByIpaLeaves() {
    walkVa();
    bench.with(page(5), 0);
    Freshness combined = stale(TlbEntry.Kind.COMBINED, 0x7000);
    assertThat(combined.differences().getFirst().stage()).isEqualTo(2);
    assertThat(combined.mend().words()).contains("IPAS2E1IS, operand 0x5").contains("VMALLE1IS");
    Freshness second = stale(TlbEntry.Kind.STAGE_2, 0x5000);
    nothingElseThan(combined, second);

    Preview byIpa =
        Preview.of(
            bench,
            0,
            Preview.Instruction.IPAS2E1IS,
            Preview.Instruction.IPAS2E1IS.operandFor(combined.entry()),
            tlb.entries());
    assertThat(byIpa.removed()).contains(second.entry()).doesNotContain(combined.entry());
    Preview byVas = Preview.of(bench, 0, Preview.Instruction.VMALLE1IS, 0, tlb.entries());
    assertThat(byVas.removed()).contains(combined.entry()).doesNotContain(second.entry());
  }

  @Test
  void aChangeInStage1HasItsOwnMend() {
    walkVa();
    assertThat(Staleness.of(bench, tlb.entries())).noneMatch(Freshness::isStale);
    bench.with(STAGE_1_LEAF, 0x5000 | KERNEL | 1 << 7);
    Freshness combined = stale(TlbEntry.Kind.COMBINED, 0x7000);
    assertThat(only(combined)).isEqualTo(Kind.PERMISSION);
    assertThat(combined.mend().words())
        .contains("TLBI VAE1IS, operand 0x5000000000007 (ASID 5, VA >> 12), under VMID 1");
    assertThat(only(stale(TlbEntry.Kind.STAGE_1, 0x7000))).isEqualTo(Kind.PERMISSION);
  }

  @Test
  void anEntryOfEveryAsidIsStaleOnceItsLeafIsOfOneOnly() {
    walkVa();
    bench.with(STAGE_1_LEAF, 0x5000 | KERNEL & ~NOT_GLOBAL);
    assertThat(stale(TlbEntry.Kind.COMBINED, 0x7000).words())
        .isEqualTo("stale: it answers for ASID 5 alone, the tables say for every ASID");
    tlb.invalidate(entry -> true);
    walk();
    assertThat(Staleness.of(bench, tlb.entries())).noneMatch(Freshness::isStale);

    bench.with(STAGE_1_LEAF, 0x5000 | KERNEL);
    Freshness combined = stale(TlbEntry.Kind.COMBINED, 0x7000);
    assertThat(only(combined)).isEqualTo(Kind.GLOBAL);
    assertThat(combined.words())
        .isEqualTo("stale: it answers for every ASID, the tables say for ASID 5 alone");
    assertThat(combined.mend().words()).contains("TLBI VAAE1IS, operand 0x7 (VA >> 12)");
  }

  @Test
  void whereStage2TakesAStage1TableAwayTheMendNamesTheTable() {
    walkVa();
    bench.with(page(2), 0);
    Freshness combined = stale(TlbEntry.Kind.COMBINED, 0x7000);
    assertThat(only(combined)).isEqualTo(Kind.INVALID);
    assertThat(combined.differences().getFirst().stage()).isEqualTo(2);
    assertThat(combined.words())
        .isEqualTo(
            "stale: the table now says invalid (Translation fault, level 3, on the stage-1 walk at"
                + " IPA 0x0000_2038)");
    assertThat(combined.mend().words())
        .contains("TLBI IPAS2E1IS, operand 0x2 (IPA >> 12)", "TLBI VMALLE1IS");
    assertThat(stale(TlbEntry.Kind.STAGE_1, 0x7000).mend()).isEqualTo(combined.mend());
  }

  @Test
  void stage1ThatNamesAnotherIpaMovesTheCombinedEntry() {
    walkVa();
    bench.with(page(6), leaf(B)).with(STAGE_1_LEAF, 0x6000 | KERNEL);
    Freshness combined = stale(TlbEntry.Kind.COMBINED, 0x7000);
    assertThat(only(combined)).isEqualTo(Kind.OUTPUT_ADDRESS);
    assertThat(combined.differences().getFirst().stage()).isEqualTo(1);
    assertThat(stale(TlbEntry.Kind.STAGE_1, 0x7000).words())
        .isEqualTo("stale: it gives IPA 0x0000_5000, the tables say 0x0000_6000");
  }

  @Test
  void underAnotherVmidTheDescriptorItWasReadFromDecides() {
    walkIpa(0x5000);
    bench.vmid(0, 2, ROOT);
    Freshness same = Staleness.of(bench, entry(TlbEntry.Kind.STAGE_2, 0x5000));
    assertThat(same.basis()).isEqualTo(Basis.DESCRIPTOR);
    assertThat(same.words())
        .isEqualTo("its descriptor is unchanged; no register names its tables now");
    bench.with(page(5), leaf(B));
    assertThat(only(stale(TlbEntry.Kind.STAGE_2, 0x5000))).isEqualTo(Kind.DESCRIPTOR);
    bench.with(page(5), 0);
    Freshness gone = stale(TlbEntry.Kind.STAGE_2, 0x5000);
    assertThat(only(gone)).isEqualTo(Kind.INVALID);
    assertThat(gone.mend().words()).contains("with VMID 1 in VTTBR_EL2");
  }

  @Test
  void stage2ThatIsOffForTheHostIsStillWalkedForItsVmid() {
    walkIpa(0x5000);
    bench.hcr = 0;
    bench.with(page(5), 0);
    assertThat(stale(TlbEntry.Kind.STAGE_2, 0x5000).basis()).isEqualTo(Basis.TABLES);
  }

  @Test
  void aTlbiTellsBeforehandWhatItWouldRemove() {
    walkIpa(0x5000);
    TlbEntry page = entry(TlbEntry.Kind.STAGE_2, 0x5000);
    long operand = Preview.Instruction.IPAS2E1IS.operandFor(page);
    Preview one = Preview.of(bench, 0, Preview.Instruction.IPAS2LE1IS, operand, tlb.entries());
    assertThat(one.title()).isEqualTo("TLBI IPAS2LE1IS, operand 0x5");
    assertThat(one.removed()).containsExactly(page);
    assertThat(one.words()).isEqualTo("would remove 1 entry");
    Preview all = Preview.of(bench, 0, Preview.Instruction.VMALLS12E1IS, 0, tlb.entries());
    assertThat(all.removed()).hasSameSizeAs(tlb.entries());

    bench.vmid(0, 2, ROOT);
    Preview other = Preview.of(bench, 0, Preview.Instruction.VMALLS12E1IS, 0, tlb.entries());
    assertThat(other.words()).as("it acts on VMID 2 now").isEqualTo("would remove nothing");
    assertThat(other.scope().words()).contains("VMID 2");
  }

  /** At EL0 of a host, the handler that would execute it is the host at EL2. */
  @Test
  void aTlbiOfAHostMeansTheHostsOwnTranslationsAlsoWhileItsEl0Runs() {
    walkVa();
    bench.hcr = 1L << 34 | 1L << 27;
    for (int el : new int[] {0, 2}) {
      bench.el[0] = el;
      Preview host = Preview.of(bench, 0, Preview.Instruction.VMALLE1IS, 0, tlb.entries());
      assertThat(host.scope().regime()).isEqualTo(Regime.EL2_0);
      assertThat(host.removed()).isEmpty();
    }
    bench.hcr = 1L << 34 | 1;
    bench.el[0] = 1;
    Preview guest = Preview.of(bench, 0, Preview.Instruction.VMALLE1IS, 0, tlb.entries());
    assertThat(guest.scope().regime()).isEqualTo(Regime.EL1_0);
    assertThat(guest.removed()).isNotEmpty();
  }

  @Test
  void aWrongLevelHintRemovesWhatTheMachineChoseItTo() {
    walkIpa(0x5000);
    TlbEntry page = entry(TlbEntry.Kind.STAGE_2, 0x5000);
    long right = 0x5 | 7L << 44;
    long wrong = 0x5 | 6L << 44;
    Preview.Instruction tlbi = Preview.Instruction.IPAS2LE1IS;
    assertThat(Preview.of(bench, 0, tlbi, right, tlb.entries()).removed()).containsExactly(page);
    assertThat(Preview.of(bench, 0, tlbi, wrong, tlb.entries()).removed()).containsExactly(page);
    bench.policy = Policy.WORST;
    assertThat(Preview.of(bench, 0, tlbi, right, tlb.entries()).removed()).containsExactly(page);
    assertThat(Preview.of(bench, 0, tlbi, wrong, tlb.entries()).removed()).isEmpty();
  }

  @Test
  void aLocalTlbiLeavesTheEntriesOfOtherPes() {
    walkIpa(0x5000);
    Preview there = Preview.of(bench, 1, Preview.Instruction.VMALLS12E1, 0, tlb.entries());
    assertThat(there.removed()).isEmpty();
  }
}
