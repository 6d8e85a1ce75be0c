package dev.stagewalk.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each finding of tables has a smallest case that yields it, and a twin that does not. */
final class TableCheckTest extends WrittenTables {
  @Test
  void plainTablesHaveNothingToFind() {
    plain().nothing();
  }

  @Test
  void aTableThatNamesItselfIsALoop() {
    plain();
    put(L2, 1, L2 | TABLE);
    Finding finding = only(FindingKind.TABLE_LOOP);
    assertThat(finding.place())
        .isEqualTo(new Place.Entry(Place.Owner.ofStage2(0), 2, L2, 1, 0x20_0000, 2 << 20));
    assertThat(finding.evidence()).contains("0x0002_0000", "through which it was reached");
    put(L2, 1, OTHER | TABLE);
    put(OTHER, 0, 0x4000_1000L | PAGE);
    nothing();
  }

  @Test
  void aTableOfTwoDescriptorsIsNamedAndReadOnce() {
    plain();
    for (int i = 1; i < 512; i++) {
      put(L2, i, L3 | TABLE);
    }
    Findings findings = check();
    assertThat(kinds(findings)).containsExactly(FindingKind.TABLE_SHARED);
    assertThat(findings.groups().getFirst().count()).isEqualTo(511);
    assertThat(findings.groups().getFirst().first().getFirst().evidence())
        .contains("0x0003_0000", "at level 3 for IPA 0x0000_0000");
  }

  @Test
  void aTableReadAtTwoLevelsIsShared() {
    plain();
    put(ROOT, 1, L3 | TABLE);
    assertThat(kinds(check())).contains(FindingKind.TABLE_SHARED);
  }

  @Test
  void sharedTablesInMillionsAreReadOnceEach() {
    for (int i = 0; i < 512; i++) {
      put(ROOT, i, L2 | TABLE);
      put(L2, i, L3 | TABLE);
    }
    put(L3, 0, 0x4000_0000L | PAGE);
    Findings findings = new Findings();
    assertThat(TableCheck.of(List.of(stage2(vttbr)), surroundings, findings).tables()).isEqualTo(3);
  }

  @Test
  void aTableWhereNoMemoryIsCannotBeWalked() {
    plain();
    put(L2, 3, 0x9_0000 | TABLE);
    assertThat(only(FindingKind.TABLE_UNREADABLE).evidence()).contains("0x0009_0000");
    surroundings = Surroundings.OF_DUMP;
    assertThat(only(FindingKind.NOT_JUDGED).evidence()).contains("0x0009_0000");
    put(0x9_0000L, 0, 0);
    nothing();
  }

  @Test
  void bitsOneAtLevel3AreReserved() {
    plain();
    put(L3, 5, 0x4000_5000L | BLOCK);
    assertThat(only(FindingKind.RESERVED_DESCRIPTOR).mend())
        .contains(Long.toHexString(0x4000_5000L | PAGE));
    put(L3, 5, 0x4000_5000L | PAGE);
    nothing();
  }

  @Test
  void aBlockAtLevel0NeedsDs() {
    // 48-bit IPA from level 0.
    vtcr = 0x8005_3590L;
    put(ROOT, 0, L2 | TABLE);
    put(ROOT, 1, 0x80_0000_0000L | BLOCK);
    put(L2, 0, 0x4000_0000L | BLOCK);
    assertThat(only(FindingKind.BLOCK_LEVEL).mend()).contains("blocks of level 1");
    features = Features.MAX;
    vtcr |= 1L << 32;
    put(ROOT, 1, 0x80_0000_0000L | BLOCK & ~0x300);
    put(L2, 0, 0x4000_0000L | BLOCK & ~0x300);
    nothing();
  }

  @Test
  void aBlockAtLevel1Of16KNeedsDsAndOf64KNeedsLpa() {
    // 16K granule, 40-bit IPA, from level 1: 16 entries.
    long sixteen = 0x8005_b598L;
    put(ROOT, 1, 1L << 36 | BLOCK);
    vtcr = sixteen;
    features = Features.MAX;
    assertThat(kinds(check())).containsExactly(FindingKind.BLOCK_LEVEL);
    vtcr = sixteen | 1L << 32;
    put(ROOT, 1, 1L << 36 | BLOCK & ~0x300);
    nothing();
    // 64K granule, 46-bit IPA, from level 1.
    vtcr = 0x8005_7592L;
    put(ROOT, 1, 1L << 42 | BLOCK);
    nothing();
    features = Features.MAX.withPaBits(48);
    assertThat(kinds(check())).containsExactly(FindingKind.BLOCK_LEVEL);
  }

