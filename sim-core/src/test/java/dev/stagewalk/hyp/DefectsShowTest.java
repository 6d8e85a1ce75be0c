package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.hyp.GuestRegion.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each defect that is a switch changes what the hypervisor does, by itself: some step of some
 * programme is another than without it.
 */
final class DefectsShowTest {
  private static final long K4 = 4096;
  private static final long M2 = 2L << 20;
  private static final long PA = 0x8000_0000L;
  private static final int SYNC = Guest.VECTOR_SYNC_LOWER_64;

  /** HVC #9 gives the PE to the next guest. */
  private static final ExitHandler YIELD =
      new ExitHandler() {
        @Override
        public String name() {
          return "turn";
        }

        @Override
        public HandlerAnswer handle(GuestExit exit) {
          return exit.esr() == 0x5a00_0009L
              ? new HandlerAnswer.Yield(name(), "its turn is over")
              : HandlerAnswer.NOT_MINE;
        }
      };

  private static final List<String> WITHOUT = List.copyOf(everything(Defects.NONE));

  static Stream<Defect> switches() {
    return Stream.of(Defect.values()).filter(d -> d.shown() == Defect.Shown.SWITCH);
  }

  @ParameterizedTest
  @MethodSource("switches")
  void eachSwitchAloneIsSeen(Defect defect) {
    boolean same = everything(Defects.of(defect)).equals(WITHOUT);
    assertThat(same).as(defect.id() + " " + defect.shortName() + " changes nothing").isFalse();
  }

  @Test
  void withoutAnyTheSameIsDoneEachTime() {
    assertThat(everything(Defects.NONE))
        .isEqualTo(everything(Defects.NONE))
        .hasSizeGreaterThan(500);
  }

  private static List<String> everything(Defects defects) {
    List<String> log = new ArrayList<>();
    library(log, defects);
    geometries(log, defects);
    guests(log, defects);
    return log;
  }

  /** One programme on a machine of its own; what it did, and how it ended. */
  private static void on(
      List<String> log, TestMachine machine, BiConsumer<TestMachine, List<String>> programme) {
    List<String> results = new ArrayList<>();
    try {
      programme.accept(machine, results);
    } catch (HostFault fault) {
      results.add("died: " + fault.getMessage());
    }
    log.addAll(machine.takeLog());
    log.addAll(results);
    log.add("stopped: " + machine.stopped + " " + machine.stoppedByWish);
    log.add("left: " + machine.live.size());
  }

  // The library

  private static void library(List<String> log, Defects defects) {
    long rw = MapFlags.data(defects);
    for (int fail = -1; fail < 6; fail++) {
      int allocations = fail;
      on(
          log,
          new TestMachine(),
          (machine, results) -> {
            Stage2Mmu mmu = made(machine, defects, Granule.K4, 40, 7, results);
            if (allocations >= 0) {
              machine.failAfter(allocations);
            }
            add(results, mmu.map(0, PA, K4, rw));
            add(results, mmu.map(0, PA, K4, rw));
            add(results, mmu.map(0, PA + K4, K4, rw));
            add(results, mmu.map(M2, PA + M2, M2, rw));
            add(results, mmu.map(M2 + K4, PA, K4, rw));
            add(results, mmu.map(0, PA, M2, rw));
            add(results, mmu.map(4 * M2, PA, M2, rw));
            add(results, mmu.map(4 * M2 - K4, PA, 2 * K4, rw));
            add(results, mmu.unmap(4 * M2, K4));
            add(results, mmu.enable());
            mmu.printFaultInfo();
            add(results, mmu.unmap(0, 2 * M2));
            add(results, mmu.map(1L << 39, PA, K4, rw));
            add(results, mmu.disable());
            add(results, mmu.destroy());
          });
    }
    on(
        log,
        new TestMachine(),
        (machine, results) -> {
          Stage2Mmu mmu = made(machine, defects, Granule.K4, 40, 7, results);
          add(results, mmu.map(0x10, PA, K4, rw));
          add(results, mmu.map((1L << 40) - K4, PA, 2 * K4, rw));
          add(results, mmu.map(0, 1L << 48, K4, rw));
          add(results, mmu.map(0, PA, K4, rw | 2));
          add(results, mmu.map(M2, PA, M2, rw | 2));
          add(results, mmu.map(-K4, PA, 2 * K4, rw));
          add(results, mmu.unmap(-K4, 2 * K4));
        });
    on(
        log,
        new TestMachine(),
        (machine, results) -> {
          Stage2Mmu mmu = made(machine, defects, Granule.K16, 48, 7, results);
          add(results, mmu.map(1L << 47, PA, 0x4000, rw));
          add(results, mmu.map(0, PA + K4, K4, rw));
        });
    on(
        log,
        new TestMachine(),
        (machine, results) -> {
          Stage2Mmu mmu = made(machine, defects, Granule.K4, 40, 7, results);
          // What is left behind when a table cannot be allocated, or by a stray store.
          machine.storeDescriptor(mmu.root(), 0x3);
          add(results, mmu.destroy());
        });
    on(
        log,
        new TestMachine(0x1_0000),
        (machine, results) -> {
          Stage2Mmu mmu = made(machine, defects, Granule.K4, 40, 7, results);
          add(results, mmu.map(0, PA, K4, rw));
          add(results, mmu.map(8 * M2, PA, K4, rw));
          add(results, mmu.destroy());
        });
    on(
        log,
        new TestMachine(),
        (machine, results) -> add(results, new Stage2Mmu(machine, defects, 0).enable()));
  }

