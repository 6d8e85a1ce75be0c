package dev.stagewalk.check;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.HashMap;
import java.util.Map;

/** A machine that runs, seen by a check. */
public final class ObservedMachine implements Observed {
  private static final int MMFR2 = SystemRegisters.index("ID_AA64MMFR2_EL1");
  private static final int TCR_EL1 = SystemRegisters.index("TCR_EL1");
  private static final int TTBR0_EL1 = SystemRegisters.index("TTBR0_EL1");
  private static final int TTBR1_EL1 = SystemRegisters.index("TTBR1_EL1");
  private static final int MAIR_EL1 = SystemRegisters.index("MAIR_EL1");
  private static final int TCR_EL2 = SystemRegisters.index("TCR_EL2");
  private static final int TTBR0_EL2 = SystemRegisters.index("TTBR0_EL2");
  private static final int TTBR1_EL2 = SystemRegisters.index("TTBR1_EL2");
  private static final int MAIR_EL2 = SystemRegisters.index("MAIR_EL2");
  private static final long HCR_E2H = 1L << 34;

  private final Machine machine;
  private final Map<Integer, Stage2Parameters> second = new HashMap<>();
  private final Map<Key, Stage1Parameters> first = new HashMap<>();

  private record Key(int pe, Regime regime) {}

  public ObservedMachine(Machine machine) {
    this.machine = machine;
  }

  private Pe pe(int number) {
    return machine.pes().get(number);
  }

  @Override
  public int el(int pe) {
    return pe(pe).el();
  }

  @Override
  public Stage2Parameters second(int number) {
    Pe pe = pe(number);
    long vtcr = pe.system(SystemRegisters.VTCR_EL2);
    long vttbr = pe.system(SystemRegisters.VTTBR_EL2);
    long hcr = pe.system(SystemRegisters.HCR_EL2);
    Stage2Parameters known = second.get(number);
    Policy policy = machine.tlb().policy();
    if (known == null || known.policy() != policy) {
      known = Stage2Parameters.decode(vtcr, vttbr, hcr, machine.profile().features(), policy);
      second.put(number, known);
    } else if (known.vtcr() != vtcr || known.vttbr() != vttbr || known.hcr() != hcr) {
      known = known.with(vtcr, vttbr, hcr);
      second.put(number, known);
    }
    return known;
  }

  @Override
  public Stage1Parameters first(int number, Regime regime) {
    Pe pe = pe(number);
    boolean el1 = regime == Regime.EL1_0;
    Stage1Registers registers =
        new Stage1Registers(
            regime,
            pe.system(el1 ? SystemRegisters.SCTLR_EL1 : SystemRegisters.SCTLR_EL2),
            pe.system(el1 ? TCR_EL1 : TCR_EL2),
            pe.system(el1 ? TTBR0_EL1 : TTBR0_EL2),
            pe.system(el1 ? TTBR1_EL1 : TTBR1_EL2),
            pe.system(el1 ? MAIR_EL1 : MAIR_EL2),
            pe.system(SystemRegisters.HCR_EL2));
    Key key = new Key(number, regime);
    Stage1Parameters known = first.get(key);
    Policy policy = machine.tlb().policy();
    if (known == null || known.policy() != policy || !known.registers().equals(registers)) {
      known = Stage1Parameters.decode(registers, machine.profile().features(), policy);
      first.put(key, known);
    }
    return known;
  }

  @Override
  public Regime regimeOfEl2(int pe) {
    return (pe(pe).system(SystemRegisters.HCR_EL2) & HCR_E2H) != 0 ? Regime.EL2_0 : Regime.EL2;
  }

  @Override
  public BbmSupport bbm() {
    return BbmSupport.of(machine.pes().getFirst().system(MMFR2));
  }

  @Override
  public boolean levelHints() {
    return (machine.pes().getFirst().system(MMFR2) >>> 48 & 0xf) != 0;
  }

  @Override
  public DescriptorReader descriptors() {
    return pa -> {
      if (!machine.ram().contains(pa, 8)) {
        throw ExternalAbort.ABORT;
      }
      return machine.ram().read(pa, 8);
    };
  }
}
