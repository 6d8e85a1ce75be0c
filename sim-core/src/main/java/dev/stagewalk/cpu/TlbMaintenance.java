package dev.stagewalk.cpu;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.Invalidation;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Tlb;

/**
 * The TLBI instructions.
 *
 * <p>Source: Arm ARM, "TLB maintenance instructions".
 */
final class TlbMaintenance {
  private static final int ID_AA64ISAR0 = SystemRegisters.index("ID_AA64ISAR0_EL1");

  private TlbMaintenance() {}

  /** Removes what an instruction names. EL0 and traps are out of the way. */
  static void execute(Pe pe, Tlb tlb, int op1, int crm, int op2, long operand) {
    TranslationControls controls = pe.memory().translator().controls();
    Regime ofEl1 = controls.regimeOfEl1();
    boolean e2h = pe.system.hcr(SystemRegisters.HCR_E2H);
    Regime asids = op1 == 0 ? ofEl1 : e2h ? Regime.EL2_0 : Regime.EL2;
    Stage2Parameters second = controls.second();
    boolean ipas = op1 == 4 && (crm == 0 || crm == 4);
    Invalidation what =
        Invalidation.decode(
            op1,
            crm,
            op2,
            operand,
            new Invalidation.Situation(
                ofEl1,
                second.vmid(),
                controls.first(asids).asidBits(),
                e2h,
                ipas ? second.ds() : controls.first(asids).lower().ds()));
    if (what == null || !has(pe, what, Invalidation.isRange(op1, crm, op2))) {
      throw pe.undefined();
    }
    int removed = tlb.invalidate(entry -> what.covers(pe.id(), entry));
    pe.memory().sync();
    pe.report(new SimEvent.TlbInvalidated(what.operation(), what.vmid(), removed, pe.el() < 2));
  }

  /** ID_AA64ISAR0_EL1.TLB: 1 for the Outer Shareable forms, 2 for those of ranges too. */
  private static boolean has(Pe pe, Invalidation what, boolean range) {
    int field = (int) (pe.system.get(ID_AA64ISAR0) >>> 56) & 0xf;
    int needed = range ? 2 : what.domain() == Invalidation.Domain.OUTER_SHAREABLE ? 1 : 0;
    return field >= needed;
  }
}
