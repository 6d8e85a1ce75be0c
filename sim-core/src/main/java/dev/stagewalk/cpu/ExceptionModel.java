package dev.stagewalk.cpu;

import static dev.stagewalk.cpu.SystemRegisters.ELR_EL1;
import static dev.stagewalk.cpu.SystemRegisters.ELR_EL2;
import static dev.stagewalk.cpu.SystemRegisters.ESR_EL1;
import static dev.stagewalk.cpu.SystemRegisters.ESR_EL2;
import static dev.stagewalk.cpu.SystemRegisters.FAR_EL1;
import static dev.stagewalk.cpu.SystemRegisters.FAR_EL2;
import static dev.stagewalk.cpu.SystemRegisters.HPFAR_EL2;
import static dev.stagewalk.cpu.SystemRegisters.SCTLR_EL1;
import static dev.stagewalk.cpu.SystemRegisters.SPSR_EL1;
import static dev.stagewalk.cpu.SystemRegisters.SPSR_EL2;
import static dev.stagewalk.cpu.SystemRegisters.VBAR_EL1;
import static dev.stagewalk.cpu.SystemRegisters.VBAR_EL2;

import dev.stagewalk.event.Access;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.isa.Op;
import dev.stagewalk.mmu.Policy;
import org.jspecify.annotations.Nullable;

/**
 * Exception entry and return.
 *
 * <p>Source: Arm ARM, "Exception entry" and "Exception return" (The AArch64 System Level
 * Programmers' Model); ESR_EL2, Exception Syndrome Register.
 */
final class ExceptionModel {
  static final int EC_UNKNOWN = 0x00;
  static final int EC_WFX = 0x01;
  static final int EC_FP = 0x07;
  static final int EC_PAC = 0x09;
  static final int EC_ILLEGAL_STATE = 0x0e;
  static final int EC_SVC64 = 0x15;
  static final int EC_HVC64 = 0x16;
  static final int EC_SMC64 = 0x17;
  static final int EC_SYS64 = 0x18;
  static final int EC_ERET = 0x1a;
  static final int EC_IABT_LOW = 0x20;
  static final int EC_PC_ALIGN = 0x22;
  static final int EC_DABT_LOW = 0x24;
  static final int EC_SP_ALIGN = 0x26;
  static final int EC_SERROR = 0x2f;
  static final int EC_BRK64 = 0x3c;

  private static final long SCTLR_SPINTMASK = 1L << 62;
  private static final long SCTLR_SPAN = 1L << 23;
  private static final long SCTLR_DSSBS = 1L << 44;

  /** HPFAR_EL2.FIPA. */
  private static final long HPFAR_FIPA = 0xfff_ffff_fff0L;

  /** VBAR_ELx without its RES0 bits. */
  private static final long VBAR_ADDRESS = -0x800L;

  private final Pe pe;

  ExceptionModel(Pe pe) {
    this.pe = pe;
  }

  /** Where an exception goes that nothing routes elsewhere: EL1, or EL2 from there or under TGE. */
  int targetOfOwnExceptions() {
    return pe.el() == 2 || (pe.el() == 0 && pe.system.hcr(SystemRegisters.HCR_TGE)) ? 2 : 1;
  }

