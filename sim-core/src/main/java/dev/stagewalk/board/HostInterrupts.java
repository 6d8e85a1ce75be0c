package dev.stagewalk.board;

import dev.stagewalk.arch.Encoding;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisters;

/**
 * The software-generated interrupt by which a host in Java gets another PE out of its guest. A PE
 * can be reached from when the host has opened it, which it does at EL2: below, where interrupts
 * are routed to EL2, the same registers are those of the virtual CPU interface.
 *
 * <p>Source: Arm GIC Architecture Specification (IHI0069), ICC_SGI1R_EL1.
 */
final class HostInterrupts {
  /** The SGI that belongs to the host. */
  private static final int INTID = 15;

  private static final int GROUP_1 = 2;

  private static final int PMR = SystemRegisters.index("ICC_PMR_EL1");
  private static final int IGRPEN1 = SystemRegisters.index("ICC_IGRPEN1_EL1");
  private static final int SGI1R = SystemRegisters.index("ICC_SGI1R_EL1");
  private static final int EOIR1 = SystemRegisters.index("ICC_EOIR1_EL1");

  private final Gic gic;

  HostInterrupts(Gic gic) {
    this.gic = gic;
  }

  /** Sets up what a PE at EL2 needs to be interrupted. */
  void open(Pe target) {
    InterruptBank bank = gic.privates(target.id());
    bank.group |= 1 << INTID;
    bank.enabled |= 1 << INTID;
    gic.enabledGroups |= GROUP_1;
    target.setSystem(PMR, 0xff);
    target.setSystem(IGRPEN1, 1);
  }

  /** Interrupts a PE; the value written to ICC_SGI1R_EL1. */
  long send(Pe from, Pe target) {
    long affinity = gic.affinity(target.id());
    long value =
        (affinity >>> 32 & 0xff) << 48
            | (affinity >>> 16 & 0xff) << 32
            | (affinity >>> 8 & 0xff) << 16
            | (affinity >>> 4 & 0xf) << 44
            | (long) INTID << 24
            | 1L << (affinity & 0xf);
    from.setSystem(SGI1R, value);
    return value;
  }

  /** Acknowledges and completes what is signalled; nothing if that is nothing. */
  static void acknowledge(Pe pe) {
    int iar =
        RegisterTable.standard()
            .require("ICC_IAR1_EL1")
            .encoding()
            .map(Encoding::packed)
            .orElseThrow();
    long interrupt = pe.readSystem(iar, 0);
    if (interrupt < Gic.SPECIAL) {
      pe.setSystem(EOIR1, interrupt);
    }
  }
}
