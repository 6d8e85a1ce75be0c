package dev.stagewalk.session;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.check.Observed;
import dev.stagewalk.cpu.RegisterFile;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A moment that stands still, seen by a check. Any thread may ask. */
final class ObservedSnapshot implements Observed {
  private static final long HCR_E2H = 1L << 34;

  private final List<PeState> pes;
  private final MemoryImage memory;
  private final Policy policy;
  private final Map<Integer, Stage2Parameters> second = new HashMap<>();
  private final Map<Key, Stage1Parameters> first = new HashMap<>();

  private record Key(int pe, Regime regime) {}

  /**
   * @param policy what the machine chose where the architecture leaves the choice
   */
  ObservedSnapshot(List<PeState> pes, MemoryImage memory, Policy policy) {
    this.pes = pes;
    this.memory = memory;
    this.policy = policy;
  }

  private RegisterFile registers(int pe) {
    return pes.get(pe).registers();
  }

  /** A register, or 0 where the machine has none of that name. */
  private long register(int pe, String name) {
    RegisterFile registers = registers(pe);
    return registers.systemNames().contains(name) ? registers.system(name) : 0;
  }

  @Override
  public int el(int pe) {
    return pes.get(pe).el();
  }

  @Override
  public synchronized Stage2Parameters second(int pe) {
    return second.computeIfAbsent(pe, this::decodeSecond);
  }

  private Stage2Parameters decodeSecond(int pe) {
    return Stage2Parameters.decode(
        register(pe, "VTCR_EL2"),
        register(pe, "VTTBR_EL2"),
        register(pe, "HCR_EL2"),
        Scenes.features(registers(pe)),
        policy);
  }

  @Override
  public synchronized Stage1Parameters first(int pe, Regime regime) {
    return first.computeIfAbsent(new Key(pe, regime), _ -> decodeFirst(pe, regime));
  }

  private Stage1Parameters decodeFirst(int pe, Regime regime) {
    String el = regime == Regime.EL1_0 ? "_EL1" : "_EL2";
    return Stage1Parameters.decode(
        new Stage1Registers(
            regime,
            register(pe, "SCTLR" + el),
            register(pe, "TCR" + el),
            register(pe, "TTBR0" + el),
            register(pe, "TTBR1" + el),
            register(pe, "MAIR" + el),
            register(pe, "HCR_EL2")),
        Scenes.features(registers(pe)),
        policy);
  }

  @Override
  public Regime regimeOfEl2(int pe) {
    return (register(pe, "HCR_EL2") & HCR_E2H) != 0 ? Regime.EL2_0 : Regime.EL2;
  }

  @Override
  public BbmSupport bbm() {
    return BbmSupport.of(register(0, "ID_AA64MMFR2_EL1"));
  }

  @Override
  public boolean levelHints() {
    return (register(0, "ID_AA64MMFR2_EL1") >>> 48 & 0xf) != 0;
  }

  @Override
  public DescriptorReader descriptors() {
    return pa -> {
      if (!memory.contains(pa, 8)) {
        throw ExternalAbort.ABORT;
      }
      return memory.read(pa, 8);
    };
  }
}
