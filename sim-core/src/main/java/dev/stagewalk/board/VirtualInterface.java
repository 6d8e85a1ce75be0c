package dev.stagewalk.board;

import dev.stagewalk.cpu.Pe;
import dev.stagewalk.mem.Stateful;

/**
 * The virtual GIC CPU interface of one PE: the registers ICH_*, by which a hypervisor lists virtual
 * interrupts, and what its guest reaches as ICV_*.
 *
 * <p>Source: Arm GIC Architecture Specification (IHI0069), "Virtual interrupt handling and
 * prioritization"; ICH_LR&lt;n&gt;_EL2.
 */
final class VirtualInterface implements Stateful {
  private static final int LIST_REGISTERS = 4;

  private static final long EN = 1;
  private static final long UIE = 1 << 1;
  private static final long LRENPIE = 1 << 2;
  private static final long NPIE = 1 << 3;
  private static final long VGRP0EIE = 1 << 4;
  private static final long VGRP0DIE = 1 << 5;
  private static final long VGRP1EIE = 1 << 6;
  private static final long VGRP1DIE = 1 << 7;
  private static final long EOI_COUNT_ONE = 1L << 27;
  private static final long EOI_COUNT = 0x1fL << 27;

  /** All fields of ICH_HCR_EL2 there are here; the traps are in the table of traps. */
  private static final long HCR_FIELDS = EOI_COUNT | 1 << 14 | 7 << 10 | 0xff;

  /** ICH_VTR_EL2: no direct injection, TDIR, 5 bits of priority, all for preemption. */
  private static final long VTR =
      (long) Priorities.BITS_LESS_ONE << 29
          | (long) Priorities.BITS_LESS_ONE << 26
          | 1 << 20
          | 1 << 19
          | LIST_REGISTERS - 1;

  private static final long VENG0 = 1;
  private static final long VENG1 = 1 << 1;

  /** ICH_VMCR_EL2.VFIQEn is 1 where only System registers are used. */
  private static final long VFIQEN = 1 << 3;

  private static final long VCBPR = 1 << 4;
  private static final long VEOIM = 1 << 9;
  private static final int PRIORITY_BITS = 0xf8;

  private static final long LR_PENDING = 1L << 62;
  private static final long LR_ACTIVE = 1L << 63;
  private static final long LR_STATE = LR_PENDING | LR_ACTIVE;
  private static final long LR_HW = 1L << 61;
  private static final long LR_EOI = 1L << 41;
  private static final long LR_FIELDS =
      LR_STATE | LR_HW | 1L << 60 | 0xf8L << 48 | 0x1fff_ffff_ffffL;

  private final Pe pe;
  private final Gic gic;
  private final Priorities priorities = new Priorities();
  private final long[] lists = new long[LIST_REGISTERS];
  private long hcr;
  private int mask;
  private boolean twoSteps;
  private boolean enabled0;
  private boolean enabled1;

  VirtualInterface(Pe pe, Gic gic) {
    this.pe = pe;
    this.gic = gic;
    RegisterPorts ports = new RegisterPorts(pe);
    ports.readWrite(
        "ICH_HCR_EL2",
        () -> hcr,
        value -> {
          hcr = value & HCR_FIELDS;
          changed();
        });
    ports.readOnly("ICH_VTR_EL2", () -> VTR);
    ports.readWrite("ICH_VMCR_EL2", this::readMachineControl, this::writeMachineControl);
    ports.readWrite("ICH_AP0R0_EL2", this::active0, this::setActive0);
    ports.readWrite("ICH_AP1R0_EL2", this::active1, this::setActive1);
    ports.readOnly("ICH_MISR_EL2", this::maintenance);
    ports.readOnly("ICH_EISR_EL2", this::ended);
    ports.readOnly("ICH_ELRSR_EL2", this::empty);
    for (int i = 0; i < 16; i++) {
      String name = "ICH_LR" + i + "_EL2";
      if (i >= LIST_REGISTERS) {
        ports.absent(name);
        continue;
      }
      int list = i;
      ports.readWrite(
          name,
          () -> lists[list],
          value -> {
            lists[list] = value & LR_FIELDS;
            changed();
          });
    }
    ports.absent(
        "ICH_AP0R1_EL2",
        "ICH_AP0R2_EL2",
        "ICH_AP0R3_EL2",
        "ICH_AP1R1_EL2",
        "ICH_AP1R2_EL2",
        "ICH_AP1R3_EL2");
  }

