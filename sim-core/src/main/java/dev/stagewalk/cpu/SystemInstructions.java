package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;
import java.util.Objects;

/** Hints, barriers, system registers and system operations: one method a row's semantics. */
final class SystemInstructions {
  /** op1:op2 of the PSTATE fields of MSR (immediate). */
  private static final int UAO = 3;

  private static final int PAN = 4;
  private static final int SPSEL = 5;
  private static final int ALLINT = 1 << 3;
  private static final int SSBS = 3 << 3 | 1;
  private static final int DIT = 3 << 3 | 2;
  private static final int DAIFSET = 3 << 3 | 6;
  private static final int DAIFCLR = 3 << 3 | 7;

  /** CRm:op2 of PACIA1716 and the like, and of the forms with SP or zero. */
  private static final int PAC_1716 = 1 << 3;

  private static final int PAC_SP_OR_ZERO = 3 << 3;

  private static final int IC_DC = 7;
  private static final int TLBI = 8;

  /** TLBI with the nXS qualifier. */
  private static final int TLBI_NXS = 9;

  private static final int CNTVCT_EL0 = SystemRegisters.index("CNTVCT_EL0");

  private SystemInstructions() {}

  static void nop(Pe pe, Op op) {}

  /** Hints have no effect here, but those of pointer authentication may be trapped. */
  static void hint(Pe pe, Op op) {
    int crmOp2 = (int) op.imm();
    if ((crmOp2 & ~7) == PAC_SP_OR_ZERO || (crmOp2 & ~6) == PAC_1716) {
      PointerAuthentication.check(pe, (crmOp2 & 2) != 0);
    }
  }

  static void wfi(Pe pe, Op op) {
    pe.waiting().instruction(0, 0, Waiting.FOREVER);
  }

  static void wfe(Pe pe, Op op) {
    pe.waiting().instruction(1, 0, pe.waiting().nextOfStream());
  }

  static void wfit(Pe pe, Op op) {
    waitWithTimeout(pe, op, 2);
  }

  static void wfet(Pe pe, Op op) {
    waitWithTimeout(pe, op, 3);
  }

  /** The timeout is a value of CNTVCT_EL0. */
  private static void waitWithTimeout(Pe pe, Op op, int ti) {
    if (!OptionalFeature.FEAT_WFxT.isIn(pe.system)) {
      throw pe.undefined();
    }
    long count = pe.wiring().surroundings().count();
    long ticks = pe.x(op.rd()) - pe.system(CNTVCT_EL0);
    long until = count;
    if (Long.compareUnsigned(pe.x(op.rd()), pe.system(CNTVCT_EL0)) > 0) {
      until = ticks < 0 || count + ticks < 0 ? Waiting.FOREVER : count + ticks;
    }
    if (ti == 3) {
      until = Math.min(until, pe.waiting().nextOfStream());
    }
    pe.waiting().instruction(ti, op.rd(), until);
  }

  static void sev(Pe pe, Op op) {
    pe.waiting().sendEvent();
  }

  static void sevl(Pe pe, Op op) {
    pe.waiting().receiveEvent();
  }

  static void clrex(Pe pe, Op op) {
    pe.clearExclusive();
  }

  static void barrier(Pe pe, Op op) {
    Barriers.execute(pe, op.word());
  }

  static void mrs(Pe pe, Op op) {
    pe.setX(op.rd(), pe.readSystem((int) op.imm(), op.rd()));
  }

  static void msr(Pe pe, Op op) {
    pe.writeSystem((int) op.imm(), op.rd(), pe.x(op.rd()));
  }

