package dev.stagewalk.views;

import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.session.PeState;
import dev.stagewalk.session.Snapshot;

/** Stage 2 as a snapshot's registers and memory have it. */
public final class Stage2 {
  private Stage2() {}

  /** What VTCR_EL2, VTTBR_EL2 and HCR_EL2 mean now. */
  public static Stage2Parameters parameters(Snapshot snapshot) {
    PeState pe = snapshot.pe();
    return Stage2Parameters.decode(
        register(pe, "VTCR_EL2"),
        register(pe, "VTTBR_EL2"),
        register(pe, "HCR_EL2"),
        features(pe),
        snapshot.scenario().board().tlb().choices());
  }

  /** A register, or 0 where this machine has none of that name. */
  static long register(PeState pe, String name) {
    return pe.registers().systemNames().contains(name) ? pe.system(name) : 0;
  }

  /** Reads descriptors from a snapshot's memory, refusing addresses outside it. */
  public static DescriptorReader reader(MemoryImage memory) {
    return pa -> {
      if (!memory.contains(pa, 8)) {
        throw ExternalAbort.ABORT;
      }
      return memory.read(pa, 8);
    };
  }

  /** What the MMU of a PE implements. */
  static Features features(PeState pe) {
    if (!pe.registers().systemNames().contains("ID_AA64MMFR0_EL1")) {
      return Features.MAX;
    }
    return Features.of(
        pe.system("ID_AA64MMFR0_EL1"),
        register(pe, "ID_AA64MMFR1_EL1"),
        register(pe, "ID_AA64MMFR2_EL1"));
  }
}