  private static Stage2Mmu made(
      TestMachine machine,
      Defects defects,
      Granule granule,
      int ipaBits,
      int vmid,
      List<String> results) {
    machine.registers.put("VTTBR_EL2", 9L << 48);
    Stage2Mmu mmu = new Stage2Mmu(machine, defects, machine.allocate(0).value());
    add(results, mmu.init(vmid, granule, ipaBits, true));
    return mmu;
  }

  private static void add(List<String> results, Result result) {
    results.add(result.words());
  }

  private static void geometries(List<String> log, Defects defects) {
    long[] sizes = {0x10_0000, 0x10_0002, 0x10_0005};
    for (long mmfr0 : sizes) {
      for (int ipaBits : new int[] {32, 40, 44, 48}) {
        for (int vmid : new int[] {1, 256, -1}) {
          on(
              log,
              new TestMachine(),
              (machine, results) -> {
                machine.registers.put("ID_AA64MMFR0_EL1", mmfr0);
                Stage2Mmu mmu = made(machine, defects, Granule.K4, ipaBits, vmid, results);
                if (mmu.vttbr() != 0) {
                  add(results, mmu.enable());
                  add(results, mmu.map(0, 1L << 41, K4, MapFlags.data(defects)));
                }
              });
        }
      }
    }
  }

  // Guests

  private static GuestPlan plan(String name, int vmid, int ipaBits, GuestRegion... more) {
    GuestBuilder builder =
        Guest.builder(name)
            .vmid(vmid)
            .geometry(Granule.K4, ipaBits)
            .image(0x4000_0190L)
            .region(GuestRegion.of("code", Kind.CODE, 0x4000_0000L, 4L << 20))
            .region(GuestRegion.of("heap", Kind.ON_DEMAND, 0x4080_0000L, 1L << 20))
            .handler(SYNC, new HandlerChain("sync", List.of(YIELD, HandlerChain.synchronous())))
            .el1(new El1Handlers(List.of(new El1Handlers.Installed(4, 0x4000_0400L))));
    for (GuestRegion region : more) {
      builder.region(region);
    }
    return builder.build();
  }

  private static void guests(List<String> log, Defects defects) {
    for (int fail = -1; fail < 3; fail++) {
      int allocations = fail;
      on(
          log,
          new TestMachine(),
          (machine, _) -> {
            if (allocations >= 0) {
              machine.failAfter(allocations);
            }
            Hypervisor hypervisor = new Hypervisor(plan("one", 1, 40), defects);
            hypervisor.boot(machine, machine);
            exit(hypervisor, machine, 0x93c2_8047L, 0x4080_0008L, 0x40_8000L);
            exit(hypervisor, machine, 0x5a00_0001L, 0x4080_0008L, 0x40_8000L);
            exit(hypervisor, machine, 0x93c2_8047L, 0xffff_0000_4080_3008L, 0x40_8030L);
            exit(hypervisor, machine, 0x93c2_8047L, 0x7000_0000L, 0x70_0000L);
            exit(hypervisor, machine, 0x5a00_0000L, 0, 0);
          });
    }
    on(
        log,
        new TestMachine(),
        (machine, _) -> {
          GuestRegion test = new GuestRegion("test", Kind.DATA, 0x4000_0000L, K4, 0xbeef_cafeL);
          new Hypervisor(plan("overlapping", 1, 40, test), defects).boot(machine, machine);
        });
    on(
        log,
        new TestMachine(),
        (machine, _) -> {
          Hypervisor hypervisor =
              new Hypervisor(List.of(plan("a", 1, 40), plan("b", 2, 36)), defects);
          hypervisor.boot(machine, machine);
          machine.registers.put("SP_EL0", 0x1111L);
          exit(hypervisor, machine, 0x5a00_0009L, 0, 0);
          machine.registers.put("SP_EL0", 0x2222L);
          exit(hypervisor, machine, 0x5a00_0009L, 0, 0);
        });
  }

  private static void exit(
      Hypervisor hypervisor, TestMachine machine, long esr, long far, long hpfar) {
    if (machine.running) {
      machine.exception(esr, far, hpfar, 0x4000_0200L);
      long struct = machine.register("TPIDR_EL2");
      hypervisor.onExit(machine, machine, SYNC, Instead.HANDLER);
      machine.log.add("FAR " + machine.load(struct + 304) + " HPFAR " + machine.load(struct + 312));
    }
  }
}
