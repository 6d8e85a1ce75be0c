package dev.stagewalk.session.compare;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.check.Observed;
import dev.stagewalk.check.TableTree;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Translation tables that a register names at a moment.
 *
 * @param inForce whether the stage is on, so that walks use them
 */
record NamedTree(TableTree tree, boolean inForce) {

  /** All of a moment; tables that several PEs have are one. */
  static List<NamedTree> of(Snapshot snapshot) {
    List<NamedTree> found = new ArrayList<>();
    Observed machine = snapshot.checks().observed();
    for (int pe = 0; pe < snapshot.pes().size(); pe++) {
      Stage2Parameters second = machine.second(pe);
      boolean named = second.rootBase() != 0 && second.walkable();
      if (named) {
        add(found, TableTree.of(second, machine.bbm(), machine.descriptors()), second.enabled());
      }
      Stage1Parameters guests = machine.first(pe, Regime.EL1_0);
      // While EL2 has stage 2 off, the guest's tables still lie where it puts them.
      boolean under = second.enabled() || (named && machine.el(pe) == 2);
      addAll(found, guests, under ? second : null, machine);
      addAll(found, machine.first(pe, machine.regimeOfEl2(pe)), null, machine);
    }
    return found;
  }

  private static void addAll(
      List<NamedTree> found,
      Stage1Parameters first,
      @Nullable Stage2Parameters below,
      Observed machine) {
    for (TableTree tree : TableTree.of(first, below, machine.bbm(), machine.descriptors())) {
      if (tree.shape().walkable() && (first.enabled() || tree.shape().rootBase() != 0)) {
        add(found, tree, first.enabled());
      }
    }
  }

  private static void add(List<NamedTree> found, TableTree tree, boolean inForce) {
    NamedTree next = new NamedTree(tree, inForce);
    for (int i = 0; i < found.size(); i++) {
      NamedTree known = found.get(i);
      if (known.isSame(next)) {
        found.set(i, known.inForce ? known : next);
        return;
      }
    }
    found.add(next);
  }

  /** Whether it is the same tree of the same owner at the same place. */
  boolean isSame(NamedTree other) {
    return tree.owner().equals(other.tree.owner()) && tree.shape().equals(other.tree.shape());
  }

  /** Whether it has the same part in translation: stage, regime, range of addresses, VMID. */
  boolean hasPartOf(NamedTree other) {
    return tree.owner().equals(other.tree.owner())
        && (tree.shape().firstInput() != 0) == (other.tree.shape().firstInput() != 0);
  }

  /** The same, which no register names. */
  NamedTree notInForce() {
    return new NamedTree(tree, false);
  }
}
