package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Translation;
import org.junit.jupiter.api.Test;

final class Stage2WalkTest {
  private static final long VM = 1;
  private static final long FWB = 1L << 46;

  /** 40-bit IPAs, 4K, start level 1 (two concatenated tables), 48-bit output. */
  private static final long VTCR_40 = 0x8005_3558L;

  private static final long VTTBR = 0x0007_0000_4000_0000L;
  private static final long PAGE_RW = 0x7ff;

  private final PhysicalWords memory = new PhysicalWords();

  private static Stage2Parameters parameters(long vtcr) {
    return Stage2Parameters.decode(vtcr, VTTBR, VM, Features.MAX);
  }

  private Translation walk(long vtcr, long ipa, Access access) {
    return Stage2Walk.walk(parameters(vtcr), ipa, access, memory);
  }

  private static Translation.Fault fault(Translation walk) {
    return (Translation.Fault) walk.outcome();
  }

  private static Translation.Output output(Translation walk) {
    return (Translation.Output) walk.outcome();
  }

  private void mapPage(long leaf) {
    memory
        .put(0x4000_0000L + 8 * 513, 0x4000_2003L)
        .put(0x4000_2000L + 8 * 2, 0x4000_3003L)
        .put(0x4000_3000L + 8 * 5, leaf);
  }

  private static final long IPA = (513L << 30) + (2L << 21) + (5L << 12) + 0x123;

  @Test
  void walkListsEachLookupWithTheAddressBitsThatGaveItsIndex() {
    mapPage(0x8_1234_5000L | PAGE_RW);

    Translation walk = walk(VTCR_40, IPA, Access.read(8));

    assertThat(output(walk).address()).isEqualTo(0x8_1234_5123L);
    assertThat(walk.vmid()).isEqualTo(7);
    assertThat(walk.lookups())
        .extracting(Lookup::level, Lookup::index, Lookup::indexHigh, Lookup::indexLow)
        .containsExactly(tuple(1, 513, 39, 30), tuple(2, 2, 29, 21), tuple(3, 5, 20, 12));
    assertThat(walk.lookups().getLast().verdict()).isEqualTo(Verdict.PAGE);
    assertThat(memory.reads()).isEqualTo(3);
  }

  @Test
  void anEmptyEntryIsATranslationFaultAtItsLevelAndGivesHpfar() {
    mapPage(0);

    Translation walk = walk(VTCR_40, IPA, Access.write(4));

    assertThat(fault(walk).kind()).isEqualTo(FaultKind.TRANSLATION);
    assertThat(fault(walk).level()).isEqualTo(3);
    assertThat(fault(walk).ipa()).isEqualTo(IPA);
    assertThat(fault(walk).givesHpfar()).isTrue();
    assertThat(walk.lookups().getLast().verdict()).isEqualTo(Verdict.INVALID);
  }

  @Test
  void anIpaBeyondTheInputSizeFaultsAtLevel0BeforeAnyLookup() {
    Translation walk = walk(VTCR_40, 1L << 40, Access.read(8));

    assertThat(fault(walk).kind()).isEqualTo(FaultKind.TRANSLATION);
    assertThat(fault(walk).level()).isZero();
    assertThat(walk.lookups()).isEmpty();
    assertThat(memory.reads()).isZero();
  }

  @Test
  void anIllegalStartLevelFaultsAtLevel0AndNamesTheRule() {
    Translation walk = walk(VTCR_40 & ~0x3fL | 16, 0, Access.read(8));

    assertThat(fault(walk).level()).isZero();
    assertThat(fault(walk).rule()).contains("concatenated tables", "VTCR_EL2");
  }

  @Test
  void aRootBeyondTheOutputSizeIsAnAddressSizeFaultAtLevel0() {
    long vtcr32 = VTCR_40 & ~(7L << 16);
    Stage2Parameters parameters = Stage2Parameters.decode(vtcr32, 0x1_0000_0000L, VM, Features.MAX);

    Translation walk = Stage2Walk.walk(parameters, 0, Access.read(8), memory);

    assertThat(fault(walk).kind()).isEqualTo(FaultKind.ADDRESS_SIZE);
    assertThat(fault(walk).level()).isZero();
  }

  @Test
  void anOutputBeyondTheOutputSizeIsAnAddressSizeFaultAtTheLeaf() {
    mapPage(0x1_0000_0000L | PAGE_RW);

    Translation walk = walk(VTCR_40 & ~(7L << 16), IPA, Access.read(8));

    assertThat(fault(walk).kind()).isEqualTo(FaultKind.ADDRESS_SIZE);
    assertThat(fault(walk).level()).isEqualTo(3);
    assertThat(walk.lookups().getLast().verdict()).isEqualTo(Verdict.REFUSED);
  }

  @Test
  void aClearAccessFlagBeatsAMissingPermission() {
    mapPage(0x5000_0000L | PAGE_RW & ~0x4c0L);

    assertThat(fault(walk(VTCR_40, IPA, Access.write(8))).kind()).isEqualTo(FaultKind.ACCESS_FLAG);
  }

