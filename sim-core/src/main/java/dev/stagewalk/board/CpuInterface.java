package dev.stagewalk.board;

import dev.stagewalk.cpu.InterruptSource;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.mem.Stateful;

/**
 * The GIC CPU interface of one PE: the registers ICC_*, which at EL1 under HCR_EL2.{IMO, FMO} are
 * those of the virtual interface.
 *
 * <p>Source: Arm GIC Architecture Specification (IHI0069), "AArch64 System register descriptions".
 */
final class CpuInterface implements InterruptSource, Stateful {
  private static final long HCR_FMO = 1L << 3;
  private static final long HCR_IMO = 1L << 4;

  private static final int CBPR = 1;
  private static final int EOIMODE = 1 << 1;

  /** ICC_SRE_EL1: System registers only, no bypass. */
  private static final long SRE = 7;

  /** ICC_SRE_EL2: EL1 may reach ICC_SRE_EL1 too. */
  private static final long SRE_EL2 = 0xf;

  private static final int PRIORITY_BITS = 0xf8;

  private final Pe pe;
  private final Gic gic;
  private final VirtualInterface virtual;
  private final Priorities priorities = new Priorities();
  private int mask;
  private boolean twoSteps;
  private boolean enabled0;
  private boolean enabled1;

  CpuInterface(Pe pe, Gic gic) {
    this.pe = pe;
    this.gic = gic;
    this.virtual = new VirtualInterface(pe, gic);
    RegisterPorts ports = new RegisterPorts(pe);
    ports.readOnly("ICC_SRE_EL1", () -> SRE);
    ports.readOnly("ICC_SRE_EL2", () -> SRE_EL2);
    connectCommon(ports);
    connectGroup0(ports);
    connectGroup1(ports);
    ports.writeOnly("ICC_SGI0R_EL1", value -> gic.generate(pe.id(), value, 0));
    ports.writeOnly("ICC_SGI1R_EL1", value -> gic.generate(pe.id(), value, 1));
    // There is no other Security state that it could be for.
    ports.writeOnly("ICC_ASGI1R_EL1", _ -> {});
    ports.absent(
        "ICC_AP0R1_EL1",
        "ICC_AP0R2_EL1",
        "ICC_AP0R3_EL1",
        "ICC_AP1R1_EL1",
        "ICC_AP1R2_EL1",
        "ICC_AP1R3_EL1");
  }

  VirtualInterface virtual() {
    return virtual;
  }

  private boolean isVirtual(long routed) {
    return pe.el() == 1 && (pe.system().get(SystemRegisters.HCR_EL2) & routed) != 0;
  }

  private boolean isVirtual() {
    return isVirtual(HCR_IMO | HCR_FMO);
  }

  private void connectCommon(RegisterPorts ports) {
    ports.readWrite(
        "ICC_PMR_EL1",
        () -> isVirtual() ? virtual.mask() : mask,
        value -> {
          if (isVirtual()) {
            virtual.setMask(value);
          } else {
            mask = (int) value & PRIORITY_BITS;
            gic.changed();
          }
        });
    ports.readWrite(
        "ICC_CTLR_EL1",
        () -> isVirtual() ? virtual.control() : control(),
        value -> {
          if (isVirtual()) {
            virtual.setControl(value);
          } else {
            priorities.common = (value & CBPR) != 0;
            twoSteps = (value & EOIMODE) != 0;
            gic.changed();
          }
        });
    ports.readOnly("ICC_RPR_EL1", () -> isVirtual() ? virtual.running() : priorities.running());
    ports.writeOnly(
        "ICC_DIR_EL1",
        value -> {
          if (isVirtual()) {
            virtual.deactivate((int) value);
          } else if (twoSteps) {
            gic.deactivate(pe.id(), (int) value & 0xff_ffff);
          }
        });
  }

  private long control() {
    return (priorities.common ? CBPR : 0)
        | (twoSteps ? EOIMODE : 0)
        | (long) Priorities.BITS_LESS_ONE << 8;
  }

  private void connectGroup0(RegisterPorts ports) {
    connectGroup(ports, 0, HCR_FMO);
    ports.readWrite(
        "ICC_BPR0_EL1",
        () -> isVirtual(HCR_FMO) ? virtual.binaryPoint0() : priorities.binaryPoint0,
        value -> {
          if (isVirtual(HCR_FMO)) {
            virtual.setBinaryPoint0(value);
          } else {
            priorities.setBinaryPoint0(value);
            gic.changed();
          }
        });
    ports.readWrite(
        "ICC_AP0R0_EL1",
        () -> isVirtual(HCR_FMO) ? virtual.active0() : priorities.active0 & 0xffff_ffffL,
        value -> {
          if (isVirtual(HCR_FMO)) {
            virtual.setActive0(value);
          } else {
            priorities.active0 = (int) value;
            gic.changed();
          }
        });
    ports.readWrite(
        "ICC_IGRPEN0_EL1",
        () -> (isVirtual(HCR_FMO) ? virtual.enabled(0) : enabled0) ? 1 : 0,
        value -> {
          if (isVirtual(HCR_FMO)) {
            virtual.enable(0, (value & 1) != 0);
          } else {
            enabled0 = (value & 1) != 0;
            gic.changed();
          }
        });
  }