  @Test
  void aBlockIsAlignedToItsSize() {
    plain();
    put(L2, 1, 0x4021_3000L | BLOCK);
    assertThat(only(FindingKind.OUTPUT_MISALIGNED).evidence()).contains("0x13000", "0x4020_0000");
    put(L2, 1, 0x4020_0000L | BLOCK);
    nothing();
    // With FEAT_BBM bit 16 of a block is nT.
    put(L2, 1, 0x4021_0000L | BLOCK);
    bbm = BbmSupport.LEVEL_1;
    nothing();
  }

  @Test
  void aTableOfA64KGranuleIsAlignedToIt() {
    vtcr = 0x8002_7558L;
    put(ROOT, 0, L2 | TABLE);
    put(L2, 0, 0x4000_0000L | PAGE);
    nothing();
    features = Features.MAX.withPaBits(44);
    put(ROOT, 0, L2 | 0x1000 | TABLE);
    assertThat(only(FindingKind.TABLE_MISALIGNED).evidence()).contains("0x1000", "64 KiB");
  }

  @Test
  void anOutputBeyondPsFaults() {
    plain();
    put(L3, 1, 1L << 40 | PAGE);
    assertThat(only(FindingKind.OUTPUT_BEYOND_PS).evidence()).contains("40 bits");
    vtcr = VTCR & ~(7L << 16) | 5 << 16;
    nothing();
  }

  @Test
  void aTableBeyondPsFaults() {
    plain();
    put(1L << 40, 0, 0);
    put(L2, 1, 1L << 40 | TABLE);
    assertThat(only(FindingKind.TABLE_BEYOND_PS).place().words()).contains("entry 1");
    vtcr = VTCR & ~(7L << 16) | 5 << 16;
    nothing();
  }

  @Test
  void addressBitsAbove48LandInTheAttributes() {
    plain();
    put(L3, 1, 1L << 48 | 0x4000_1000L | PAGE);
    assertThat(only(FindingKind.ADDRESS_BITS_IN_ATTRIBUTES).evidence())
        .contains("0x1000000000000", "0x4000_1000");
    put(L3, 1, 0x4000_1000L | PAGE);
    put(L2, 1, 1L << 49 | OTHER | TABLE);
    put(OTHER, 0, 0);
    assertThat(kinds(check())).containsExactly(FindingKind.ADDRESS_BITS_IN_ATTRIBUTES);
    // With DS bits 49:48 are address bits.
    features = Features.MAX;
    vtcr = VTCR & ~(7L << 16) | 6 << 16 | 1L << 32;
    put(L2, 1, 0);
    put(L3, 0, 0x4000_0000L | PAGE & ~0x300);
    put(L3, 1, 1L << 48 | 0x4000_1000L | PAGE & ~0x300);
    nothing();
  }

  @Test
  void aContiguousRunIsWholeAlignedAndAlike() {
    plain();
    Consumer<Long> run =
        first -> {
          for (int i = 16; i < 32; i++) {
            put(L3, i, first + 0x1000L * (i - 16) | PAGE | CONTIGUOUS);
          }
        };
    run.accept(0x5000_0000L);
    nothing();
    run.accept(0x5000_1000L);
    assertThat(only(FindingKind.CONTIGUOUS_MISUSE).evidence())
        .contains("not aligned to its 64 KiB");
    run.accept(0x5000_0000L);
    put(L3, 20, 0x5000_4000L | PAGE);
    assertThat(only(FindingKind.CONTIGUOUS_MISUSE).evidence()).contains("entry 20");
    put(L3, 20, 0);
    assertThat(only(FindingKind.CONTIGUOUS_MISUSE).evidence()).contains("entry 20", "invalid");
    put(L3, 20, 0x5000_4000L | PAGE | CONTIGUOUS | WRITE);
    assertThat(only(FindingKind.CONTIGUOUS_MISUSE).evidence()).contains("does not continue");
    put(L3, 20, 0x5000_4000L | PAGE | CONTIGUOUS);
    nothing();
  }

  @Test
  void anAccessFlagThatIsClearNeedsSomebody() {
    plain();
    put(L3, 1, 0x4000_1000L | PAGE & ~AF);
    put(L3, 2, 0x4000_2000L | PAGE & ~AF);
    Findings findings = check();
    assertThat(kinds(findings)).containsExactly(FindingKind.AF_CLEAR);
    assertThat(findings.groups().getFirst().count()).isEqualTo(2);
    surroundings = machine(AccessFaults.HANDLED, HostMemory.UNKNOWN);
    nothing();
    // Of a dump nobody knows, unless no leaf was ever used.
    surroundings = Surroundings.OF_DUMP;
    nothing();
    put(L3, 0, 0x4000_0000L | PAGE & ~AF);
    assertThat(only(FindingKind.AF_CLEAR).evidence()).contains("no leaf of these tables");
    vtcr |= 1 << 21;
    nothing();
  }