  private void changed() {
    update();
    gic.changed();
  }

  /** Sets the line of the maintenance interrupt. */
  void update() {
    gic.setPrivateLine(pe.id(), Gic.MAINTENANCE, (hcr & EN) != 0 && maintenance() != 0);
  }

  private static int interruptOf(long list) {
    return (int) list;
  }

  private static int groupOf(long list) {
    return (int) (list >>> 60) & 1;
  }

  private static int priorityOf(long list) {
    return (int) (list >>> 48) & 0xff;
  }

  boolean enabled(int group) {
    return group == 0 ? enabled0 : enabled1;
  }

  void enable(int group, boolean on) {
    if (group == 0) {
      enabled0 = on;
    } else {
      enabled1 = on;
    }
    changed();
  }

  /** The list register of the pending interrupt of highest priority; −1 if there is none. */
  private int highest() {
    int best = -1;
    for (int i = 0; i < LIST_REGISTERS; i++) {
      long list = lists[i];
      if ((list & LR_STATE) == LR_PENDING
          && enabled(groupOf(list))
          && (best < 0 || priorityOf(list) < priorityOf(lists[best]))) {
        best = i;
      }
    }
    return (hcr & EN) == 0 ? -1 : best;
  }

  private int signalledList(int group) {
    int list = highest();
    boolean signals =
        list >= 0
            && groupOf(lists[list]) == group
            && priorities.letsThrough(priorityOf(lists[list]), group, mask);
    return signals ? list : -1;
  }

  /** What ICV_IAR would acknowledge. */
  long signalled(int group) {
    int list = signalledList(group);
    return list < 0 ? Gic.SPURIOUS : interruptOf(lists[list]) & 0xffff_ffffL;
  }

  long acknowledge(int group) {
    int list = signalledList(group);
    if (list < 0) {
      return Gic.SPURIOUS;
    }
    priorities.activate(priorityOf(lists[list]), group);
    lists[list] = lists[list] & ~LR_STATE | LR_ACTIVE;
    changed();
    return interruptOf(lists[list]) & 0xffff_ffffL;
  }

  long highestPending(int group) {
    int list = highest();
    return list >= 0 && groupOf(lists[list]) == group
        ? interruptOf(lists[list]) & 0xffff_ffffL
        : Gic.SPURIOUS;
  }

  /** ICV_EOIR. */
  void end(int group, int interrupt) {
    if (interrupt >= Gic.SPECIAL && interrupt <= Gic.SPURIOUS) {
      return;
    }
    if (priorities.drop(group) && !twoSteps) {
      deactivateListed(interrupt);
    }
    changed();
  }

  /** ICV_DIR. */
  void deactivate(int interrupt) {
    if (twoSteps) {
      deactivateListed(interrupt);
      changed();
    }
  }

  /** An active interrupt that no list register has is counted instead. */
  private void deactivateListed(int interrupt) {
    for (int i = 0; i < LIST_REGISTERS; i++) {
      long list = lists[i];
      if ((list & LR_ACTIVE) != 0 && interruptOf(list) == interrupt) {
        lists[i] = list & ~LR_ACTIVE;
        if ((list & LR_HW) != 0) {
          gic.deactivate(pe.id(), (int) (list >>> 32) & 0x1fff);
        }
        return;
      }
    }
    if ((hcr & EOI_COUNT) != EOI_COUNT) {
      hcr += EOI_COUNT_ONE;
    }
  }

  /** ICH_EISR_EL2. */
  private long ended() {
    return listsWhere(LR_STATE | LR_HW | LR_EOI, LR_EOI);
  }

  /** ICH_ELRSR_EL2. */
  private long empty() {
    return listsWhere(LR_STATE, 0) & ~ended();
  }

