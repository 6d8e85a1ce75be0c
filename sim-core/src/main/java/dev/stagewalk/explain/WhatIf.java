package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Change;
import dev.stagewalk.explain.Explanation.Counterfactual;
import dev.stagewalk.mmu.Stage1Parameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a refused walk would have given if one thing had been otherwise. The answer is the walker's:
 * it walks again over the same descriptors with the change laid over them.
 */
final class WhatIf {
  private WhatIf() {}

  /** Empty where nothing can be computed: other registers by now, or no descriptor to change. */
  static Optional<Counterfactual> of(Scene scene, Translation walk, Translation.Fault fault) {
    if (refusedByTlb(scene, walk, fault)) {
      return withoutTlb(scene, walk);
    }
    if (!walked(fault.kind())) {
      return Optional.empty();
    }
    return Rewalk.of(scene, walk)
        .flatMap(again ->
            fault.stage() == 2
                ? new Stage2WhatIf(scene, again, walk, fault).answer()
                : new Stage1WhatIf(scene, again, walk, fault).answer());
  }

  /** Whether a walk ends in this kind of fault, and not an access after it or the TLB. */
  static boolean walked(FaultKind kind) {
    return switch (kind) {
      case TRANSLATION, ACCESS_FLAG, PERMISSION, ADDRESS_SIZE, EXTERNAL_ON_WALK, ALIGNMENT -> true;
      case EXTERNAL, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE -> false;
    };
  }

  /**
   * A permission or alignment fault without a lookup: the TLB refused, and no walk was made. With
   * stage 1 off there is no entry that could refuse for alignment, nor a lookup.
   */
  static boolean heldByTlb(Scene scene, Translation walk, Translation.Fault fault) {
    return walk.lookups().isEmpty()
        && switch (fault.kind()) {
          case PERMISSION -> true;
          case ALIGNMENT -> fault.stage() == 2 || scene.stage1(regime(walk)).enabled();
          case ADDRESS_SIZE, TRANSLATION, ACCESS_FLAG, EXTERNAL, EXTERNAL_ON_WALK -> false;
          case TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE -> false;
        };
  }

  /** As above, or the descriptor that refuses was held by the TLB and not read. */
  static boolean refusedByTlb(Scene scene, Translation walk, Translation.Fault fault) {
    return heldByTlb(scene, walk, fault)
        || (walked(fault.kind())
            && FaultPlace.of(walk, fault).lookup().filter(Lookup::held).isPresent());
  }

  /** Whose VA it is; EL1&amp;0 also for a walk of stage 2 alone. */
  static Regime regime(Translation walk) {
    return walk.stages() == null ? Regime.EL1_0 : walk.stages().regime();
  }

  /** What the tables say; and if they refuse too, what would have to change in them. */
  private static Optional<Counterfactual> withoutTlb(Scene scene, Translation walk) {
    if (!sameContext(scene, walk)) {
      return Optional.empty();
    }
    Translation now = Rewalk.withTables(scene, walk, scene.reader()).go();
    if (now.outcome() instanceof Translation.Fault left && !now.lookups().isEmpty()) {
      Optional<Counterfactual> changed = of(scene, now, left);
      if (changed.isPresent()) {
        Counterfactual what = changed.get();
        return Optional.of(
            new Counterfactual(
                "The tables refuse it too. " + what.condition(),
                what.changes(),
                what.registers(),
                what.result()));
      }
    }
    return Optional.of(
        new Counterfactual(
            "If the TLB had held no entry, the tables as they stand would have been walked",
            List.of(),
            Map.of(),
            now));
  }

  /** Whether the registers still name the VMID and the ASID of a translation. */
  static boolean sameContext(Scene scene, Translation walk) {
    if (walk.stage() == 2) {
      return scene.stage2().enabled() && walk.vmid() == scene.stage2().vmid();
    }
    Stage1Parameters first = scene.stage1(regime(walk));
    return first.enabled()
        && (walk.vmid() < 0 || walk.vmid() == scene.stage2().vmid())
        && (walk.stages() == null || walk.stages().asid() == first.asid());
  }

  /** The answer with words of memory changed. */
  static Counterfactual changed(String condition, List<Change> changes, Rewalk again) {
    return new Counterfactual(condition, changes, Map.of(), again.over(changes).go());
  }
}