  @Test
  void aWriteToAReadOnlyPageIsAPermissionFaultWithoutHpfar() {
    mapPage(0x5000_0000L | PAGE_RW & ~0x80L);

    Translation walk = walk(VTCR_40, IPA, Access.write(8));

    assertThat(fault(walk).kind()).isEqualTo(FaultKind.PERMISSION);
    assertThat(fault(walk).givesHpfar()).isFalse();
    assertThat(walk(VTCR_40, IPA, Access.read(8)).outcome()).isInstanceOf(Translation.Output.class);
  }

  @Test
  void executionDoesNotNeedReadPermission() {
    mapPage(0x5000_0000L | PAGE_RW & ~0xc0L);

    assertThat(walk(VTCR_40, IPA, Access.fetch()).outcome()).isInstanceOf(Translation.Output.class);
    assertThat(fault(walk(VTCR_40, IPA, Access.read(4))).kind()).isEqualTo(FaultKind.PERMISSION);
  }

  @Test
  void xnOf3ForbidsExecutionAtEl0OnlyAndWithoutXnxBit53DoesNotCount() {
    mapPage(0x5000_0000L | PAGE_RW | 3L << 53);
    Stage2Parameters withoutXnx =
        Stage2Parameters.decode(VTCR_40, VTTBR, VM, Features.MAX.withXnx(false));

    Translation.Output output = output(walk(VTCR_40, IPA, Access.read(4)));
    assertThat(output.executableAtEl1()).isTrue();
    assertThat(output.executableAtEl0()).isFalse();
    assertThat(fault(Stage2Walk.walk(withoutXnx, IPA, Access.fetch(), memory)).kind())
        .isEqualTo(FaultKind.PERMISSION);
  }

  @Test
  void aBlockAtALevelThatHasNoneIsInvalid() {
    long vtcr48From0 = 0x8005_3590L;
    memory.put(0x4000_0000L, 0x5000_0000L | 0x7fd);

    Translation walk = walk(vtcr48From0, 0, Access.read(8));

    assertThat(fault(walk).kind()).isEqualTo(FaultKind.TRANSLATION);
    assertThat(fault(walk).level()).isZero();
    assertThat(fault(walk).rule()).contains("no block");
  }

  @Test
  void aTableOutsideMemoryIsAnExternalAbortOnTheWalk() {
    PhysicalWords small = new PhysicalWords(0x8000_0000L);
    small.put(0x4000_0000L, 0x9000_0003L);

    Translation walk = Stage2Walk.walk(parameters(VTCR_40), 0x1000, Access.read(8), small);

    assertThat(fault(walk).kind()).isEqualTo(FaultKind.EXTERNAL_ON_WALK);
    assertThat(fault(walk).level()).isEqualTo(2);
    assertThat(fault(walk).givesHpfar()).isFalse();
    assertThat(walk.lookups()).hasSize(2);
  }

  @Test
  void hardwareSetsTheAccessFlagAndTheDirtyStateButTheWalkStoresNothing() {
    long clean = 0x5000_0000L | 0x37f | Stage2Format.DBM;
    mapPage(clean);
    long vtcr = VTCR_40 | Vtcr.HA | Vtcr.HD;

    assertThat(walk(vtcr, IPA, Access.read(8)).update())
        .hasValue(new Translation.DescriptorUpdate(0x4000_3028L, clean, clean | 0x400));
    assertThat(walk(vtcr, IPA, Access.write(8)).update())
        .hasValue(new Translation.DescriptorUpdate(0x4000_3028L, clean, clean | 0x480));
    assertThat(output(walk(vtcr, IPA, Access.read(8))).writable()).isFalse();
    assertThat(fault(walk(VTCR_40 | Vtcr.HA, IPA, Access.write(8))).kind())
        .isEqualTo(FaultKind.PERMISSION);
  }

  @Test
  void fwbChangesWhatMemAttrMeans() {
    mapPage(0x5000_0000L | PAGE_RW & ~0x3cL | 7 << 2);

    Stage2Parameters fwb = Stage2Parameters.decode(VTCR_40, VTTBR, VM | FWB, Features.MAX);
    Translation walk = Stage2Walk.walk(fwb, IPA, Access.read(8), memory);

    assertThat(output(walk).memoryType()).isEqualTo(MemoryType.AS_STAGE_1);
    assertThat(output(walk(VTCR_40, IPA, Access.read(8))).memoryType())
        .isEqualTo(MemoryType.NORMAL_MIXED);
  }

  @Test
  void withDsBits9To8AreAddressBits() {
    long vtcr52 = 0x8006_350cL | Vtcr.DS | Vtcr.SL2;
    memory.put(0x4000_0000L, 0x4000_1003L).put(0x4000_1000L, 0x4000_0000L | 0x4fd | 2 << 8);

    Translation walk = walk(vtcr52, 0x42, Access.read(8));

    assertThat(walk.lookups()).extracting(Lookup::level).containsExactly(-1, 0);
    assertThat(output(walk).address()).isEqualTo(1L << 51 | 0x42);
    assertThat(output(walk).leafShift()).isEqualTo(39);
  }
}
