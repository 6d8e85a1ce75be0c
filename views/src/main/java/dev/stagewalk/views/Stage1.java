package dev.stagewalk.views;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.session.PeState;
import dev.stagewalk.session.Snapshot;

/** Stage 1 as a snapshot's registers have it. */
final class Stage1 {
  private Stage1() {}

  /** What SCTLR_ELx, TCR_ELx, TTBRn_ELx and MAIR_ELx of a regime mean now. */
  static Stage1Parameters parameters(Snapshot snapshot, Regime regime) {
    PeState pe = snapshot.pe();
    String el = regime == Regime.EL1_0 ? "_EL1" : "_EL2";
    return Stage1Parameters.decode(
        new Stage1Registers(
            regime,
            Stage2.register(pe, "SCTLR" + el),
            Stage2.register(pe, "TCR" + el),
            Stage2.register(pe, "TTBR0" + el),
            Stage2.register(pe, "TTBR1" + el),
            Stage2.register(pe, "MAIR" + el),
            Stage2.register(pe, "HCR_EL2")),
        Stage2.features(pe),
        snapshot.scenario().board().tlb().choices());
  }
}
