package dev.stagewalk.cpu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;

/**
 * All that a load or store names besides its address: whose addresses these are, in which order the
 * bytes of a value lie, and what the MMU is asked for (direction, size, privilege, PAN, alignment).
 * Most are a PE's {@linkplain #own own}; nothing below this looks at PSTATE for any of it.
 *
 * @param regime whose tables translate the address
 * @param bigEndian whether the first byte is the most significant one
 */
record DataAccess(Regime regime, boolean bigEndian, Access wanted) {
  private static final long SCTLR_A = 1L << 1;
  private static final long SCTLR_NAA = 1L << 6;
  private static final long SCTLR_E0E = 1L << 24;
  private static final long SCTLR_EE = 1L << 25;
  private static final int ID_AA64MMFR2 = SystemRegisters.index("ID_AA64MMFR2_EL1");

  /** ID_AA64MMFR2_EL1.AT: FEAT_LSE2 is implemented. */
  private static final long MMFR2_AT = 0xfL << 32;

  /**
   * What an instruction of a PE makes, where its alignment does not forbid it at once.
   *
   * <p>Source: Arm ARM, "Alignment of data accesses": ordered and exclusive accesses must be
   * aligned; SCTLR_ELx.A asks for it everywhere. Device memory asks for it too, which translation
   * finds out.
   *
   * @param how bits of {@link Manner}
   */
  static DataAccess own(Pe pe, long va, int size, Access.Kind kind, int how) {
    TranslationControls controls = pe.memory().translator().controls();
    Regime regime = controls.regime();
    long sctlr = controls.sctlr(regime);
    boolean aligned = (va & (size - 1)) == 0 && (how & Manner.OF_UNALIGNED) == 0;
    if (!aligned) {
      boolean strict =
          (how & Manner.ALIGNED) != 0
              || ((how & Manner.WITHIN_16) != 0 && !allowedByLse2(pe, va, size, how, sctlr));
      if (strict || (sctlr & SCTLR_A) != 0) {
        throw pe.pending.abort(
            pe.exceptions().targetOfOwnExceptions(), FaultKind.ALIGNMENT.statusCode(0), va, kind);
      }
    }
    boolean privileged = privileged(pe, how);
    boolean pan = privileged && (pe.pstateBits() & Pstate.PAN) != 0;
    return new DataAccess(
        regime, isBigEndian(pe), new Access(kind, size, privileged, pan, aligned));
  }

  /** Whether the PE's own accesses have the most significant byte first. */
  static boolean isBigEndian(Pe pe) {
    TranslationControls controls = pe.memory().translator().controls();
    long bit = pe.el() == 0 ? SCTLR_E0E : SCTLR_EE;
    return (controls.sctlr(controls.regime()) & bit) != 0;
  }

  /**
   * Source: Arm ARM, "Unprivileged access" of LDTR and STTR: at EL1, and at EL2 where it is the
   * host of EL0, unless PSTATE.UAO is set.
   */
  private static boolean privileged(Pe pe, int how) {
    if (pe.el() == 0) {
      return false;
    }
    boolean asEl0 =
        (how & Manner.UNPRIVILEGED) != 0
            && (pe.pstateBits() & Pstate.UAO) == 0
            && (pe.el() == 1 || pe.memory().translator().controls().regimeOfEl1() == Regime.EL2_0);
    return !asEl0;
  }

  /** Source: Arm ARM, "Alignment of data accesses"; SCTLR_EL1.nAA. */
  private static boolean allowedByLse2(Pe pe, long va, int size, int how, long sctlr) {
    boolean anywhere = (how & Manner.ANYWHERE_UNDER_NAA) != 0 && (sctlr & SCTLR_NAA) != 0;
    return (pe.system.get(ID_AA64MMFR2) & MMFR2_AT) != 0 && (anywhere || (va & 15) + size <= 16);
  }

  /** A value as it lies in memory, or back. Source: Arm ARM, "Data endianness". */
  long inOrder(long value) {
    return bigEndian ? Long.reverseBytes(value) >>> (64 - 8 * wanted.size()) : value;
  }
}