  /**
   * Takes the pending exception of the instruction at the PE's instruction address.
   *
   * @return its vector, 0 to 15: offset from VBAR_ELx divided by 0x80
   */
  int take(@Nullable Op op) {
    PendingException e = pe.pending;
    int fromEl = pe.el();
    int target = e.targetEl;
    int esrRegister = target == 2 ? ESR_EL2 : ESR_EL1;
    long esr = e.givesSyndrome ? syndrome(e, op, fromEl) : pe.system.get(esrRegister);
    long elr = e.returnsAfter ? pe.instructionAddress + 4 : pe.instructionAddress;
    long spsr = savedState(e);
    pe.step.forget();
    int group = fromEl < target ? 8 : (spsr & Pstate.SP) != 0 ? 4 : 0;
    int vector = group + e.vectorOffset;
    boolean toEl2 = target == 2;
    SystemRegisters system = pe.system;
    system.set(toEl2 ? ELR_EL2 : ELR_EL1, elr);
    system.set(toEl2 ? SPSR_EL2 : SPSR_EL1, spsr);
    system.set(esrRegister, esr);
    if (e.givesFar) {
      system.set(toEl2 ? FAR_EL2 : FAR_EL1, e.far);
    }
    if (toEl2 && e.givesHpfar) {
      system.set(HPFAR_EL2, hpfarOf(e.ipa));
    }
    if (poisons()) {
      poison(target, e.givesFar, e.givesHpfar, true);
    }
    long entered = Pstate.SP | Pstate.DAIF | (long) target << 2 | (spsr & 0xfL << 28);
    entered |= spsr & (Pstate.DIT | Pstate.PAN);
    if (setsPan(target)) {
      entered |= Pstate.PAN;
    }
    if (setsSsbs(target)) {
      entered |= Pstate.SSBS;
    }
    if (masksAll(target)) {
      entered |= Pstate.ALLINT;
    }
    pe.setPstate(entered);
    pe.memory().tlb().pending().contextSynchronised(pe.id());
    long base = system.get(toEl2 ? VBAR_EL2 : VBAR_EL1) & VBAR_ADDRESS;
    pe.branch(base + vector * 0x80L);
    Translation cause = e.cause;
    e.cause = null;
    pe.report(
        new SimEvent.ExceptionTaken(
            fromEl,
            target,
            vector,
            esr,
            system.get(toEl2 ? FAR_EL2 : FAR_EL1),
            system.get(HPFAR_EL2),
            toEl2 && e.givesHpfar,
            elr,
            spsr,
            cause));
    return vector;
  }

  /**
   * What SPSR_ELx gets. A call is executed when its exception is taken, what else raises one is
   * not, which PSTATE.SS tells; and a nested hypervisor that interrupts itself sees EL2.
   *
   * <p>Source: Arm ARM, "Software Step exceptions"; "Nested virtualization", SPSR_EL1.M.
   */
  private long savedState(PendingException e) {
    long state = e.returnsAfter ? pe.pstate() & ~Pstate.SS : pe.pstate();
    boolean itself = e.targetEl == 1 && SystemContext.isNested(pe);
    boolean seesEl2 =
        itself
            && (!pe.system.hcr(SystemRegisters.HCR_NV1)
                || (pe.system.hcr(SystemRegisters.HCR_NV2)
                    && OptionalFeature.FEAT_NV2.isIn(pe.system)));
    return seesEl2 ? (state & ~Pstate.EL) | 2L << 2 : state;
  }

  private boolean poisons() {
    return pe.memory().tlb().policy().unknown() == Policy.Unknown.POISON;
  }

  /**
   * Makes UNKNOWN what is so after an exception to a level, or a return from it, and is not given.
   *
   * <p>Source: Arm ARM, FAR_EL1, FAR_EL2, HPFAR_EL2 and ESR_EL2.
   */
  private void poison(int level, boolean givesFar, boolean givesHpfar, boolean keepsSyndrome) {
    SystemRegisters system = pe.system;
    if (!givesFar) {
      system.set(level == 2 ? FAR_EL2 : FAR_EL1, Policy.POISON);
    }
    if (!givesHpfar && level == 2) {
      system.set(HPFAR_EL2, Policy.POISON & HPFAR_FIPA);
    }
    if (!keepsSyndrome) {
      system.set(level == 2 ? ESR_EL2 : ESR_EL1, Policy.POISON & 0xffff_ffffL);
    }
  }

  /** Source: Arm ARM, "PSTATE.PAN"; SCTLR_EL1.SPAN, and SCTLR_EL2.SPAN where EL0 is its own. */
  private boolean setsPan(int target) {
    SystemRegisters system = pe.system;
    if (target == 1) {
      return (system.get(SCTLR_EL1) & SCTLR_SPAN) == 0;
    }
    return system.hcr(SystemRegisters.HCR_E2H)
        && system.hcr(SystemRegisters.HCR_TGE)
        && (system.get(SystemRegisters.SCTLR_EL2) & SCTLR_SPAN) == 0;
  }

