package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/**
 * Software step of one PE: a debugger among its own software lets it execute one instruction, and
 * has it back by a Software Step exception.
 *
 * <p>Source: Arm ARM, "Software Step exceptions"; "Enabling debug exceptions from the current
 * Exception level"; MDSCR_EL1.{SS, KDE}.
 */
final class SoftwareStep {
  private static final long MDSCR_SS = 1;
  private static final long MDSCR_KDE = 1 << 13;

  private static final int EC_LOWER = 0x32;
  private static final int EC_SAME = 0x33;

  /** IFSC of a debug exception. */
  private static final int DEBUG = 0x22;

  /** ISV: EX says whether a Load-Exclusive was stepped. */
  private static final int ISV = 1 << 24;

  private static final int EX = 1 << 6;

  private final Pe pe;
  private boolean active;
  private boolean stepped;
  private boolean steppedExclusive;

  SoftwareStep(Pe pe) {
    this.pe = pe;
  }

  /** A register or a part of PSTATE has changed that this may depend on. */
  void changed() {
    active =
        (pe.system.get(SystemRegisters.MDSCR_EL1) & MDSCR_SS) != 0
            && ((pe.pstateBits() & Pstate.SS) != 0 || enabledFrom(pe.el(), pe.pstateBits()));
    pe.attention |= active;
  }

  /** Whether each instruction has to be looked at. */
  boolean isActive() {
    return active;
  }

  /** Throws the exception where one instruction, or none, was to be executed and has been. */
  void check() {
    if ((pe.pstateBits() & Pstate.SS) == 0 && enabledFrom(pe.el(), pe.pstateBits())) {
      int iss = stepped ? DEBUG | ISV | (steppedExclusive ? EX : 0) : DEBUG;
      int to = target();
      throw pe.pending.other(to, pe.el() < to ? EC_LOWER : EC_SAME, iss);
    }
  }

  /** Whether the instruction that begins is the one to be executed. */
  boolean begins() {
    return (pe.pstateBits() & Pstate.SS) != 0;
  }

  /** The instruction to be executed is finished. */
  void advance(Op op) {
    stepped = true;
    steppedExclusive = op.row().semantics().startsWith("load_exclusive");
    pe.setPstateBits(pe.pstateBits() & ~Pstate.SS);
  }

  /** An exception is taken: nothing is known any more of what was stepped. */
  void forget() {
    stepped = false;
    steppedExclusive = false;
  }

  /**
   * PSTATE.SS after an exception return.
   *
   * @param to the level it goes to
   */
  long afterReturn(long spsr, int to) {
    boolean begins =
        (pe.system.get(SystemRegisters.MDSCR_EL1) & MDSCR_SS) != 0
            && !enabledFrom(pe.el(), pe.pstateBits())
            && enabledFrom(to, spsr);
    return begins ? spsr & Pstate.SS : 0;
  }

  /** Where debug exceptions go. */
  private int target() {
    boolean routed =
        pe.system.hcr(SystemRegisters.HCR_TGE)
            || (pe.system.get(SystemRegisters.MDCR_EL2) & SystemRegisters.MDCR_TDE) != 0;
    return routed ? 2 : 1;
  }

  private boolean enabledFrom(int el, long pstate) {
    if (OsLock.isLocked(pe.system)) {
      return false;
    }
    int to = target();
    return el == to
        ? (pe.system.get(SystemRegisters.MDSCR_EL1) & MDSCR_KDE) != 0 && (pstate & Pstate.D) == 0
        : el < to;
  }

  /** What was stepped: 0 nothing, 1 an instruction, 3 a Load-Exclusive. */
  int save() {
    return (stepped ? 1 : 0) | (steppedExclusive ? 2 : 0);
  }

  /** After the registers and PSTATE have been restored. */
  void restore(int state) {
    stepped = (state & 1) != 0;
    steppedExclusive = (state & 2) != 0;
    changed();
  }
}
