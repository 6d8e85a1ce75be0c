package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.StopHere;
import dev.stagewalk.hyp.GuestRegion.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class HypervisorTest {
  private static final int SYNC = Guest.VECTOR_SYNC_LOWER_64;
  private static final long WRITE_TRANSLATION_L3 = 0x93c2_8047L;
  private static final long WRITE_PERMISSION_L3 = 0x93c2_804fL;
  private static final long HVC_0 = 0x5a00_0000L;
  private static final long HEAP = 0x4020_0000L;
  private static final long HCR_HOST = 0x4_8800_0000L;

  private final TestMachine machine = new TestMachine();

  private static GuestPlan plan(Granule granule) {
    return GuestPlan.of(
        1,
        granule,
        48,
        0x4000_0190L,
        List.of(
            GuestRegion.of("code", Kind.CODE, 0x4000_0000L, 2L << 20),
            GuestRegion.of("uart", Kind.DEVICE, 0x0900_0000L, 0x1000),
            GuestRegion.of("stack", Kind.DATA, 0x4040_0000L, 0x1_0000),
            GuestRegion.of("table", Kind.READ_ONLY, 0x4030_0000L, 0x1000),
            GuestRegion.of("heap", Kind.ON_DEMAND, HEAP, 1L << 20)));
  }

  private Hypervisor booted(Defects defects) {
    Hypervisor hypervisor = new Hypervisor(plan(Granule.K4), defects);
    hypervisor.boot(machine, machine);
    assertThat(machine.running).as(machine.stopped).isTrue();
    machine.takeLog();
    return hypervisor;
  }

  private void exit(Hypervisor hypervisor, long esr, long far, long hpfar, long elr) {
    machine.exception(esr, far, hpfar, elr);
    hypervisor.onExit(machine, machine, SYNC, Instead.HANDLER);
  }

  private void touch(Hypervisor hypervisor, long ipa) {
    exit(hypervisor, WRITE_TRANSLATION_L3, ipa, ipa >>> 8 & -16, 0x4000_0200L);
  }

  @ParameterizedTest
  @EnumSource(Granule.class)
  void bootEntersTheGuestWithItsRegionsMapped(Granule granule) {
    Hypervisor hypervisor = new Hypervisor(plan(granule), Defects.NONE);
    hypervisor.boot(machine, machine);
    assertThat(machine.stopped).isEmpty();
    assertThat(machine.takeLog()).endsWith("load", "ERET 40000190");
    assertThat(machine.register("SP_EL1")).isEqualTo(0x4041_0000L);
    assertThat(machine.register("HCR_EL2") & 0x4_8000_0039L).isEqualTo(0x4_8000_0039L);
    Stage2Mmu mmu = hypervisor.stage2(machine);
    assertThat(machine.register("VTTBR_EL2")).isEqualTo(mmu.vttbr());
    assertThat(machine.register("VTCR_EL2")).isEqualTo(mmu.vtcr());
    assertThat(mmu.query(0x4000_0190L).orElseThrow().words()).isEqualTo("RX");
    assertThat(mmu.query(0x4000_0190L).orElseThrow().pa()).isEqualTo(0x4000_0190L);
    assertThat(mmu.query(0x0900_0000L).orElseThrow().words()).isEqualTo("RW device");
    assertThat(mmu.query(0x4040_fff8L).orElseThrow().words()).isEqualTo("RW");
    assertThat(mmu.query(0x4030_0000L).orElseThrow().words()).isEqualTo("R");
    assertThat(mmu.query(HEAP)).isEmpty();
    assertThat(machine.violations).isEmpty();
  }

  @Test
  void aTouchedPageIsMappedAndTheSameInstructionRetried() {
    Hypervisor hypervisor = booted(Defects.NONE);
    machine.x[2] = 0xbeef;
    touch(hypervisor, HEAP + 0x3018);
    List<String> log = machine.takeLog();
    assertThat(log).startsWith("save 8").endsWith("load", "ERET 40000200");
    assertThat(log).contains("RESUME demand_page: mapped 0x4020_3000 in heap");
    assertThat(machine.x[2]).isEqualTo(0xbeef);
    assertThat(hypervisor.stage2(machine).query(HEAP + 0x3018).orElseThrow().words())
        .isEqualTo("RW");
    assertThat(hypervisor.stage2(machine).query(HEAP + 0x4000)).isEmpty();
    assertThat(machine.violations).isEmpty();
  }

  @Test
  void theIpaIsTakenFromHpfarAndAsPostedFromFar() {
    Hypervisor hypervisor = booted(Defects.NONE);
    exit(hypervisor, WRITE_TRANSLATION_L3, 0xffff_0000_1234_5018L, 0x40_2050L, 0x4000_0200L);
    assertThat(hypervisor.stage2(machine).query(HEAP + 0x5000)).isPresent();
    TestMachine second = new TestMachine();
    Hypervisor posted = new Hypervisor(plan(Granule.K4), Defects.of(Defect.FAR_NOT_HPFAR));
    posted.boot(second, second);
    second.exception(WRITE_TRANSLATION_L3, HEAP + 0x6000, 0x40_2050L, 0x4000_0200L);
    posted.onExit(second, second, SYNC, Instead.HANDLER);
    assertThat(posted.stage2(second).query(HEAP + 0x5000)).isEmpty();
    assertThat(posted.stage2(second).query(HEAP + 0x6000)).isPresent();
  }

  @Test
  void anUnmappedPageComesBackWithItsContent() {
    Hypervisor hypervisor = booted(Defects.NONE);
    touch(hypervisor, HEAP);
    long frame = hypervisor.stage2(machine).query(HEAP).orElseThrow().pa();
    machine.store(frame, 8, 0x1234);
    machine.takeLog();
    assertThat(hypervisor.unmap(machine, machine, HEAP, 0x1000).ok()).isTrue();
    assertThat(machine.takeLog()).contains("TLBI 1");
    assertThat(hypervisor.stage2(machine).query(HEAP)).isEmpty();
    touch(hypervisor, HEAP);
    assertThat(hypervisor.stage2(machine).query(HEAP).orElseThrow().pa()).isEqualTo(frame);
    assertThat(machine.load(frame)).isEqualTo(0x1234);
  }

  @Test
  void anUnmappedCodePageComesBackFromTheImage() {
    Hypervisor hypervisor = booted(Defects.NONE);
    assertThat(hypervisor.unmap(machine, machine, 0x4000_0000L, 0x1000).ok()).isTrue();
    exit(hypervisor, 0x8200_0007L, 0x4000_0190L, 0x40_0000L, 0x4000_0190L);
    assertThat(machine.running).isTrue();
    Mapping code = hypervisor.stage2(machine).query(0x4000_0190L).orElseThrow();
    assertThat(code.pa()).isEqualTo(0x4000_0190L);
    assertThat(code.words()).isEqualTo("RX");
    assertThat(code.level()).isEqualTo(3);
  }

  @Test
  void hvcZeroEndsTheGuestAndGivesEverythingBack() {
    Hypervisor hypervisor = booted(Defects.NONE);
    touch(hypervisor, HEAP);
    machine.takeLog();
    exit(hypervisor, HVC_0, 0, 0, 0x4000_0204L);
    assertThat(machine.stopped).isEqualTo("HVC #0: the guest has finished");
    assertThat(machine.stoppedByWish).isTrue();
    assertThat(machine.running).isFalse();
    assertThat(machine.live).isEmpty();
    assertThat(machine.violations).isEmpty();
    assertThat(machine.register("HCR_EL2")).isEqualTo(HCR_HOST);
    assertThat(machine.register("VBAR_EL2")).isEqualTo(0x4008_f000L);
    assertThat(machine.register("VTTBR_EL2")).isZero();
    assertThat(machine.register("TPIDR_EL2")).isZero();
    assertThat(machine.takeLog()).contains("TLBI 1");
  }

  @Test
  void otherHvcsAreCountedAndChangeNoRegister() {
    Hypervisor hypervisor = booted(Defects.NONE);
    machine.x[0] = 42;
    exit(hypervisor, HVC_0 | 1, 0, 0, 0x4000_0204L);
    exit(hypervisor, HVC_0 | 1, 0, 0, 0x4000_0204L);
    assertThat(machine.takeLog()).contains("RESUME hypercall: HVC #1, 2 calls so far");
    assertThat(machine.x[0]).isEqualTo(42);
    assertThat(machine.register("ELR_EL2")).isEqualTo(0x4000_0204L);
  }

  @Test
  void aTrappedWfiOrSmcIsSkipped() {
    Hypervisor hypervisor = booted(Defects.NONE);
    exit(hypervisor, 0x07e0_0000L, 0, 0, 0x4000_0300L);
    assertThat(machine.register("ELR_EL2")).isEqualTo(0x4000_0304L);
    exit(hypervisor, 0x5e00_0000L, 0, 0, 0x4000_0300L);
    assertThat(machine.register("ELR_EL2")).isEqualTo(0x4000_0304L);
    assertThat(machine.x[0]).isEqualTo(-1);
  }

  @Test
  void aWriteToAReadOnlyPageKillsWithItsReason() {
    Hypervisor hypervisor = booted(Defects.NONE);
    exit(hypervisor, WRITE_PERMISSION_L3, 0x4030_0040L, 0xdead_0000L, 0x4000_0200L);
    assertThat(machine.stopped).isEqualTo("write to a read-only page, VA 0x4030_0040");
    assertThat(machine.stoppedByWish).isFalse();
  }

  private void withStage1On() {
    machine.registers.put("SCTLR_EL1", 1L);
    machine.registers.merge("HCR_EL2", ~(1L << 12), (old, mask) -> old & mask);
  }

  @Test
  void underStage1TheIpaOfAPermissionFaultIsFoundByAnAtThatSparesTheGuestsPar() {
    Hypervisor hypervisor = booted(Defects.NONE);
    withStage1On();
    machine.registers.put("PAR_EL1", 0x5500L);
    machine.atAnswer = 0xff00_0000_4030_0b80L;
    machine.takeLog();
    exit(hypervisor, WRITE_PERMISSION_L3, 0x7040L, 0xdead_0000L, 0x4000_0200L);
    assertThat(machine.stopped)
        .isEqualTo("write to a read-only page, VA 0x0000_7040, IPA 0x4030_0040");
    assertThat(machine.takeLog()).containsSubsequence("AT S1E1R 7040", "ISB", "S PAR_EL1 5500");
    assertThat(machine.register("PAR_EL1")).isEqualTo(0x5500L);
  }

  @Test
  void aGuestWhoseTablesNoLongerTranslateTheVaTriesAgain() {
    Hypervisor hypervisor = booted(Defects.NONE);
    withStage1On();
    exit(hypervisor, WRITE_PERMISSION_L3, 0x7040L, 0xdead_0000L, 0x4000_0200L);
    assertThat(machine.running).isTrue();
    withStage1On();
    machine.atAborts = true;
    machine.atAnswer = 0x4030_0b80L;
    exit(hypervisor, WRITE_PERMISSION_L3, 0x7040L, 0xdead_0000L, 0x4000_0200L);
    assertThat(machine.running).isTrue();
    assertThat(machine.register("ELR_EL2")).isEqualTo(0x4000_0200L);
  }

  @Test
  void aFaultOutsideEveryRegionKillsAndAsPostedResumesForEver() {
    Hypervisor hypervisor = booted(Defects.NONE);
    touch(hypervisor, 0x7000_0000L);
    assertThat(machine.stopped).contains("IPA page 0x7000_0000").contains("outside every region");
    TestMachine second = new TestMachine();
    Hypervisor posted = new Hypervisor(plan(Granule.K4), Defects.of(Defect.RESUME_ALWAYS));
    posted.boot(second, second);
    second.exception(WRITE_TRANSLATION_L3, 0x7000_0000L, 0x70_0000L, 0x4000_0200L);
    posted.onExit(second, second, SYNC, Instead.HANDLER);
    assertThat(second.running).isTrue();
  }

  @Test
  void anExitWithoutHandlerEndsTheGuest() {
    Hypervisor hypervisor = booted(Defects.NONE);
    hypervisor.onExit(machine, machine, 9, Instead.HANDLER);
    assertThat(machine.stopped).isEqualTo("no handler for vector 9: IRQ");
  }

  @Test
  void aPersonCanMapThePageOrEndTheGuestInPlaceOfTheHandler() {
    Hypervisor hypervisor = booted(Defects.of(Defect.RESUME_ALWAYS));
    machine.exception(WRITE_TRANSLATION_L3, HEAP + 8, HEAP >>> 8, 0x4000_0200L);
    hypervisor.onExit(machine, machine, SYNC, Instead.MAP_PAGE);
    assertThat(machine.takeLog()).contains("RESUME you: mapped 0x4020_0000");
    assertThat(hypervisor.stage2(machine).query(HEAP)).isPresent();
    hypervisor.onExit(machine, machine, SYNC, Instead.KILL);
    assertThat(machine.stopped).startsWith("ended by you");
  }

  @Test
  void staleFaultAddressesAreStoredOnlyAsPosted() {
    Hypervisor hypervisor = booted(Defects.NONE);
    exit(hypervisor, HVC_0 | 1, 0x5000_0000L, 0x50_0000L, 0x4000_0204L);
    long guest = machine.register("TPIDR_EL2");
    assertThat(machine.load(guest + 304)).isZero();
    TestMachine second = new TestMachine();
    Hypervisor posted = new Hypervisor(plan(Granule.K4), Defects.of(Defect.STALE_FAR));
    posted.boot(second, second);
    second.exception(HVC_0 | 1, 0x5000_0000L, 0x50_0000L, 0x4000_0204L);
    posted.onExit(second, second, SYNC, Instead.HANDLER);
    assertThat(second.load(second.register("TPIDR_EL2") + 304)).isEqualTo(0x5000_0000L);
    assertThat(second.load(second.register("TPIDR_EL2") + 312)).isEqualTo(0x50_0000L);
  }

  @Test
  void asPostedLeavesTheHostInTheGuestsRegistersAndLeaks() {
    Hypervisor hypervisor = booted(Defects.AS_POSTED);
    touch(hypervisor, HEAP);
    exit(hypervisor, HVC_0, 0, 0, 0x4000_0204L);
    assertThat(machine.register("HCR_EL2")).isEqualTo(0x4_8000_0039L);
    assertThat(machine.register("TPIDR_EL2")).isNotZero();
    assertThat(machine.live).isNotEmpty();
  }

  @Test
  void asPostedTheTestPageInTheCodeWindowIsNeverMapped() {
    GuestPlan vacuous =
        GuestPlan.of(
            0,
            Granule.K4,
            48,
            0x4000_0190L,
            List.of(
                GuestRegion.of("code", Kind.CODE, 0x4000_0000L, 2L << 20),
                new GuestRegion("test", Kind.DATA, 0x4000_0000L, 0x1000, 0xbeef_cafeL),
                GuestRegion.of("fault", Kind.ON_DEMAND, 0x5000_0000L, 0x1000)));
    Hypervisor posted = new Hypervisor(vacuous, Defects.AS_POSTED);
    posted.boot(machine, machine);
    assertThat(machine.running).isTrue();
    assertThat(machine.takeLog()).contains("P Error allocating or existing block conflict.");
    assertThat(posted.stage2(machine).query(0x4000_0000L).orElseThrow().pa())
        .isEqualTo(0x4000_0000L);
    assertThat(machine.register("HCR_EL2")).isEqualTo(0x4_8000_0039L);
    assertThat(machine.register("VTCR_EL2")).isEqualTo(0x53590);
    assertThat(machine.register("SCTLR_EL1")).isEqualTo(0x30d0_1980L);
    TestMachine second = new TestMachine();
    new Hypervisor(vacuous, Defects.NONE).boot(second, second);
    assertThat(second.stopped).contains("regions code and test overlap");
  }

  @Test
  void aGuestThatCannotBeMadeIsExplained() {
    machine.failAfter(3);
    new Hypervisor(plan(Granule.K4), Defects.NONE).boot(machine, machine);
    assertThat(machine.stopped).contains("out of memory");
    assertThat(machine.running).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void eachDefectAloneStillRunsTheStory(Defect defect) {
    Hypervisor hypervisor = booted(Defects.of(defect));
    touch(hypervisor, HEAP + 0x1000);
    assertThat(machine.running).isTrue();
    assertThat(hypervisor.stage2(machine).query(HEAP + 0x1000)).isPresent();
    exit(hypervisor, HVC_0, 0, 0, 0x4000_0204L);
    assertThat(machine.stoppedByWish).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Granule.class)
  void thePresetsRunTheStoryWithEveryGranule(Granule granule) {
    for (Defects preset : List.of(Defects.NONE, Defects.AS_REVIEWED, Defects.AS_POSTED)) {
      TestMachine m = new TestMachine();
      Hypervisor hypervisor = new Hypervisor(plan(granule), preset);
      hypervisor.boot(m, m);
      assertThat(m.running).as(m.stopped).isTrue();
      long far = HEAP + 0x1_0000;
      m.exception(WRITE_TRANSLATION_L3, far, far >>> 8, 0x4000_0200L);
      hypervisor.onExit(m, m, SYNC, Instead.HANDLER);
      assertThat(hypervisor.stage2(m).query(far)).as(preset.toString()).isPresent();
      m.exception(HVC_0, 0, 0, 0x4000_0204L);
      hypervisor.onExit(m, m, SYNC, Instead.HANDLER);
      assertThat(m.stoppedByWish).as(m.stopped).isTrue();
    }
  }

  @Test
  void aStopAfterAnyMicroStepLeavesWhatAFullRunHadThere() {
    List<String> full = story(Integer.MAX_VALUE);
    for (int steps = 1; steps < full.size(); steps += 7) {
      assertThat(story(steps)).isEqualTo(full.subList(0, steps));
    }
  }

  private static List<String> story(int stopAfter) {
    TestMachine m = new TestMachine();
    m.stopAfter(stopAfter);
    Hypervisor hypervisor = new Hypervisor(plan(Granule.K4), Defects.NONE);
    try {
      hypervisor.boot(m, m);
      m.exception(WRITE_TRANSLATION_L3, HEAP, HEAP >>> 8, 0x4000_0200L);
      hypervisor.onExit(m, m, SYNC, Instead.HANDLER);
      m.exception(HVC_0, 0, 0, 0x4000_0204L);
      hypervisor.onExit(m, m, SYNC, Instead.HANDLER);
    } catch (StopHere _) {
      assertThat(m.log).hasSize(stopAfter);
    }
    return new ArrayList<>(m.log);
  }

  @Test
  void aDefectThatKillsTheHostStopsTheGuest() {
    machine.failAfter(0);
    new Hypervisor(plan(Granule.K4), Defects.AS_POSTED).boot(machine, machine);
    assertThat(machine.stopped).startsWith("the hypervisor died");
  }

  @Test
  void aPlanWithTooManyRegionsIsRefused() {
    List<GuestRegion> many = new ArrayList<>();
    for (int i = 0; i < 49; i++) {
      many.add(GuestRegion.of("r" + i, Kind.DATA, i * 0x1000L, 0x1000));
    }
    assertThatThrownBy(() -> GuestPlan.of(1, Granule.K4, 40, 0, many))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