  @Test
  void aDeviceIsNotToBeExecuted() {
    plain();
    put(L3, 1, 0x900_0000L | PAGE & ~XN & ~(0xf << 2));
    assertThat(only(FindingKind.DEVICE_EXECUTABLE).evidence()).contains("Device-nGnRnE");
    put(L3, 1, 0x900_0000L | PAGE & ~(0xf << 2));
    nothing();
  }

  @Test
  void aReservedMemAttrOrShareabilityIsNamed() {
    plain();
    put(L3, 1, 0x4000_1000L | PAGE & ~(0xf << 2) | 4 << 2);
    assertThat(only(FindingKind.RESERVED_ATTRIBUTE).evidence()).contains("MemAttr = 4");
    put(L3, 1, 0x4000_1000L | PAGE & ~0x300 | 0x100);
    assertThat(only(FindingKind.RESERVED_ATTRIBUTE).evidence()).contains("SH = 0b01");
    put(L3, 1, 0x4000_1000L | PAGE & ~0x300 | 0x200);
    nothing();
  }

  @Test
  void memoryToWriteAndExecuteIsWorthKnowing() {
    plain();
    put(L3, 1, 0x4000_1000L | PAGE & ~XN | WRITE);
    assertThat(only(FindingKind.WRITABLE_EXECUTABLE).severity()).isEqualTo(Severity.INFO);
    put(L3, 1, 0x4000_1000L | PAGE & ~XN);
    nothing();
  }

  @Test
  void equalLeavesThatFollowEachOtherAreOneFinding() {
    for (int i = 0; i < 16; i++) {
      put(ROOT, i, (long) (i + 1) << 30 | BLOCK & ~XN | WRITE);
    }
    Findings findings = check();
    assertThat(findings.groups())
        .singleElement()
        .satisfies(group -> {
          assertThat(group.count()).isEqualTo(16);
          assertThat(group.first())
              .singleElement()
              .extracting(Finding::place)
              .isEqualTo(new Place.Input(Place.Owner.ofStage2(0), 0, 16L << 30));
        });
  }

  @Test
  void controlsThatAreIllegalAreNamedWithALegalValue() {
    plain();
    Map<Long, FindingKind> cases = new HashMap<>();
    cases.put(VTCR | 3 << 14, FindingKind.GRANULE_ILLEGAL);
    cases.put(VTCR & ~0x3fL | 10, FindingKind.T0SZ_ILLEGAL);
    cases.put(VTCR & ~0x3fL | 60, FindingKind.T0SZ_ILLEGAL);
    cases.put(VTCR & ~0xc0L, FindingKind.START_LEVEL_ILLEGAL);
    cases.put(VTCR | 7 << 16, FindingKind.PS_ILLEGAL);
    cases.put(VTCR & ~(1L << 31), FindingKind.CONTROL_RESERVED);
    cases.put(VTCR | 1L << 22, FindingKind.CONTROL_WITHOUT_EFFECT);
    cases.forEach((value, kind) -> {
      vtcr = value;
      Findings findings = check();
      assertThat(kinds(findings)).as(Long.toHexString(value)).contains(kind);
      assertThat(findings.groups().getFirst().first().getFirst().mend()).contains("VTCR_EL2 = 0x");
    });
    vtcr = VTCR;
    nothing();
  }

  @Test
  void hardwareUpdatesThatThePeDoesNotMakeAreWorthKnowing() {
    plain();
    vtcr |= 1 << 21;
    nothing();
    features = features.withHardwareUpdates(Features.HardwareUpdates.NONE);
    assertThat(only(FindingKind.HARDWARE_UPDATE_ABSENT).severity()).isEqualTo(Severity.INFO);
  }

  @Test
  void aStartLevelThatPaRangeReservesIsNamed() {
    vtcr = 0x8002_3598L;
    features = Features.MAX.withPaBits(40);
    put(ROOT, 0, 0);
    assertThat(only(FindingKind.PARANGE_TOO_SMALL).evidence()).contains("44");
    features = Features.MAX.withPaBits(44);
    nothing();
  }

  @Test
  void aRootIsAlignedAndInReach() {
    plain();
    // Two concatenated tables: 8 KiB.
    vtcr = 0x8002_3558L;
    vttbr = 0x1_1000;
    put(ROOT, 512, 0);
    assertThat(only(FindingKind.ROOT_MISALIGNED).mend()).contains("0x0001_0000");
    vttbr = 1L << 41;
    assertThat(only(FindingKind.ROOT_BEYOND_PS).evidence()).contains("40 bits");
    vttbr = ROOT;
    nothing();
  }

