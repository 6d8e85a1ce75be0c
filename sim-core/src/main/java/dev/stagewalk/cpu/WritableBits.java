package dev.stagewalk.cpu;

import dev.stagewalk.arch.Field;
import dev.stagewalk.arch.FieldKind;
import dev.stagewalk.arch.Layout;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Which bits of control registers a PE has: most fields of features that it lacks are RES0, and a
 * write leaves them 0. Everything else is kept as it is written.
 *
 * <p>Source: Arm ARM, "Reserved values in System registers"; the descriptions of the registers.
 */
final class WritableBits {
  /** Registers whose fields depend on features that decide about traps and exceptions. */
  private static final List<String> REGISTERS =
      List.of("HCR_EL2", "HCRX_EL2", "SCTLR_EL1", "SCTLR_EL2", "CNTHCTL_EL2", "FPCR");

  /** These fields are 1 on a PE without their feature: they stay as software writes them. */
  private static final Set<String> RES1_WITHOUT =
      Set.of("LSMAOE", "nTLSMD", "SPAN", "EIS", "EOS", "TSCXT");

  private static final int FPCR = SystemRegisters.index("FPCR");

  /** IDE, IXE, UFE, OFE, DZE and IOE: floating-point exceptions are never trapped. */
  private static final long FPCR_TRAPS = 0x9f00;

  private static final long HCR_RW = 1L << 31;
  private static final long EL1_IS_AARCH64_ONLY = 1;
  private static final int PFR0 = SystemRegisters.index("ID_AA64PFR0_EL1");

  private final long[] masks;
  private final boolean known;
  private final boolean rwIsOne;
  private final long pstate;

  private WritableBits(long[] masks, boolean known, boolean rwIsOne, long pstate) {
    this.masks = masks;
    this.known = known;
    this.rwIsOne = rwIsOne;
    this.pstate = pstate;
  }

  /** All bits of all registers, but for those that no PE has. */
  static WritableBits all() {
    long[] masks = new long[RegisterTable.standard().size()];
    Arrays.fill(masks, -1);
    masks[FPCR] = ~FPCR_TRAPS;
    return new WritableBits(masks, false, false, 0);
  }

  /** Those of a PE with these identification registers. */
  static WritableBits of(SystemRegisters system) {
    WritableBits bits = all();
    for (String name : REGISTERS) {
      Register register = RegisterTable.standard().require(name);
      bits.masks[register.index()] &= ~missing(register, system);
    }
    boolean rw = (system.get(PFR0) >>> 4 & 0xf) == EL1_IS_AARCH64_ONLY;
    return new WritableBits(bits.masks, true, rw, pstateOf(system));
  }

  /** Whether the PE's identification registers are known; else it has everything. */
  boolean isKnown() {
    return known;
  }

  /** What a register holds after a write. */
  long written(int index, long value) {
    long kept = value & masks[index];
    return rwIsOne && index == SystemRegisters.HCR_EL2 ? kept | HCR_RW : kept;
  }

  /**
   * The bits of PSTATE, in the layout of SPSR_EL2, that belong to features. Where nobody has said
   * what the PE is, it has those that came early.
   */
  long pstate(SystemRegisters system) {
    if (!known) {
      long early = Pstate.SSBS | Pstate.PAN | Pstate.UAO | Pstate.DIT;
      return early | (OptionalFeature.FEAT_NMI.isIn(system) ? Pstate.ALLINT : 0);
    }
    return pstate;
  }

  private static long pstateOf(SystemRegisters system) {
    return (OptionalFeature.FEAT_SSBS.isIn(system) ? Pstate.SSBS : 0)
        | (OptionalFeature.FEAT_PAN.isIn(system) ? Pstate.PAN : 0)
        | (OptionalFeature.FEAT_UAO.isIn(system) ? Pstate.UAO : 0)
        | (OptionalFeature.FEAT_DIT.isIn(system) ? Pstate.DIT : 0)
        | (OptionalFeature.FEAT_NMI.isIn(system) ? Pstate.ALLINT : 0);
  }

  /** Bits that belong to features the PE lacks, in every layout that gives them a meaning. */
  private static long missing(Register register, SystemRegisters system) {
    long missing = 0;
    long present = 0;
    for (Layout layout : register.form().layouts()) {
      for (Field field : layout.fields()) {
        String feature = field.feature().orElse(null);
        boolean lacks =
            feature != null
                && !RES1_WITHOUT.contains(field.name())
                && !OptionalFeature.isIn(feature, system);
        if (lacks) {
          missing |= field.mask();
        } else if (!(field.kind() instanceof FieldKind.Unassigned)) {
          present |= field.mask();
        }
      }
    }
    return missing & ~present;
  }
}