  private void connectGroup1(RegisterPorts ports) {
    connectGroup(ports, 1, HCR_IMO);
    ports.readWrite(
        "ICC_BPR1_EL1",
        () -> isVirtual(HCR_IMO) ? virtual.binaryPoint1() : priorities.shownBinaryPoint1(),
        value -> {
          if (isVirtual(HCR_IMO)) {
            virtual.setBinaryPoint1(value);
          } else {
            priorities.setBinaryPoint1(value);
            gic.changed();
          }
        });
    ports.readWrite(
        "ICC_AP1R0_EL1",
        () -> isVirtual(HCR_IMO) ? virtual.active1() : priorities.active1 & 0xffff_ffffL,
        value -> {
          if (isVirtual(HCR_IMO)) {
            virtual.setActive1(value);
          } else {
            priorities.active1 = (int) value;
            gic.changed();
          }
        });
    ports.readWrite(
        "ICC_IGRPEN1_EL1",
        () -> (isVirtual(HCR_IMO) ? virtual.enabled(1) : enabled1) ? 1 : 0,
        value -> {
          if (isVirtual(HCR_IMO)) {
            virtual.enable(1, (value & 1) != 0);
          } else {
            enabled1 = (value & 1) != 0;
            gic.changed();
          }
        });
  }

  private void connectGroup(RegisterPorts ports, int group, long routed) {
    ports.readOnly(
        "ICC_IAR" + group + "_EL1",
        () -> isVirtual(routed) ? virtual.acknowledge(group) : acknowledge(group),
        () -> isVirtual(routed) ? virtual.signalled(group) : signalled(group));
    ports.readOnly(
        "ICC_HPPIR" + group + "_EL1",
        () -> isVirtual(routed) ? virtual.highestPending(group) : highestPending(group));
    ports.writeOnly(
        "ICC_EOIR" + group + "_EL1",
        value -> {
          if (isVirtual(routed)) {
            virtual.end(group, (int) value & 0xff_ffff);
          } else {
            end(group, (int) value & 0xff_ffff);
          }
        });
  }

  private boolean isEnabled(int group) {
    return group == 0 ? enabled0 : enabled1;
  }

  /** What IAR would acknowledge. */
  private long signalled(int group) {
    long pending = gic.highestPending(pe.id());
    boolean signals =
        pending >= 0
            && Gic.groupOf(pending) == group
            && isEnabled(group)
            && priorities.letsThrough(Gic.priorityOf(pending), group, mask);
    return signals ? (int) pending : Gic.SPURIOUS;
  }

  private long acknowledge(int group) {
    int interrupt = (int) signalled(group);
    if (interrupt != Gic.SPURIOUS) {
      priorities.activate(Gic.priorityOf(gic.highestPending(pe.id())), group);
      gic.acknowledge(pe.id(), interrupt);
    }
    return interrupt;
  }

  private long highestPending(int group) {
    long pending = gic.highestPending(pe.id());
    return pending >= 0 && Gic.groupOf(pending) == group && isEnabled(group)
        ? (int) pending
        : Gic.SPURIOUS;
  }

  private void end(int group, int interrupt) {
    if (interrupt >= Gic.SPECIAL) {
      return;
    }
    boolean dropped = priorities.drop(group);
    if (dropped && !twoSteps) {
      gic.deactivate(pe.id(), interrupt);
    }
    gic.changed();
  }

  @Override
  public boolean irq() {
    return signalled(1) != Gic.SPURIOUS;
  }

  @Override
  public boolean fiq() {
    return signalled(0) != Gic.SPURIOUS;
  }

  @Override
  public boolean virtualIrq() {
    return virtual.signalled(1) != Gic.SPURIOUS;
  }

  @Override
  public boolean virtualFiq() {
    return virtual.signalled(0) != Gic.SPURIOUS;
  }

  @Override
  public long[] save() {
    return new long[] {
      mask,
      priorities.binaryPoint0,
      priorities.binaryPoint1,
      priorities.active0,
      priorities.active1,
      (priorities.common ? 1 : 0) | (twoSteps ? 2 : 0) | (enabled0 ? 4 : 0) | (enabled1 ? 8 : 0)
    };
  }

  @Override
  public void restore(long[] state) {
    mask = (int) state[0];
    priorities.binaryPoint0 = (int) state[1];
    priorities.binaryPoint1 = (int) state[2];
    priorities.active0 = (int) state[3];
    priorities.active1 = (int) state[4];
    priorities.common = (state[5] & 1) != 0;
    twoSteps = (state[5] & 2) != 0;
    enabled0 = (state[5] & 4) != 0;
    enabled1 = (state[5] & 8) != 0;
  }
}
