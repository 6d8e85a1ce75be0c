package dev.stagewalk.cpu;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.mmu.Invalidation;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * The TLBI instructions, whoever executes them.
 *
 * <p>Source: Arm ARM, "TLB maintenance instructions".
 */
public final class TlbMaintenance {
  private static final int ID_AA64ISAR0 = SystemRegisters.index("ID_AA64ISAR0_EL1");
  private static final int ID_AA64ISAR1 = SystemRegisters.index("ID_AA64ISAR1_EL1");
  private static final int ID_AA64MMFR2 = SystemRegisters.index("ID_AA64MMFR2_EL1");
  private static final long HCR_FB = 1L << 9;
  private static final long VTCR_DS = 1L << 32;

  private TlbMaintenance() {}

  /**
   * Whether a PE has an instruction of the TLBI space. ID_AA64ISAR0_EL1.TLB: 1 for the Outer
   * Shareable forms, 2 for those of ranges too; ID_AA64ISAR1_EL1.XS for those with nXS.
   */
  static boolean has(Pe pe, int op1, int crm, int op2, boolean nxs) {
    TlbiScope what = decode(pe, op1, crm, op2, 0, nxs);
    if (what == null) {
      return false;
    }
    boolean range = Invalidation.isRange(op1, crm, op2);
    int needed = range ? 2 : what.domain() == Domain.OUTER_SHAREABLE ? 1 : 0;
    return field(pe, ID_AA64ISAR0, 56) >= needed && (!nxs || field(pe, ID_AA64ISAR1, 56) != 0);
  }

  /** Does what an A64 instruction names that the PE has. EL0 and traps are out of the way. */
  static void execute(Pe pe, int op1, int crm, int op2, long operand, boolean nxs) {
    TlbiScope what = decode(pe, op1, crm, op2, operand, nxs);
    if (what == null) {
      throw pe.undefined();
    }
    perform(
        pe,
        pe.el() == 1 && Barriers.actsAsNxs(pe) ? what.asNxs() : what,
        new Instruction(pe.instructionAddress, pe.el()));
  }

  /**
   * Does what an instruction would do that hypervisor code in Java executes at EL2.
   *
   * @throws IllegalArgumentException if there is no such instruction
   */
  public static void byHost(Pe pe, int op1, int crm, int op2, long operand) {
    TlbiScope what = decode(pe, op1, crm, op2, operand, false);
    if (what == null) {
      throw new IllegalArgumentException("no TLBI: " + op1 + ", C8, C" + crm + ", " + op2);
    }
    perform(pe, what, null);
  }

  private static void perform(Pe pe, TlbiScope issued, @Nullable Instruction by) {
    boolean ofHypervisor = by == null || by.el() == 2;
    Interference.Change change = ofHypervisor ? pe.wiring().interference().takeTlbi() : null;
    TlbiScope what = issued;
    if (change != null) {
      what = Interference.changed(issued, change);
      pe.report(
          new SimEvent.Withheld("TLBI " + issued.title(), Interference.words(issued, change), by));
      if (change instanceof Interference.Change.Withhold) {
        return;
      }
    }
    int removed = pe.memory().tlb().invalidate(pe.id(), what);
    pe.memory().sync();
    pe.report(new SimEvent.TlbInvalidated(what, removed, by));
  }

  /** What an instruction names as the registers of a PE are now; null if it is not defined. */
  private static @Nullable TlbiScope decode(
      Pe pe, int op1, int crm, int op2, long operand, boolean nxs) {
    TranslationControls controls = pe.memory().translator().controls();
    Regime ofEl1 = controls.regimeOfEl1();
    boolean e2h = pe.system.hcr(SystemRegisters.HCR_E2H);
    Regime asids = op1 == 0 ? ofEl1 : e2h ? Regime.EL2_0 : Regime.EL2;
    Stage1Parameters first = controls.first(asids);
    Stage2Parameters second = controls.second();
    boolean ipas = op1 == 4 && (crm == 0 || crm == 4);
    return Invalidation.decode(
        op1,
        crm,
        op2,
        operand,
        nxs,
        new Invalidation.Situation(
            ofEl1,
            second.vmid(),
            first.asidBits(),
            e2h,
            ipas ? (second.vtcr() & VTCR_DS) != 0 : first.ds(),
            pe.el() == 1 && pe.system.hcr(HCR_FB),
            field(pe, ID_AA64MMFR2, 48) != 0,
            ipas ? second.features().lpa2() : first.features().stage1().lpa2()));
  }

  private static int field(Pe pe, int register, int shift) {
    return (int) (pe.system.get(register) >>> shift) & 0xf;
  }
}