  @Test
  void stage1IsJudgedByItsOwnFormat() {
    // EL2: 39-bit VA, 4K, one range; MAIR: Attr0 Write-Back, Attr1 Device, Attr2 reserved.
    Stage1Registers registers =
        new Stage1Registers(
            Regime.EL2,
            1 | 1 << 2 | 1 << 12,
            0x8085_3519L,
            ROOT,
            0,
            0x40_00_ffL << 0 | 0x30_0000L,
            0);
    Stage1Parameters parameters = Stage1Parameters.decode(registers, features);
    put(ROOT, 0, L2 | TABLE);
    put(L2, 0, L3 | TABLE);
    long data = 1L << 54 | AF | 3 << 8 | 1 << 6;
    put(L3, 0, 0x4000_0000L | data | 3);
    List<TableTree> trees = TableTree.of(parameters, null, bbm, reader);
    assertThat(check(trees).groups()).isEmpty();
    put(L3, 1, 0x4000_1000L | data & ~(1L << 54) | 3);
    put(L3, 2, 0x900_0000L | data & ~(1L << 54) | 1 << 2 | 3);
    put(L3, 3, 0x4000_3000L | data | 1);
    put(L2, 1, L2 | TABLE);
    assertThat(kinds(check(trees)))
        .containsExactlyInAnyOrder(
            FindingKind.WRITABLE_EXECUTABLE,
            FindingKind.DEVICE_EXECUTABLE,
            FindingKind.RESERVED_DESCRIPTOR,
            FindingKind.RECURSIVE_TABLE);
  }

  @Test
  void randomMemoryIsJudgedWithoutAnExceptionAndInBoundedWork() {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      long[] words = new long[64 * 512];
      for (int i = 0; i < words.length; i++) {
        words[i] = randomDescriptor(random);
      }
      DescriptorReader scribble =
          pa -> {
            if (pa < 0 || pa >= 8L * words.length) {
              throw ExternalAbort.ABORT;
            }
            return words[(int) (pa >>> 3)];
          };
      long anyVtcr = random.nextLong();
      Features any = random.nextBoolean() ? Features.MAX : features;
      Stage2Parameters second =
          Stage2Parameters.decode(
              random.nextInt(4) == 0 ? anyVtcr : VTCR,
              random.nextInt(64) << 12,
              1 | (random.nextLong() & 1L << 46),
              any);
      List<TableTree> trees = new ArrayList<>();
      BbmSupport level = BbmSupport.values()[random.nextInt(3)];
      trees.add(TableTree.of(second, level, scribble));
      Stage1Registers registers =
          new Stage1Registers(
              Regime.values()[random.nextInt(3)],
              random.nextLong(),
              random.nextInt(4) == 0 ? random.nextLong() : 0x8085_3519L,
              random.nextInt(64) << 12,
              random.nextInt(64) << 12,
              random.nextLong(),
              random.nextLong());
      Stage1Parameters first = Stage1Parameters.decode(registers, any);
      trees.addAll(TableTree.of(first, null, level, scribble));
      Findings findings = new Findings();
      TableCheck.Looked looked =
          TableCheck.of(
              trees, random.nextBoolean() ? surroundings : Surroundings.OF_DUMP, findings);
      // Each page is entered once at each level, and so is what its entries name elsewhere.
      assertThat(looked.tables()).isLessThan(64 * 512 * 5 * 3);
      findings.groups().stream()
          .flatMap(group -> group.first().stream())
          .forEach(finding -> {
            assertThat(finding.words()).isNotBlank();
            assertThat(finding.mend()).isNotBlank();
          });
    }
  }

  private static long randomDescriptor(Random random) {
    long page = (long) random.nextInt(64) << 12;
    return switch (random.nextInt(8)) {
      case 0, 1 -> 0;
      case 2, 3 -> page | 3;
      case 4 -> random.nextLong();
      case 5 -> random.nextLong() & 0xfff0_0000_0000_0fffL | page | 3;
      case 6 -> random.nextLong() & 0x7ff0_00ff_ffff_ffffL | 1;
      default -> page | PAGE | random.nextLong() & CONTIGUOUS;
    };
  }

  @Test
  void everyGranuleHasATreeWithNothingToFind() {
    for (Granule granule : Granule.values()) {
      memory.clear();
      features = Features.MAX.withPaBits(44);
      vtcr = dev.stagewalk.mmu.Geometry.choose(granule, 36, features).vtcr();
      TableTree tree = stage2(vttbr);
      long next = ROOT + 0x10_0000;
      long table = ROOT;
      for (int level = tree.shape().startLevel(); level < 3; level++) {
        put(table, 0, next | TABLE);
        table = next;
        next += 0x10_0000;
      }
      put(table, 0, 0x4000_0000L | PAGE);
      surroundings = Surroundings.OF_DUMP;
      assertThat(kinds(check())).as(granule.text()).isSubsetOf(Set.of(FindingKind.NOT_JUDGED));
    }
  }
}
