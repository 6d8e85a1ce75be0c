package dev.stagewalk.oracle;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Access.Kind;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Features.HardwareUpdates;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Parameters.OutOfRangeT0sz;
import dev.stagewalk.mmu.TwoStage;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongFunction;

/** The engine's MMU, asked in the words of the rules. */
final class Engine {
  private Engine() {}

  /** The rules' view of a PE of the engine, with the choices the engine makes. */
  static Implementation implementation(Features features, boolean txSzFaults) {
    return new Implementation(
        features.paBits(),
        granules(features.stage1().granules()),
        granules(features.granules()),
        granules(features.stage1().lpa2()),
        granules(features.lpa2()),
        features.smallTables(),
        features.stage1().wideVa(),
        features.hardwareUpdates() != HardwareUpdates.NONE,
        features.hardwareUpdates() == HardwareUpdates.ACCESS_FLAG_AND_DIRTY_STATE,
        features.xnx(),
        features.fwb(),
        features.stage1().hierarchicalDisable(),
        features.stage1().pan(),
        features.stage1().epan(),
        features.stage1().e0pd(),
        choices(txSzFaults));
  }

  private static Choices choices(boolean txSzFaults) {
    return new Choices(txSzFaults, 52, false, 0x44, 1, MemAttrs.NSH, true);
  }

  private static Set<Tgx> granules(Set<Granule> granules) {
    Set<Tgx> named = EnumSet.noneOf(Tgx.class);
    granules.forEach(granule -> named.add(Tgx.valueOf(granule.name())));
    return named;
  }

  static OutOfRangeT0sz policy(Implementation pe) {
    return pe.choices().txSzFaults() ? OutOfRangeT0sz.FAULT : OutOfRangeT0sz.CLAMP;
  }

  static Access access(AccessDescriptor access) {
    Kind kind =
        access.type() == AccessDescriptor.Type.IFETCH
            ? Kind.FETCH
            : access.read() && access.write()
                ? Kind.ATOMIC
                : access.write() ? Kind.WRITE : Kind.READ;
    return new Access(
        kind, kind == Kind.FETCH ? 4 : 8, !access.el0(), access.pan(), access.aligned());
  }

  static DescriptorReader reader(LongFunction<OptionalLong> memory) {
    return pa -> memory.apply(pa).orElseThrow(() -> ExternalAbort.ABORT);
  }

  static Stage2Parameters stage2(Features features, Implementation pe, Controls controls) {
    return Stage2Parameters.decode(
        controls.vtcr(), controls.vttbr(), controls.hcr(), features, policy(pe));
  }

  /** As {@link AddressTranslation#translate}. */
  static Translation translate(
      Features features,
      Implementation pe,
      Controls controls,
      long va,
      AccessDescriptor access,
      boolean outputToo,
      LongFunction<OptionalLong> memory) {
    Regime regime =
        switch (controls.regime()) {
          case EL10 -> Regime.EL1_0;
          case EL2 -> Regime.EL2;
          case EL20 -> Regime.EL2_0;
        };
    Stage1Parameters first =
        Stage1Parameters.decode(
            new Stage1Registers(
                regime,
                controls.sctlr(),
                controls.tcr(),
                controls.ttbr0(),
                controls.ttbr1(),
                controls.mair(),
                controls.hcr()),
            features,
            policy(pe));
    Stage2Parameters second = stage2(features, pe, controls);
    DescriptorReader reader = reader(memory);
    Access wanted = access(access);
    if (access.type() != AccessDescriptor.Type.AT) {
      return TwoStage.translate(first, second, va, wanted, reader);
    }
    return outputToo
        ? TwoStage.probe(first, second, va, wanted, reader)
        : TwoStage.probeStage1(first, second, va, wanted, reader);
  }
}
