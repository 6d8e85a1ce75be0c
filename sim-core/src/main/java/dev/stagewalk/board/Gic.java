package dev.stagewalk.board;

import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisters;
import java.util.ArrayList;
import java.util.List;

/**
 * A small GICv3 with a single Security state and affinity routing: software-generated, private and
 * 96 shared interrupts; no LPIs. Its registers are in {@link Distributor}, {@link Redistributors},
 * {@link CpuInterface} and {@link VirtualInterface}.
 *
 * <p>Source: Arm GIC Architecture Specification (IHI0069).
 */
final class Gic {
  /** INTID that says there is no interrupt. */
  static final int SPURIOUS = 1023;

  /** First INTID that names none. */
  static final int SPECIAL = 1020;

  /** INTIDs there are. */
  static final int COUNT = 128;

  static final int MAINTENANCE = 25;

  private static final int SGIS_EDGE = 0xffff;
  private static final int MPIDR_EL1 = SystemRegisters.index("MPIDR_EL1");

  /** The fields Aff3 to Aff0 of an MPIDR. */
  private static final long AFFINITY = 0xff_00ff_ffffL;

  private final List<Pe> pes;
  private final List<InterruptBank> privates = new ArrayList<>();
  private final List<InterruptBank> shared = new ArrayList<>();
  private final List<CpuInterface> interfaces = new ArrayList<>();

  /** GICD_CTLR.EnableGrp0 and EnableGrp1. */
  int enabledGroups;

  /** GICR_WAKER.ProcessorSleep, a bit a PE. The firmware has woken all of them. */
  int asleep;

  Gic(List<Pe> pes) {
    this.pes = pes;
    for (Pe pe : pes) {
      privates.add(new InterruptBank(0, SGIS_EDGE));
      interfaces.add(new CpuInterface(pe, this));
    }
    for (int first = InterruptBank.COUNT; first < COUNT; first += InterruptBank.COUNT) {
      shared.add(new InterruptBank(first, 0));
    }
  }

  /** The private interrupts of a PE. */
  InterruptBank privates(int pe) {
    return privates.get(pe);
  }

  /** Shared interrupts 32 × word and up; word is at least 1. */
  InterruptBank shared(int word) {
    return shared.get(word - 1);
  }

  CpuInterface cpuInterface(int pe) {
    return interfaces.get(pe);
  }

  List<InterruptBank> banks() {
    List<InterruptBank> all = new ArrayList<>(privates);
    all.addAll(shared);
    return all;
  }

  /** Sets the input of a private interrupt. */
  void setPrivateLine(int pe, int interrupt, boolean level) {
    if (privates.get(pe).setLine(interrupt, level)) {
      pes.get(pe).wiring().interruptsChanged();
    }
  }

  /** Sets the input of a shared interrupt; 0 is INTID 32. */
  void setSharedLine(int number, boolean level) {
    int interrupt = InterruptBank.COUNT + number;
    if (bankOf(0, interrupt).setLine(interrupt % InterruptBank.COUNT, level)) {
      changed();
    }
  }

  private InterruptBank bankOf(int pe, int interrupt) {
    return interrupt < InterruptBank.COUNT
        ? privates.get(pe)
        : shared.get(interrupt / InterruptBank.COUNT - 1);
  }

  /** Something has changed that decides what is signalled. */
  void changed() {
    for (Pe pe : pes) {
      pe.wiring().interruptsChanged();
    }
  }

  /**
   * The pending interrupt of highest priority for a PE.
   *
   * @return INTID in the low half, priority in bits 39:32, group in bit 40; −1 if there is none
   */
  long highestPending(int pe) {
    if ((asleep >>> pe & 1) != 0) {
      return -1;
    }
    long best = better(privates.get(pe), pe, -1);
    for (InterruptBank bank : shared) {
      best = better(bank, pe, best);
    }
    return best;
  }

  private long better(InterruptBank bank, int pe, long soFar) {
    int groups =
        ((enabledGroups & 1) != 0 ? ~bank.group : 0) | ((enabledGroups & 2) != 0 ? bank.group : 0);
    int candidates = bank.pending() & bank.enabled & ~bank.active & groups;
    long best = soFar;
    while (candidates != 0) {
      int bit = Integer.numberOfTrailingZeros(candidates);
      candidates &= candidates - 1;
      boolean mine = bank.first == 0 || isRoutedTo(bank.route[bit], pe);
      if (mine && (best < 0 || bank.priority(bit) < priorityOf(best))) {
        best =
            (long) (bank.group >>> bit & 1) << 40
                | (long) bank.priority(bit) << 32
                | (bank.first + bit);
      }
    }
    return best;
  }

  static int priorityOf(long pending) {
    return (int) (pending >>> 32) & 0xff;
  }

  static int groupOf(long pending) {
    return (int) (pending >>> 40) & 1;
  }

  private boolean isRoutedTo(long route, int pe) {
    return affinity(pe) == (route & AFFINITY);
  }

  /** Aff3 to Aff0, in the layout of MPIDR_EL1. */
  long affinity(int pe) {
    return pes.get(pe).system(MPIDR_EL1) & AFFINITY;
  }

  void acknowledge(int pe, int interrupt) {
    bankOf(pe, interrupt).acknowledge(interrupt % InterruptBank.COUNT);
    changed();
  }

  void deactivate(int pe, int interrupt) {
    if (interrupt < COUNT) {
      bankOf(pe, interrupt).active &= ~(1 << interrupt % InterruptBank.COUNT);
      changed();
    }
  }

  /**
   * A software-generated interrupt, by the value written to ICC_SGI0R_EL1 or ICC_SGI1R_EL1.
   *
   * @param group that the targets must have it in
   */
  void generate(int from, long value, int group) {
    int interrupt = (int) (value >>> 24) & 0xf;
    boolean allOthers = (value >>> 40 & 1) != 0;
    long cluster =
        (value >>> 48 & 0xff) << 32 | (value >>> 32 & 0xff) << 16 | (value >>> 16 & 0xff) << 8;
    int selector = (int) (value >>> 44) & 0xf;
    for (int pe = 0; pe < pes.size(); pe++) {
      long affinity = affinity(pe);
      int level0 = (int) affinity & 0xff;
      boolean named =
          (affinity & ~0xffL) == cluster
              && level0 >> 4 == selector
              && (value >>> (level0 & 0xf) & 1) != 0;
      InterruptBank bank = privates.get(pe);
      if ((allOthers ? pe != from : named) && (bank.group >>> interrupt & 1) == group) {
        bank.latched |= 1 << interrupt;
      }
    }
    changed();
  }
}
