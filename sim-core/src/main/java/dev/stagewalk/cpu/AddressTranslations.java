package dev.stagewalk.cpu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.ParEl1;

/**
 * The AT instructions.
 *
 * <p>Source: Arm ARM, "Address translation instructions"; PAR_EL1, Physical Address Register.
 */
public final class AddressTranslations {
  private static final int PAR_EL1 = SystemRegisters.index("PAR_EL1");
  private static final int ID_AA64MMFR1 = SystemRegisters.index("ID_AA64MMFR1_EL1");

  /** Within op1 = 0: CRm of S1E1RP and S1E1WP, of FEAT_PAN2. */
  private static final int WITH_PAN = 9;

  private AddressTranslations() {}

  /** Whether an encoding of CRn = 7 is one of these; AT S1E3 is not, as there is no EL3. */
  static boolean isOne(int op1, int crm, int op2) {
    return switch (op1) {
      case 0 -> (crm == 8 && op2 < 4) || (crm == WITH_PAN && op2 < 2);
      case 4 -> crm == 8 && op2 != 2 && op2 != 3;
      default -> false;
    };
  }

  /** Whether a PE has those of a CRm: S1E1RP and S1E1WP came with FEAT_PAN2. */
  static boolean has(Pe pe, int crm) {
    return crm != WITH_PAN || (pe.system.get(ID_AA64MMFR1) >>> 20 & 0xf) >= 2;
  }

  /**
   * Does what AT S1E1R does when hypervisor code in Java executes it at EL2.
   *
   * @return false if it met an External abort, and wrote nothing
   */
  public static boolean stage1ByHost(Pe pe, long va) {
    Translation walk = pe.memory().translator().probe(Regime.EL1_0, false, va, Access.read(1));
    if (walk.outcome() instanceof Translation.Fault fault
        && fault.kind() == FaultKind.EXTERNAL_ON_WALK) {
      return false;
    }
    pe.system.set(PAR_EL1, ParEl1.of(walk));
    return true;
  }

  /** Translates and writes PAR_EL1. EL0 and traps are out of the way. */
  static void execute(Pe pe, int op1, int crm, int op2, long va) {
    Translator translator = pe.memory().translator();
    boolean bothStages = op1 == 4 && op2 >= 4;
    boolean el2 = op1 == 4 && op2 < 2;
    Regime regime =
        bothStages
            ? Regime.EL1_0
            : el2
                ? (pe.system.hcr(SystemRegisters.HCR_E2H) ? Regime.EL2_0 : Regime.EL2)
                : translator.controls().regimeOfEl1();
    boolean privileged = (op2 & 2) == 0;
    boolean pan = crm == WITH_PAN && (pe.pstateBits() & Pstate.PAN) != 0;
    Access.Kind kind = (op2 & 1) != 0 ? Access.Kind.WRITE : Access.Kind.READ;
    Access access = new Access(kind, 1, privileged, pan, true);
    Translation walk = translator.probe(regime, bothStages, va, access);
    if (walk.outcome() instanceof Translation.Fault fault && isTaken(pe, fault)) {
      throw pe.pending.asMaintenance(translator.refused(va, walk, fault));
    }
    pe.system.set(PAR_EL1, ParEl1.of(walk));
  }

  /** Whether the instruction itself aborts, instead of saying in PAR_EL1 that an access would. */
  private static boolean isTaken(Pe pe, Translation.Fault fault) {
    return fault.kind() == FaultKind.EXTERNAL_ON_WALK || (fault.stage() == 2 && pe.el() == 1);
  }
}
