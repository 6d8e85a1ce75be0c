package dev.stagewalk.cpu;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Tlb;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the System registers of a PE mean for translation: the regime in use, and the parameters of
 * both stages, decoded anew only when a register they depend on has another value.
 *
 * <p>Source: Arm ARM, "Translation regimes"; HCR_EL2, Hypervisor Configuration Register.
 */
final class TranslationControls {
  private static final int TCR_EL1 = SystemRegisters.index("TCR_EL1");
  private static final int TTBR0_EL1 = SystemRegisters.index("TTBR0_EL1");
  private static final int TTBR1_EL1 = SystemRegisters.index("TTBR1_EL1");
  private static final int MAIR_EL1 = SystemRegisters.index("MAIR_EL1");
  private static final int TCR_EL2 = SystemRegisters.index("TCR_EL2");
  private static final int TTBR0_EL2 = SystemRegisters.index("TTBR0_EL2");
  private static final int TTBR1_EL2 = SystemRegisters.index("TTBR1_EL2");
  private static final int MAIR_EL2 = SystemRegisters.index("MAIR_EL2");
  private static final long SCTLR_M = 1L;

  /** Registers whose change may change what an address translates to. */
  private static final BitSet REGISTERS = new BitSet();

  static {
    for (String name :
        List.of(
            "HCR_EL2",
            "HCRX_EL2",
            "VTCR_EL2",
            "VTTBR_EL2",
            "SCTLR_EL1",
            "SCTLR_EL2",
            "TCR_EL1",
            "TTBR0_EL1",
            "TTBR1_EL1",
            "MAIR_EL1",
            "TCR_EL2",
            "TTBR0_EL2",
            "TTBR1_EL2",
            "MAIR_EL2")) {
      REGISTERS.set(SystemRegisters.index(name));
    }
  }

  private final Pe pe;
  private final Features features;
  private final Tlb tlb;

  /** What the parameters were decoded with; another kind of TLB may bring another. */
  private Policy policy;

  private final @Nullable Stage1Parameters[] first = new Stage1Parameters[Regime.values().length];
  private final boolean[] firstIsCurrent = new boolean[first.length];
  private @Nullable Stage2Parameters second;
  private boolean secondIsCurrent;
  private boolean regimeIsCurrent;
  private Regime regime = Regime.EL2;
  private boolean stage1On;

  TranslationControls(Pe pe, Features features, Tlb tlb) {
    this.pe = pe;
    this.features = features;
    this.tlb = tlb;
    this.policy = tlb.policy();
  }

  /** Whether translation may depend on a System register. */
  static boolean dependOn(int register) {
    return REGISTERS.get(register);
  }

  /** PSTATE or the exception level has changed. */
  void contextChanged() {
    regimeIsCurrent = false;
  }

  /** A register that matters here may have changed. */
  void registersChanged() {
    if (policy != tlb.policy()) {
      policy = tlb.policy();
      second = null;
      Arrays.fill(first, null);
    }
    regimeIsCurrent = false;
    secondIsCurrent = false;
    Arrays.fill(firstIsCurrent, false);
  }

  /** The regime of the PE's own accesses. */
  Regime regime() {
    if (!regimeIsCurrent) {
      SystemRegisters system = pe.system;
      boolean e2h = system.hcr(SystemRegisters.HCR_E2H);
      boolean tge = system.hcr(SystemRegisters.HCR_TGE);
      if (pe.el() == 2) {
        regime = e2h ? Regime.EL2_0 : Regime.EL2;
      } else {
        regime = pe.el() == 0 && e2h && tge ? Regime.EL2_0 : Regime.EL1_0;
      }
      stage1On = isStage1On(regime);
      regimeIsCurrent = true;
    }
    return regime;
  }

  /** Whether stage 1 of a regime is on. */
  boolean stage1On(Regime of) {
    return of == regime() ? stage1On : isStage1On(of);
  }

  private boolean isStage1On(Regime of) {
    boolean overruled =
        of == Regime.EL1_0
            && (pe.system.hcr(SystemRegisters.HCR_TGE) || pe.system.hcr(SystemRegisters.HCR_DC));
    return (sctlr(of) & SCTLR_M) != 0 && !overruled;
  }

  /** SCTLR_ELx of a regime. */
  long sctlr(Regime of) {
    return pe.system.get(
        of == Regime.EL1_0 ? SystemRegisters.SCTLR_EL1 : SystemRegisters.SCTLR_EL2);
  }

  /** The regime that software at EL1, or the host at EL2 in its stead, means by EL1 and EL0. */
  Regime regimeOfEl1() {
    boolean host =
        pe.el() == 2
            && pe.system.hcr(SystemRegisters.HCR_E2H)
            && pe.system.hcr(SystemRegisters.HCR_TGE);
    return host ? Regime.EL2_0 : Regime.EL1_0;
  }

  Stage1Parameters first() {
    return first(regime());
  }

  Stage1Parameters first(Regime of) {
    int i = of.ordinal();
    Stage1Parameters now = first[i];
    if (now == null || !firstIsCurrent[i]) {
      Stage1Registers registers = registers(of);
      if (now == null || !now.registers().equals(registers)) {
        now = Stage1Parameters.decode(registers, features, policy);
        first[i] = now;
      }
      firstIsCurrent[i] = true;
    }
    return now;
  }

  private Stage1Registers registers(Regime of) {
    boolean el1 = of == Regime.EL1_0;
    SystemRegisters system = pe.system;
    return new Stage1Registers(
        of,
        sctlr(of),
        system.get(el1 ? TCR_EL1 : TCR_EL2),
        system.get(el1 ? TTBR0_EL1 : TTBR0_EL2),
        system.get(el1 ? TTBR1_EL1 : TTBR1_EL2),
        system.get(el1 ? MAIR_EL1 : MAIR_EL2),
        system.get(SystemRegisters.HCR_EL2));
  }

  /** Stage 2 of EL1&amp;0. */
  Stage2Parameters second() {
    Stage2Parameters now = second;
    if (now == null || !secondIsCurrent) {
      long vtcr = pe.system.get(SystemRegisters.VTCR_EL2);
      long vttbr = pe.system.get(SystemRegisters.VTTBR_EL2);
      long hcr = pe.system.get(SystemRegisters.HCR_EL2);
      if (now == null || now.vtcr() != vtcr || now.vttbr() != vttbr || now.hcr() != hcr) {
        now = Stage2Parameters.decode(vtcr, vttbr, hcr, features, policy);
        second = now;
      }
      secondIsCurrent = true;
    }
    return now;
  }
}
