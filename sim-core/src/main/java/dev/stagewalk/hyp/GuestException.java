package dev.stagewalk.hyp;

import dev.stagewalk.cpu.El2;

/**
 * An exception that the hypervisor has the guest take to EL1, as if its PE had taken it: ESR_EL1,
 * ELR_EL1, SPSR_EL1 and FAR_EL1 are written, and the guest resumes at VBAR_EL1 plus the offset of
 * the mode it was in.
 *
 * <p>Source: Arm ARM, "Synchronous exception types, routing and priorities"; "Exception vectors";
 * "Process state, PSTATE" on what an exception does to it.
 */
final class GuestException {
  static final int EC_UNKNOWN = 0;

  /** DFSC: Synchronous External abort, not on a translation table walk. */
  static final int EXTERNAL_ABORT = 0x10;

  private static final int SAME_LEVEL = 1;
  private static final long IL = 1L << 25;

  private static final long NZCV = 0xfL << 28;
  private static final long DIT = 1L << 24;
  private static final long PAN = 1L << 22;
  private static final long SSBS = 1L << 12;
  private static final long DAIF = 0xfL << 6;
  private static final long EL1H = 5;
  private static final long MODE_32 = 1L << 4;
  private static final long SCTLR_SPAN = 1L << 23;
  private static final long SCTLR_DSSBS = 1L << 44;
  private static final long VBAR = ~0x7ffL;

  private GuestException() {}

  /**
   * An abort, at the address and of the kind of the exit.
   *
   * @param status fault status code
   */
  static void abort(GuestExit exit, int status) {
    boolean data = exit.exceptionClass() == Syndrome.DATA_ABORT_LOWER;
    int ec = data ? Syndrome.DATA_ABORT_LOWER : Syndrome.INSTRUCTION_ABORT_LOWER;
    int level = fromEl0(exit.spsr()) ? 0 : SAME_LEVEL;
    long wnr = exit.esr() & Syndrome.WNR;
    take(exit, ec + level, data ? wnr | status : status);
    exit.el2().writeRegister("FAR_EL1", exit.far());
  }

  /** The instruction is UNDEFINED. */
  static void undefined(GuestExit exit) {
    take(exit, EC_UNKNOWN, 0);
  }

  private static void take(GuestExit exit, int ec, long iss) {
    El2 el2 = exit.el2();
    long spsr = exit.spsr();
    el2.writeRegister("ESR_EL1", (long) ec << 26 | IL | iss);
    el2.writeRegister("ELR_EL1", exit.elr());
    el2.writeRegister("SPSR_EL1", spsr);
    exit.setElr((el2.register("VBAR_EL1") & VBAR) + vector(spsr));
    exit.setSpsr(entered(spsr, el2.register("SCTLR_EL1"), hasSsbs(el2)));
  }

  private static boolean hasSsbs(El2 el2) {
    return (el2.register("ID_AA64PFR1_EL1") >>> 4 & 0xf) != 0;
  }

  private static boolean fromEl0(long spsr) {
    return (spsr & MODE_32) != 0 || (spsr & 0xc) == 0;
  }

  /** Offset of the synchronous vector: from EL1t, EL1h, EL0, or EL0 in AArch32. */
  static long vector(long spsr) {
    if ((spsr & MODE_32) != 0) {
      return 0x600;
    }
    return fromEl0(spsr) ? 0x400 : (spsr & 1) != 0 ? 0x200 : 0;
  }

  /** PSTATE after the exception. */
  static long entered(long spsr, long sctlr, boolean ssbs) {
    long state = spsr & (NZCV | DIT | PAN) | DAIF | EL1H;
    if ((sctlr & SCTLR_SPAN) == 0) {
      state |= PAN;
    }
    return ssbs && (sctlr & SCTLR_DSSBS) != 0 ? state | SSBS : state;
  }
}
