package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class TlbTest {
  private static final Access READ = Access.read(8);
  private static final Access WRITE = Access.write(8);

  /** 30-bit IPAs from level 2 (one table), 4K granule, 48-bit output. */
  private static final long VTCR = 0x8005_3522L;

  private static final long ROOT = 0x4000_0000L;
  private static final long LEVEL_3 = 0x4000_1000L;
  private static final long RW = 0x7ff;
  private static final long READ_ONLY = RW & ~0x80;
  private static final long BLOCK = RW & ~2;

  private final PhysicalWords memory = new PhysicalWords().put(ROOT, LEVEL_3 | 3);
  private final Tlb tlb = new Tlb(Tlb.Mode.REALISTIC, 4, 1);

  private static Stage2Parameters vm(int vmid) {
    return vm(vmid, VTCR);
  }

  private static Stage2Parameters vm(int vmid, long vtcr) {
    return Stage2Parameters.decode(vtcr, (long) vmid << 48 | ROOT, 1, Features.MAX);
  }

  private void map(int page, long leaf) {
    memory.put(LEVEL_3 + 8L * page, leaf);
  }

  private static long ipa(int page) {
    return (long) page << 12;
  }

  private Translation fill(Tlb into, int pe, Stage2Parameters parameters, long ipa, Access access) {
    Translation walk = Stage2Walk.walk(parameters, ipa, access, memory);
    into.insert(pe, parameters, walk, List.of());
    return walk;
  }

  private static Predicate<TlbEntry> vmid(int vmid) {
    return entry -> entry.vmid() == vmid;
  }

  private static TlbEntry hit(Tlb in, int vmid, long ipa) {
    return Objects.requireNonNull(in.lookup(0, vmid, ipa, READ));
  }

  @Test
  void unmapWithoutTlbiKeepsTheOldTranslation() {
    map(5, 0x5000_0000L | RW);
    fill(tlb, 0, vm(1), ipa(5), READ);
    map(5, 0);

    assertThat(hit(tlb, 1, ipa(5) + 0x18).output(ipa(5) + 0x18)).isEqualTo(0x5000_0018L);

    assertThat(tlb.invalidate(vmid(1))).isEqualTo(1);
    assertThat(tlb.lookup(0, 1, ipa(5), READ)).isNull();
  }

  @Test
  void tlbiOfAnotherVmidLeavesTheEntry() {
    map(5, 0x5000_0000L | RW);
    fill(tlb, 0, vm(1), ipa(5), READ);

    assertThat(tlb.invalidate(vmid(2))).isZero();
    assertThat(tlb.lookup(0, 2, ipa(5), READ)).isNull();
    assertThat(tlb.lookup(1, 1, ipa(5), READ)).isNull();
    assertThat(tlb.lookup(0, 1, ipa(5), READ)).isNotNull();
  }

  @Test
  void translationAddressSizeAndAccessFlagFaultsAreNeverCached() {
    map(1, 0);
    map(2, RW & ~0x400 | 0x5000_0000L);
    map(3, RW | 1L << 47);
    long vtcr40 = VTCR & ~(7L << 16) | 2 << 16;

    assertThat(((Translation.Fault) fill(tlb, 0, vm(1), ipa(1), READ).outcome()).kind())
        .isEqualTo(FaultKind.TRANSLATION);
    assertThat(((Translation.Fault) fill(tlb, 0, vm(1), ipa(2), READ).outcome()).kind())
        .isEqualTo(FaultKind.ACCESS_FLAG);
    assertThat(((Translation.Fault) fill(tlb, 0, vm(1, vtcr40), ipa(3), READ).outcome()).kind())
        .isEqualTo(FaultKind.ADDRESS_SIZE);
    assertThat(tlb.entries()).isEmpty();
  }

  @Test
  void relaxingAPermissionWithoutTlbiStillFaults() {
    map(5, 0x5000_0000L | READ_ONLY);
    fill(tlb, 0, vm(1), ipa(5), WRITE);
    map(5, 0x5000_0000L | RW);

    TlbEntry entry = hit(tlb, 1, ipa(5));
    Translation.Fault fault = Objects.requireNonNull(entry.refusal(ipa(5) + 8, WRITE));
    assertThat(fault.kind()).isEqualTo(FaultKind.PERMISSION);
    assertThat(fault.level()).isEqualTo(3);
    assertThat(fault.ipa()).isEqualTo(ipa(5) + 8);
    assertThat(entry.refusal(ipa(5), READ)).isNull();
  }

  @Test
  void realisticKeepsItsCapacityForEachPeAndIsRepeatable() {
    Tlb same = new Tlb(Tlb.Mode.REALISTIC, 4, 1);
    Tlb otherSeed = new Tlb(Tlb.Mode.REALISTIC, 4, 2);
    for (int page = 0; page < 40; page++) {
      map(page, 0x5000_0000L | ipa(page) | RW);
      for (Tlb each : new Tlb[] {tlb, same, otherSeed}) {
        fill(each, 0, vm(1), ipa(page), READ);
        fill(each, 1, vm(1), ipa(page), READ);
      }
    }

    assertThat(tlb.entries()).hasSize(8);
    assertThat(tlb.entries().stream().filter(entry -> entry.pe() == 1)).hasSize(4);
    assertThat(tlb.entries()).isEqualTo(same.entries());
    assertThat(tlb.hash()).isEqualTo(same.hash());
    assertThat(tlb.hash()).isNotEqualTo(otherSeed.hash());
  }

  @Test
  void adversarialKeepsEverythingAndOffKeepsNothing() {
    Tlb all = new Tlb(Tlb.Mode.ADVERSARIAL, 4, 1);
    Tlb none = new Tlb(Tlb.Mode.OFF, 4, 1);
    for (int page = 0; page < 100; page++) {
      map(page, 0x5000_0000L | ipa(page) | RW);
      fill(all, 0, vm(1), ipa(page), READ);
      fill(none, 0, vm(1), ipa(page), READ);
    }

    assertThat(all.entries())
        .filteredOn(entry -> entry.kind() == TlbEntry.Kind.STAGE_2)
        .hasSize(100);
    assertThat(all.entries())
        .filteredOn(entry -> entry.kind() == TlbEntry.Kind.TABLE_2)
        .as("the one table descriptor above them")
        .hasSize(1);
    assertThat(none.entries()).isEmpty();
    assertThat(all.invalidate(vmid(1))).isEqualTo(101);
  }

  @Test
  void aBlockMadeOfAPageWithoutBreakBeforeMakeConflictsAndTheOldAnswerWins() {
    map(5, 0x5000_0000L | READ_ONLY);
    fill(tlb, 0, vm(1), ipa(5), READ);
    memory.put(ROOT, 0x6000_0000L | BLOCK);
    long before = tlb.generation();
    fill(tlb, 0, vm(1), ipa(7), READ);

    TlbEntry entry = hit(tlb, 1, ipa(5));
    assertThat(entry.output()).isEqualTo(0x5000_0000L);
    assertThat(tlb.conflict(entry, ipa(5), READ)).isNotNull();
    assertThat(tlb.conflict(hit(tlb, 1, ipa(7)), ipa(7), READ)).isNull();
    assertThat(tlb.generation()).isNotEqualTo(before);
  }

  @Test
  @Tag("long")
  void beyondWhatAnAdversarialTlbCanHoldTheOlderHalfMakesRoom() {
    Tlb all = new Tlb(Tlb.Mode.ADVERSARIAL, 1, 0);
    map(5, 0x5000_0000L | READ_ONLY);
    int most = 0;
    for (int vmid = 1; vmid < 1 << 16; vmid++) {
      fill(all, 0, vm(vmid, VTCR | Vtcr.VS), ipa(5), READ);
      most = Math.max(most, vmid % 512 == 0 ? all.entries().size() : 0);
    }

    assertThat(most).isBetween(Tlb.MOST / 2, Tlb.MOST);
    assertThat(all.lookup(0, 1, ipa(5), READ)).as("the oldest").isNull();
    assertThat(hit(all, 0xffff, ipa(5)).output()).isEqualTo(0x5000_0000L);
  }

  @Test
  void aCleanDirtyTrackedPageAnswersReadsButLetsWritesWalk() {
    long vtcr = VTCR | Vtcr.HA | Vtcr.HD;
    map(5, 0x5000_0000L | READ_ONLY | Stage2Format.DBM);
    fill(tlb, 0, vm(1, vtcr), ipa(5), READ);

    assertThat(tlb.lookup(0, 1, ipa(5), READ)).isNotNull();
    assertThat(tlb.lookup(0, 1, ipa(5), WRITE)).isNull();

    fill(tlb, 0, vm(1, vtcr), ipa(5), WRITE);
    assertThat(tlb.entries()).hasSize(1);
    assertThat(tlb.lookup(0, 1, ipa(5), WRITE)).isNotNull();
  }

  @Test
  void aRestoredStateIsTheSavedOneWhateverHappenedSince() {
    IntStream.range(0, 4).forEach(page -> map(page, 0x5000_0000L | ipa(page) | RW));
    fill(tlb, 0, vm(1), ipa(0), READ);
    Tlb.State saved = tlb.save();
    long hash = tlb.hash();
    var entries = tlb.entries();

    fill(tlb, 0, vm(1), ipa(1), READ);
    assertThat(tlb.hash()).isNotEqualTo(hash);
    tlb.invalidate(vmid(1));
    long generation = tlb.generation();
    tlb.restore(saved);

    assertThat(tlb.hash()).isEqualTo(hash);
    assertThat(tlb.entries()).isEqualTo(entries);
    assertThat(tlb.generation()).isGreaterThan(generation);
    fill(tlb, 0, vm(1), ipa(2), READ);
    tlb.restore(saved);
    assertThat(tlb.entries()).isEqualTo(entries);
  }

  @Test
  void keptAnswersAreNeverWrongWhileTheGenerationStands() {
    Random random = new Random(7);
    Tlb bounded = new Tlb(Tlb.Mode.REALISTIC, 8, 3);
    TlbEntry[] kept = new TlbEntry[32];
    long generation = bounded.generation();
    for (int step = 0; step < 20_000; step++) {
      int page = random.nextInt(32);
      switch (random.nextInt(8)) {
        case 0 -> map(page, 0x5000_0000L | ipa(random.nextInt(64)) | RW);
        case 1 -> bounded.invalidate(vmid(random.nextInt(3)));
        case 2 -> memory.put(ROOT, random.nextInt(9) == 0 ? 0x6000_0000L | BLOCK : LEVEL_3 | 3);
        default -> {
          TlbEntry entry = bounded.lookup(0, 1, ipa(page), READ);
          if (generation != bounded.generation()) {
            generation = bounded.generation();
            kept = new TlbEntry[32];
          }
          if (kept[page] != null) {
            assertThat(kept[page]).isSameAs(entry);
          }
          if (entry == null) {
            fill(bounded, 0, vm(1), ipa(page), READ);
          } else {
            kept[page] = entry;
          }
        }
      }
    }
  }
}