  /** Source: Arm ARM, "PSTATE.SSBS"; SCTLR_ELx.DSSBS. */
  private boolean setsSsbs(int target) {
    long sctlr = pe.system.get(target == 1 ? SCTLR_EL1 : SystemRegisters.SCTLR_EL2);
    return (sctlr & SCTLR_DSSBS) != 0 && OptionalFeature.FEAT_SSBS.isIn(pe.system);
  }

  /** Source: Arm ARM, "PSTATE.ALLINT"; SCTLR_ELx.SPINTMASK. */
  private boolean masksAll(int target) {
    long sctlr = pe.system.get(target == 1 ? SCTLR_EL1 : SystemRegisters.SCTLR_EL2);
    return OptionalFeature.FEAT_NMI.isIn(pe.system) && (sctlr & SCTLR_SPINTMASK) == 0;
  }

  /** HPFAR_EL2 of an IPA: FIPA holds its bits from 12 up. */
  static long hpfarOf(long ipa) {
    return (ipa >>> 12) << 4;
  }

  private static long syndrome(PendingException e, @Nullable Op op, int fromEl) {
    long il = 1L << 25;
    return switch (e.kind) {
      case OTHER -> (long) e.exceptionClass << 26 | il | e.iss;
      case INSTRUCTION_ABORT ->
          (long) (EC_IABT_LOW + (fromEl == e.targetEl ? 1 : 0)) << 26
              | il
              | (e.onStage1Walk ? 1L << 7 : 0)
              | e.statusCode;
      case DATA_ABORT ->
          (long) (EC_DABT_LOW + (fromEl == e.targetEl ? 1 : 0)) << 26
              | il
              | instructionSyndrome(e, op)
              | (e.maintenance ? 1L << 8 : 0)
              | (e.onStage1Walk ? 1L << 7 : 0)
              | (e.access == Access.Kind.WRITE ? 1L << 6 : 0)
              | e.statusCode;
    };
  }

  /**
   * ISV and the fields it validates: only for stage-2 aborts that are not on a stage-1 walk, of
   * loads and stores of one general register without write-back.
   */
  private static long instructionSyndrome(PendingException e, @Nullable Op op) {
    if (op == null || !op.syndrome() || !e.describesInstruction) {
      return 0;
    }
    long sas = Integer.numberOfTrailingZeros(op.size());
    return 1L << 24
        | sas << 22
        | (op.signed() ? 1L << 21 : 0)
        | (long) op.rd() << 16
        | (op.is64() ? 1L << 15 : 0)
        | (op.ordered() ? 1L << 14 : 0);
  }

  /** ERET from EL1 or EL2. */
  void returnFromException() {
    int fromEl = pe.el();
    SystemRegisters system = pe.system;
    long spsr = system.get(fromEl == 2 ? SPSR_EL2 : SPSR_EL1);
    long target = system.get(fromEl == 2 ? ELR_EL2 : ELR_EL1);
    boolean illegal = isIllegalReturn(spsr, fromEl);
    long ss = pe.step.afterReturn(spsr, illegal ? fromEl : (int) (spsr >>> 2) & 3);
    if (illegal) {
      // PSTATE.IL is set; exception level and stack pointer stay as they are, and what would be
      // UNKNOWN too.
      long loaded = Pstate.NZCV | Pstate.DAIF | Pstate.PAN | Pstate.ALLINT;
      long kept = pe.pstate() & ~(loaded | Pstate.BTYPE | Pstate.SS);
      pe.setPstate((spsr & loaded) | kept | ss | Pstate.IL);
    } else {
      pe.setPstate((spsr & ~Pstate.SS) | ss);
    }
    pe.clearExclusive();
    pe.waiting().receiveEvent();
    pe.memory().tlb().pending().contextSynchronised(pe.id());
    if (pe.el() < fromEl && poisons()) {
      poison(fromEl, false, false, false);
    }
    pe.branchWithoutTag(target);
    pe.report(new SimEvent.ExceptionReturned(fromEl, pe.el(), target, spsr));
  }

  private boolean isIllegalReturn(long spsr, int fromEl) {
    int mode = (int) spsr & 0x1f;
    int to = mode >> 2;
    return (mode & 0x12) != 0 // AArch32, or the reserved bit 1
        || to > fromEl
        || (to == 0 && (mode & 1) != 0)
        || (to == 1 && pe.system.hcr(SystemRegisters.HCR_TGE));
  }
}