  private long listsWhere(long bits, long value) {
    long found = 0;
    for (int i = 0; i < LIST_REGISTERS; i++) {
      found |= (lists[i] & bits) == value ? 1L << i : 0;
    }
    return found;
  }

  /** ICH_MISR_EL2. */
  private long maintenance() {
    int valid = LIST_REGISTERS - Long.bitCount(listsWhere(LR_STATE, 0));
    return (ended() != 0 ? 1 : 0)
        | ((hcr & UIE) != 0 && valid <= 1 ? 1 << 1 : 0)
        | ((hcr & LRENPIE) != 0 && (hcr & EOI_COUNT) != 0 ? 1 << 2 : 0)
        | ((hcr & NPIE) != 0 && listsWhere(LR_STATE, LR_PENDING) == 0 ? 1 << 3 : 0)
        | ((hcr & VGRP0EIE) != 0 && enabled0 ? 1 << 4 : 0)
        | ((hcr & VGRP0DIE) != 0 && !enabled0 ? 1 << 5 : 0)
        | ((hcr & VGRP1EIE) != 0 && enabled1 ? 1 << 6 : 0)
        | ((hcr & VGRP1DIE) != 0 && !enabled1 ? 1 << 7 : 0);
  }

  private long readMachineControl() {
    return (enabled0 ? VENG0 : 0)
        | (enabled1 ? VENG1 : 0)
        | VFIQEN
        | (priorities.common ? VCBPR : 0)
        | (twoSteps ? VEOIM : 0)
        | (long) priorities.binaryPoint1 << 18
        | (long) priorities.binaryPoint0 << 21
        | (long) mask << 24;
  }

  private void writeMachineControl(long value) {
    enabled0 = (value & VENG0) != 0;
    enabled1 = (value & VENG1) != 0;
    twoSteps = (value & VEOIM) != 0;
    priorities.common = false;
    priorities.setBinaryPoint1(value >>> 18);
    priorities.setBinaryPoint0(value >>> 21);
    priorities.common = (value & VCBPR) != 0;
    mask = (int) (value >>> 24) & PRIORITY_BITS;
    changed();
  }

  long mask() {
    return mask;
  }

  void setMask(long value) {
    mask = (int) value & PRIORITY_BITS;
    changed();
  }

  /** ICV_CTLR. */
  long control() {
    return (priorities.common ? 1 : 0) | (twoSteps ? 2 : 0) | (long) Priorities.BITS_LESS_ONE << 8;
  }

  void setControl(long value) {
    priorities.common = (value & 1) != 0;
    twoSteps = (value & 2) != 0;
    changed();
  }

  long running() {
    return priorities.running();
  }

  long binaryPoint0() {
    return priorities.binaryPoint0;
  }

  void setBinaryPoint0(long value) {
    priorities.setBinaryPoint0(value);
    changed();
  }

  long binaryPoint1() {
    return priorities.shownBinaryPoint1();
  }

  void setBinaryPoint1(long value) {
    priorities.setBinaryPoint1(value);
    changed();
  }

  long active0() {
    return priorities.active0 & 0xffff_ffffL;
  }

  void setActive0(long value) {
    priorities.active0 = (int) value;
    changed();
  }

  long active1() {
    return priorities.active1 & 0xffff_ffffL;
  }

  void setActive1(long value) {
    priorities.active1 = (int) value;
    changed();
  }

  @Override
  public long[] save() {
    long[] state = new long[LIST_REGISTERS + 4];
    System.arraycopy(lists, 0, state, 0, LIST_REGISTERS);
    state[LIST_REGISTERS] = hcr;
    state[LIST_REGISTERS + 1] = readMachineControl();
    state[LIST_REGISTERS + 2] = priorities.active0;
    state[LIST_REGISTERS + 3] = priorities.active1;
    return state;
  }

  @Override
  public void restore(long[] state) {
    System.arraycopy(state, 0, lists, 0, LIST_REGISTERS);
    hcr = state[LIST_REGISTERS];
    priorities.active0 = (int) state[LIST_REGISTERS + 2];
    priorities.active1 = (int) state[LIST_REGISTERS + 3];
    writeMachineControl(state[LIST_REGISTERS + 1]);
  }
}
