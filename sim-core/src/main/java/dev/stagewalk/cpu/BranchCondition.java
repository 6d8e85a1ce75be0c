package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;
import java.util.Map;
import java.util.Objects;

/** Whether a branch to an address known at decode is taken now. */
@FunctionalInterface
interface BranchCondition {
  Map<String, BranchCondition> CONDITIONAL =
      Map.of(
          "b_cond", Arithmetic::holds,
          "cbz", Branches::isZero,
          "cbnz", Branches::isNotZero,
          "tbz", Branches::isBitClear,
          "tbnz", Branches::isBitSet);

  boolean holds(Pe pe, Op op);

  /** Of a conditional branch. */
  static BranchCondition of(Op op) {
    return Objects.requireNonNull(CONDITIONAL.get(op.row().semantics()));
  }

  static boolean isConditional(Op op) {
    return CONDITIONAL.containsKey(op.row().semantics());
  }

  static boolean isAlwaysTaken(Op op) {
    return op.row().semantics().equals("b") || op.row().semantics().equals("bl");
  }

  static boolean isBranch(Op op) {
    return isConditional(op) || isAlwaysTaken(op);
  }
}
