package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Change;
import dev.stagewalk.explain.Explanation.Counterfactual;
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
    if (heldByTlb(walk, fault)) {
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

  /** A permission fault without a lookup: the TLB refused, and no walk was made. */
  static boolean heldByTlb(Translation walk, Translation.Fault fault) {
    return walk.lookups().isEmpty()
        && switch (fault.kind()) {
          case PERMISSION -> true;
          case ADDRESS_SIZE, TRANSLATION, ACCESS_FLAG, EXTERNAL, EXTERNAL_ON_WALK -> false;
          case ALIGNMENT, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE -> false;
        };
  }

  private static Optional<Counterfactual> withoutTlb(Scene scene, Translation walk) {
    Rewalk now = Rewalk.withTables(scene, walk, scene.reader());
    boolean sameMachine =
        walk.stage() == 2
            ? scene.stage2().enabled() && walk.vmid() == scene.stage2().vmid()
            : now.stage1().enabled()
                && (walk.vmid() < 0 || walk.vmid() == scene.stage2().vmid())
                && (walk.stages() == null || walk.stages().asid() == now.stage1().asid());
    return sameMachine
        ? Optional.of(
            new Counterfactual(
                "If the TLB had held no entry, the tables as they stand would have been walked",
                List.of(),
                Map.of(),
                now.go()))
        : Optional.empty();
  }

  /** The answer with words of memory changed. */
  static Counterfactual changed(String condition, List<Change> changes, Rewalk again) {
    return new Counterfactual(condition, changes, Map.of(), again.over(changes).go());
  }
}
