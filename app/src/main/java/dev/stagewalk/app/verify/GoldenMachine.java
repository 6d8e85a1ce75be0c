package dev.stagewalk.app.verify;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.board.HostOperations;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profiles;
import dev.stagewalk.cpu.El2Software;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.StopHere;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.hyp.GuestPlan;
import dev.stagewalk.hyp.GuestRegion;
import dev.stagewalk.hyp.Hypervisor;
import dev.stagewalk.hyp.Instead;
import dev.stagewalk.hyp.Stage2Mmu;
import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.mmu.Tlb;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A guest under the posted hypervisor on a machine like the recorded one. The host does a test's
 * own work before it enters the guest and at each exit.
 */
final class GoldenMachine {
  /** More exits than a recording has. */
  static final int MOST_EXITS = 6;

  private static final long MOST_INSTRUCTIONS = 10_000;
  private static final int SHOWN = 32;

  /** An exit as the handler finds it. */
  record Exit(
      int vector,
      long esr,
      long far,
      long hpfar,
      long spsr,
      long sp,
      long[] x,
      List<String> tree) {}

  /** What the test's host does at an exit before the handler acts. */
  @FunctionalInterface
  interface AtExit {
    void act(int number, HostOperations host);
  }

  final List<SimEvent> events = new ArrayList<>();
  final List<Exit> exits = new ArrayList<>();
  private final Machine machine;
  private final Hypervisor hypervisor;

  GoldenMachine(
      String cpu, int pageSize, Tlb.Mode tlb, int vmid, Granule granule, long entry, long stack) {
    machine =
        new Machine(
            Profiles.standard().require(cpu),
            pageSize,
            new Tlb(tlb, Tlb.USUAL_CAPACITY, 1),
            (_, event) -> events.add(event));
    machine.use(Engine.REFERENCE);
    GuestPlan plan =
        GuestPlan.of(
            vmid,
            granule,
            48,
            entry,
            List.of(
                GuestRegion.of("stack", GuestRegion.Kind.DATA, stack, 0x1_0000),
                GuestRegion.of("uart", GuestRegion.Kind.DEVICE, Machine.UART, pageSize),
                GuestRegion.of("fault", GuestRegion.Kind.ON_DEMAND, 0x5000_0000L, 0x1000)));
    hypervisor = new Hypervisor(plan, Defects.AS_POSTED);
  }

  Machine machine() {
    return machine;
  }

  HostOperations host() {
    return machine.host();
  }

  Stage2Mmu stage2() {
    return hypervisor.stage2(host());
  }

  /** Puts a program into memory. */
  void load(String source, long address) {
    Assembled assembled = new Assembler().assemble("guest", source, address);
    if (!assembled.errors().isEmpty()) {
      throw new IllegalStateException(assembled.errors().toString());
    }
    machine.ram().write(address, assembled.image());
  }

  /**
   * Runs the guest to its end, or to the last exit that is looked at.
   *
   * @param main what the host does between making the guest and running it
   */
  void run(Runnable main, AtExit atExit) {
    machine.install(
        new El2Software() {
          @Override
          public void started(Pe pe) {
            hypervisor.boot(host(), host());
            main.run();
          }

          @Override
          public void entered(Pe pe, int vector) {
            note(pe, vector);
            atExit.act(exits.size(), host());
            if (exits.size() == MOST_EXITS) {
              throw StopHere.STOP;
            }
            hypervisor.onExit(host(), host(), vector, Instead.HANDLER);
          }
        });
    try {
      machine.run(MOST_INSTRUCTIONS);
    } catch (StopHere _) {
      // Enough was seen.
    } finally {
      machine.install(null);
    }
  }

  private void note(Pe pe, int vector) {
    long[] x = new long[SHOWN - 1];
    for (int i = 0; i < x.length; i++) {
      x[i] = pe.x(i);
    }
    exits.add(
        new Exit(
            vector,
            host().register("ESR_EL2"),
            host().register("FAR_EL2"),
            host().register("HPFAR_EL2"),
            host().register("SPSR_EL2"),
            host().register("SP_EL1"),
            x,
            tree()));
  }

  /** "level index attributes" of each valid descriptor, a table's entries after its own. */
  private List<String> tree() {
    List<String> found = new ArrayList<>();
    Stage2Mmu mmu = stage2();
    collect(mmu.granule(), mmu.root(), mmu.rootLevel(), found);
    return found;
  }

  private void collect(Granule granule, long table, int level, List<String> found) {
    long mask = (1L << 48) - granule.bytes();
    TreeMap<Integer, Long> valid = new TreeMap<>();
    for (int i = 0; i < granule.entries(); i++) {
      long descriptor = host().load(table + 8L * i);
      if ((descriptor & 1) != 0) {
        valid.put(i, descriptor);
      }
    }
    valid.forEach((index, descriptor) -> {
      found.add(entry(level, index, descriptor));
      if (level < 3 && (descriptor & 2) != 0) {
        collect(granule, descriptor & mask, level + 1, found);
      }
    });
  }

  /** An entry without its address. */
  static String entry(int level, int index, long descriptor) {
    return level + " " + index + " " + OracleWorld.hex(descriptor & ~0xffff_ffff_f000L);
  }
}