  static void msrImmediate(Pe pe, Op op) {
    long value = op.imm();
    switch ((int) op.imm2()) {
      case UAO -> view(pe, Special.UAO).write(pe, value << 23);
      case PAN -> view(pe, Special.PAN).write(pe, value << 22);
      case SPSEL -> view(pe, Special.SPSEL).write(pe, value);
      case SSBS -> view(pe, Special.SSBS).write(pe, value << 12);
      case ALLINT -> maskAll(pe, op);
      case DIT -> view(pe, Special.DIT).write(pe, value << 24);
      case DAIFSET -> pe.setPstateBits(daif(pe, op) | value << 6);
      case DAIFCLR -> pe.setPstateBits(daif(pe, op) & ~(value << 6));
      default -> throw pe.undefined();
    }
  }

  /** A part of PSTATE that this exception level of this PE has. */
  private static Special view(Pe pe, Special special) {
    AccessTable.Name name = Objects.requireNonNull(AccessTable.at(special.encoding()));
    if (pe.el() < special.lowestLevel() || !OptionalFeature.allows(name.register, pe.system)) {
      throw pe.undefined();
    }
    return special;
  }

  /** HCRX_EL2.TALLINT traps only what would mask. */
  private static void maskAll(Pe pe, Op op) {
    Special allint = view(pe, Special.ALLINT);
    if (op.imm() > 1) {
      throw pe.undefined();
    }
    if (op.imm() == 1 && TrapTable.target(pe, allint.encoding(), false) != 0) {
      throw pe.pending.other(2, ExceptionModel.EC_SYS64, immediateSyndrome(op));
    }
    allint.write(pe, op.imm() << 13);
  }

  /** PSTATE, where DAIF may be changed: EL0 may only if SCTLR_EL1.UMA lets it. */
  private static long daif(Pe pe, Op op) {
    int target = TrapTable.target(pe, Special.DAIF.encoding(), false);
    if (target != 0) {
      throw pe.pending.other(target, ExceptionModel.EC_SYS64, immediateSyndrome(op));
    }
    return pe.pstateBits();
  }

  private static int immediateSyndrome(Op op) {
    int field = (int) op.imm2();
    return (field & 7) << 17 | (field >>> 3) << 14 | 4 << 10 | 0x1f << 5 | (int) op.imm() << 1;
  }

  /**
   * System operations. One that the PE lacks is UNDEFINED whatever would trap it. Caches are not
   * modelled: their maintenance has no effect but its faults.
   */
  static void sys(Pe pe, Op op) {
    int encoding = (int) op.imm();
    int op1 = encoding >>> 11 & 7;
    int crn = encoding >>> 7 & 15;
    int crm = encoding >>> 3 & 15;
    int op2 = encoding & 7;
    boolean translation = AddressTranslations.isOne(op1, crm, op2);
    boolean exists =
        switch (crn) {
          case IC_DC ->
              translation ? AddressTranslations.has(pe, crm) : CacheMaintenance.has(pe, encoding);
          case TLBI, TLBI_NXS -> TlbMaintenance.has(pe, op1, crm, op2, crn == TLBI_NXS);
          default -> false;
        };
    if (!exists) {
      throw SystemAccess.unallocated(pe, encoding, op.rd(), false);
    }
    if ((op1 != 3 && pe.el() == 0) || (op1 == 4 && pe.el() == 1 && !SystemContext.isNested(pe))) {
      throw pe.undefined();
    }
    TrapTable.check(pe, encoding, op.rd(), false);
    if (op1 == 4 && SystemContext.isNested(pe)) {
      throw SystemAccess.trap(pe, encoding, op.rd(), false, 2, ExceptionModel.EC_SYS64);
    }
    long operand = pe.x(op.rd());
    if (crn != IC_DC) {
      TlbMaintenance.execute(pe, op1, crm, op2, operand, crn == TLBI_NXS);
    } else if (translation) {
      AddressTranslations.execute(pe, op1, crm, op2, operand);
    } else {
      CacheMaintenance.execute(pe, encoding, operand);
    }
  }

  /** There is no system instruction with a result, but the traps of those that could be. */
  static void sysl(Pe pe, Op op) {
    throw SystemAccess.unallocated(pe, (int) op.imm(), op.rd(), true);
  }
}
