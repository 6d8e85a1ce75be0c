package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class Stage2MmuTest {
  private static final long RW = MapFlags.data(Defects.NONE);
  private static final long RO = MapFlags.readOnlyData(Defects.NONE);
  private static final long M2 = 2L << 20;
  private static final long K4 = 4096;

  private final TestMachine machine = new TestMachine();

  private Stage2Mmu mmu(Defects defects) {
    return mmu(machine, defects, Granule.K4, 40, 7);
  }

  private static Stage2Mmu mmu(
      TestMachine machine, Defects defects, Granule granule, int ipaBits, int vmid) {
    long struct = machine.allocate(0).value();
    Stage2Mmu mmu = new Stage2Mmu(machine, defects, struct);
    assertThat(mmu.init(vmid, granule, ipaBits, true).words()).isEqualTo("ok");
    machine.takeLog();
    return mmu;
  }

  private static Translation.Outcome walk(TestMachine machine, Stage2Mmu mmu, long ipa) {
    Features features = Features.MAX.withPaBits(48);
    Stage2Parameters parameters =
        Stage2Parameters.decode(mmu.vtcr(), mmu.vttbr(), 1L | 1L << 31, features);
    assertThat(parameters.problems()).isEmpty();
    return Stage2Walk.walk(parameters, ipa, Access.read(8), machine::load).outcome();
  }

  private static long output(TestMachine machine, Stage2Mmu mmu, long ipa) {
    return walk(machine, mmu, ipa) instanceof Translation.Output out ? out.address() : -1;
  }

  @ParameterizedTest
  @EnumSource(Granule.class)
  void whatIsMappedIsWhatTheWalkerFinds(Granule granule) {
    for (int ipaBits = 25; ipaBits <= 48; ipaBits++) {
      TestMachine m = new TestMachine();
      Stage2Mmu mmu = mmu(m, Defects.NONE, granule, ipaBits, 1);
      long top = (1L << ipaBits) - granule.bytes();
      assertThat(mmu.map(0, 0x8000_0000L, granule.bytes(), RW).ok()).isTrue();
      assertThat(mmu.map(top, 0x9000_0000L, granule.bytes(), RO).ok()).isTrue();
      assertThat(output(m, mmu, 0x123)).isEqualTo(0x8000_0123L);
      assertThat(output(m, mmu, top + 8)).isEqualTo(0x9000_0008L);
      assertThat(output(m, mmu, top - 8)).isEqualTo(-1);
      assertThat(mmu.destroy().ok()).isTrue();
      assertThat(m.live).hasSize(1);
      assertThat(m.violations).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Granule.class)
  void anySequenceHasTheEffectOfItsCallsAndBreaksBeforeItMakes(Granule granule) {
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      TestMachine m = new TestMachine();
      Stage2Mmu mmu = mmu(m, Defects.NONE, granule, 40, 3);
      m.registers.put("VTTBR_EL2", random.nextBoolean() ? mmu.vttbr() : 9L << 48);
      long vttbr = m.register("VTTBR_EL2");
      Map<Long, Long> model = new TreeMap<>();
      for (int step = 0; step < 30; step++) {
        long page = granule.bytes();
        long block = 1L << granule.levelShift(2);
        long ipa = random.nextInt(3) * block + (random.nextInt(3) * random.nextInt(4)) * page;
        long size =
            random.nextInt(3) == 0 ? block : (1 + random.nextInt(granule.entries() / 8)) * page;
        if (random.nextInt(4) == 0) {
          m.failAfter(random.nextInt(3));
        }
        Map<Long, Integer> before = Map.copyOf(m.live);
        Result result;
        if (random.nextInt(3) == 0) {
          result = mmu.unmap(ipa, size);
          if (result.ok()) {
            for (long at = ipa; at < ipa + size; at += page) {
              model.remove(at);
            }
          }
        } else {
          long pa = 0x8000_0000L + (random.nextBoolean() ? ipa : ipa + page * random.nextInt(3));
          long flags = random.nextBoolean() ? RW : RO;
          result = mmu.map(ipa, pa, size, flags);
          if (result.ok()) {
            for (long at = ipa; at < ipa + size; at += page) {
              model.put(at, pa + at - ipa | flags >>> 7 & 1);
            }
          }
        }
        if (!result.ok()) {
          assertThat(m.live).isEqualTo(before);
        }
        m.failAfter(Long.MAX_VALUE);
        assertThat(m.violations).as("seed %d step %d", seed, step).isEmpty();
        assertThat(m.register("VTTBR_EL2")).isEqualTo(vttbr);
        assertThat(m.takeLog().stream().filter(l -> l.startsWith("TLBI")))
            .allMatch("TLBI 3"::equals);
        long stride = step == 29 ? page : 13 * page;
        for (long at = random.nextInt(13) * page % stride; at < 4 * block; at += stride) {
          Translation.Outcome outcome = walk(m, mmu, at);
          long found =
              outcome instanceof Translation.Output out
                  ? out.address() | (out.writable() ? 1 : 0)
                  : -1;
          assertThat(found)
              .as("seed %d step %d IPA %x", seed, step, at)
              .isEqualTo(model.getOrDefault(at, -1L));
          assertThat(mmu.query(at).map(q -> q.pa() | (q.writable() ? 1 : 0)).orElse(-1L))
              .isEqualTo(found);
        }
      }
      assertThat(mmu.destroy().ok()).isTrue();
      assertThat(m.live).hasSize(1);
      assertThat(m.violations).isEmpty();
    }
  }

  @Test
  void splittingABlockBreaksBeforeItMakes() {
    Stage2Mmu mmu = mmu(Defects.NONE);
    machine.registers.put("VTTBR_EL2", mmu.vttbr());
    mmu.map(0, 0x8000_0000L, M2, RW);
    machine.takeLog();
    assertThat(mmu.unmap(K4, K4).ok()).isTrue();
    List<String> log = machine.takeLog();
    long block = 0x8000_0000L | RW | 1;
    int broken = log.indexOf("W " + Long.toHexString(block) + " 0");
    assertThat(log.subList(0, broken)).filteredOn(l -> l.startsWith("W 0 ")).hasSize(511);
    assertThat(log.subList(broken + 1, broken + 5))
        .containsExactly("DSB ISHST", "TLBI 7", "DSB ISH", "ISB");
    assertThat(log.get(broken + 5)).matches("W 0 4.*003");
    assertThat(output(machine, mmu, 0x10)).isEqualTo(0x8000_0010L);
    assertThat(output(machine, mmu, K4)).isEqualTo(-1);
    assertThat(output(machine, mmu, M2 - 8)).isEqualTo(0x8000_0000L + M2 - 8);
  }

  @Test
  void maintenanceNamesItsOwnVmidInTheCanonicalOrder() {
    Stage2Mmu mmu = mmu(Defects.NONE);
    mmu.map(0, 0x8000_0000L, K4, RW);
    machine.registers.put("VTTBR_EL2", 9L << 48 | 0x5000_0000L);
    machine.takeLog();
    mmu.unmap(0, K4);
    List<String> log = machine.takeLog();
    assertThat(log.subList(log.indexOf("DSB ISHST"), log.size()))
        .startsWith(
            "DSB ISHST",
            "S VTTBR_EL2 " + Long.toHexString(mmu.vttbr()),
            "ISB",
            "TLBI 7",
            "DSB ISH",
            "ISB",
            "S VTTBR_EL2 9000050000000");
  }

  @Test
  void mappingWhatWasInvalidNeedsNoTlbi() {
    Stage2Mmu mmu = mmu(Defects.NONE);
    mmu.map(0, 0x8000_0000L, K4, RW);
    assertThat(machine.takeLog()).contains("DSB ISHST", "ISB").noneMatch(l -> l.startsWith("TLBI"));
  }

  @Test
  void whatIsMappedAlreadyIsLeftAlone() {
    Stage2Mmu mmu = mmu(Defects.NONE);
    mmu.map(0, 0x8000_0000L, M2, RW);
    machine.takeLog();
    assertThat(mmu.map(3 * K4, 0x8000_0000L + 3 * K4, 5 * K4, RW).ok()).isTrue();
    assertThat(mmu.map(0, 0x8000_0000L, M2, RW).ok()).isTrue();
    assertThat(machine.takeLog()).allMatch(l -> l.startsWith("{") || l.startsWith("}"));
  }

  @Test
  void wrongArgumentsAreRefusedInWordsBeforeAnythingHappens() {
    Stage2Mmu mmu = mmu(Defects.NONE);
    List<Result> refused = new ArrayList<>();
    refused.add(mmu.map(1, 0, K4, RW));
    refused.add(mmu.map(0, 0x800, K4, RW));
    refused.add(mmu.map(0, 0, 100, RW));
    refused.add(mmu.map(1L << 40, 0, K4, RW));
    refused.add(mmu.map((1L << 40) - K4, 0, 2 * K4, RW));
    refused.add(mmu.map(-K4, 0, 2 * K4, RW));
    refused.add(mmu.map(0, 1L << 48, K4, RW));
    refused.add(mmu.map(0, 0, K4, RW | 2));
    refused.add(mmu.map(0, 0, K4, RW | 1L << 51));
    refused.add(mmu.unmap(0x10, K4));
    refused.add(mmu.unmap(1L << 40, K4));
    assertThat(refused).allMatch(result -> !result.ok());
    assertThat(refused).extracting(Result::words).allMatch(words -> words.length() > 20);
    assertThat(machine.takeLog()).allMatch(l -> l.startsWith("{") || l.startsWith("}"));
  }

  @Test
  void outOfMemoryLeavesEverythingAsItWas() {
    Stage2Mmu mmu = mmu(Defects.NONE);
    mmu.map(0, 0x8000_0000L, M2, RW);
    machine.takeLog();
    Map<Long, Integer> before = Map.copyOf(machine.live);
    machine.failAfter(1);
    Result result = mmu.map(M2 - K4, 0x9000_0000L, 2 * K4, RW);
    assertThat(result.words()).contains("out of memory");
    assertThat(machine.live).isEqualTo(before);
    assertThat(machine.takeLog()).noneMatch(l -> l.startsWith("W"));
  }

  @Test
  void tablesAreFreedAfterTheTlbi() {
    Stage2Mmu mmu = mmu(Defects.NONE);
    mmu.map(0, 0x8000_0000L, K4, RW);
    machine.takeLog();
    mmu.unmap(0, M2);
    List<String> log = machine.takeLog();
    assertThat(log.indexOf("TLBI 7")).isPositive();
    assertThat(log.stream().filter(l -> l.startsWith("F"))).hasSize(2);
    assertThat(
            log.stream().filter(l -> l.startsWith("F")).mapToInt(log::indexOf).min().orElseThrow())
        .isGreaterThan(log.indexOf("TLBI 7"));
  }

  @Test
  void aGranuleOrIpaSizeThePeLacksIsRefused() {
    machine.registers.put("ID_AA64MMFR0_EL1", 2L);
    Stage2Mmu mmu = new Stage2Mmu(machine, Defects.NONE, TestMachine.HEAP);
    assertThat(mmu.init(1, Granule.K4, 48, true).words()).contains("40 bits");
    assertThat(mmu.init(1, Granule.K16, 40, true).words()).contains("16K");
    assertThat(mmu.init(256, Granule.K4, 40, true).words()).contains("VMID 256");
    assertThat(mmu.init(1, Granule.K4, 24, true).words()).contains("24 bits");
    assertThat(machine.live).isEmpty();
  }

  @Test
  void sixteenBitVmidsNeedVs() {
    machine.registers.put("ID_AA64MMFR1_EL1", 0x20L);
    Stage2Mmu mmu = mmu(machine, Defects.NONE, Granule.K4, 40, 256);
    assertThat(mmu.vtcr() >>> 19 & 1).isEqualTo(1);
    assertThat(mmu.vttbr() >>> 48).isEqualTo(256);
  }

  @Test
  void theSameCallsGiveTheSameLog() {
    List<List<String>> logs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      TestMachine m = new TestMachine();
      Stage2Mmu mmu = mmu(m, Defects.NONE, Granule.K16, 40, 3);
      mmu.map(0, 0x8000_0000L, 64L << 20, RW);
      mmu.unmap(0x4000, 0x8000);
      mmu.destroy();
      logs.add(m.takeLog());
    }
    assertThat(logs.get(0)).isEqualTo(logs.get(1));
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void eachDefectAloneStillMapsAndUnmapsAnOrdinaryPage(Defect defect) {
    Stage2Mmu mmu = mmu(Defects.of(defect));
    assertThat(mmu.map(M2, 0x8000_0000L, K4, RW).ok()).isTrue();
    assertThat(mmu.enable().ok()).isTrue();
    assertThat(mmu.query(M2 + 4))
        .hasValueSatisfying(q -> assertThat(q.pa()).isEqualTo(0x8000_0004L));
    assertThat(mmu.unmap(M2, K4).ok()).isTrue();
    assertThat(mmu.query(M2)).isEmpty();
    assertThat(mmu.disable().ok()).isTrue();
    assertThat(mmu.destroy().ok()).isTrue();
    assertThat(machine.live).hasSize(1);
  }

  @Test
  void theDefectsOfTheLibraryShowOneByOne() {
    shows(Defect.TLBI_OTHER_VMID, m -> m.unmap(0, K4), "TLBI 0");
    shows(Defect.NO_DSB_BEFORE_TLBI, m -> m.unmap(0, K4), "!DSB ISHST");
    shows(Defect.NO_ISB_BEFORE_TLBI, Stage2Mmu::enable, "!ISB|DSB ISHST");
    shows(Defect.WHOLE_VM_FLUSH, m -> m.map(K4, 0x8100_0000L, K4, RW), "TLBI 7");
    shows(Defect.NO_TLBI_ON_DESTROY, Stage2Mmu::destroy, "!TLBI 7");
    shows(
        Defect.CONFLICT_STOP,
        m -> m.map(M2, 0x8100_0000L, K4, RW),
        "P Error allocating or existing block conflict.");
    shows(
        Defect.BLOCK_OVER_TABLE, m -> m.map(0, 0x8100_0000L - 0x10_0000L * 16, M2, RW), "!TLBI 7");
    shows(Defect.REMAP_NO_BBM, m -> m.map(0, 0x8300_0000L, K4, RW), "!TLBI 7");
    shows(Defect.PARTIAL_LEAF_KEPT, m -> m.unmap(M2, K4), "!TLBI 7");
    shows(Defect.RAW_FAULT_INFO, Stage2Mmu::printFaultInfo, "!P   exception class 0x0");
  }

  /** A page at 0 and a block at 2 MiB; then one call, with a defect and without. */
  private static void shows(
      Defect defect, java.util.function.Consumer<Stage2Mmu> call, String sign) {
    boolean absent = sign.startsWith("!");
    String wanted = absent ? sign.substring(1) : sign;
    assertThat(log(Defects.of(defect), call).contains(wanted))
        .as(defect + " on")
        .isNotEqualTo(absent);
    assertThat(log(Defects.NONE, call).contains(wanted)).as(defect + " off").isEqualTo(absent);
  }

  private static String log(Defects defects, java.util.function.Consumer<Stage2Mmu> call) {
    TestMachine m = new TestMachine();
    Stage2Mmu mmu = mmu(m, defects, Granule.K4, 40, 7);
    mmu.map(0, 0x8000_0000L, K4, RW);
    mmu.map(M2, 0x8000_0000L + M2, M2, RW);
    m.takeLog();
    call.accept(mmu);
    return "|" + String.join("|", m.takeLog()) + "|";
  }

  @Test
  void geometryDefectsShowInVtcrAndRoot() {
    assertThat(mmu(Defects.of(Defect.VTCR_RES1)).vtcr() >>> 31).isZero();
    TestMachine m = new TestMachine();
    mmu(m, Defects.NONE, Granule.K16, 48, 1);
    assertThat(m.live.values()).as("two concatenated 16K roots").contains(3);
    m = new TestMachine();
    mmu(m, Defects.of(Defect.ONE_ROOT_TABLE), Granule.K16, 48, 1);
    assertThat(m.live.values()).contains(2).doesNotContain(3);
    m = new TestMachine();
    m.registers.put("ID_AA64MMFR0_EL1", 2L);
    assertThat(mmu(m, Defects.of(Defect.START_LEVEL_NEEDS_WIDER_PA), Granule.K4, 40, 1).rootLevel())
        .isZero();
    assertThat(mmu(m, Defects.NONE, Granule.K4, 40, 1).rootLevel()).isEqualTo(1);
    assertThat(mmu(m, Defects.of(Defect.PS_HARD_WIRED), Granule.K4, 48, 1).vtcr() >>> 16 & 7)
        .isEqualTo(5);
    assertThat(mmu(m, Defects.of(Defect.VMID_OVER_8BIT), Granule.K4, 40, -1).vttbr() >>> 48)
        .isEqualTo(0xffff);
  }

  @Test
  void asReviewedAssertsWhereAsPostedGoesOn() {
    Stage2Mmu mmu = mmu(Defects.AS_REVIEWED);
    mmu.map(0, 0x8000_0000L, K4, RW);
    mmu.map(0, 0x8000_0000L, K4, RW);
    assertThatThrownBy(() -> mmu.map(0, 0x9000_0000L, K4, RW))
        .isInstanceOf(HostFault.class)
        .hasMessageContaining("assertion failed");
    assertThatThrownBy(() -> mmu.unmap(0x10, 0x10)).isInstanceOf(HostFault.class);
    assertThatThrownBy(() -> mmu.map(0, 0x8000_0000L, M2, RW)).isInstanceOf(HostFault.class);
  }

  @Test
  void aNullObjectIsRefusedAndAsPostedKillsTheHost() {
    assertThat(new Stage2Mmu(machine, Defects.NONE, 0).enable().ok()).isFalse();
    assertThat(new Stage2Mmu(machine, Defects.NONE, 0).destroy().ok()).isTrue();
    assertThatThrownBy(() -> new Stage2Mmu(machine, Defects.AS_POSTED, 0).destroy())
        .isInstanceOf(HostFault.class);
  }
}
