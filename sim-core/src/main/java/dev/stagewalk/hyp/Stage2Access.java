package dev.stagewalk.hyp;

import java.util.ArrayList;
import java.util.List;

/**
 * The Access flags of a range: which blocks and pages the guest has touched.
 *
 * <p>A leaf with its flag clear faults at the next access that a TLB does not answer, and no TLB
 * ever holds it; so setting the flag needs no TLBI. Clearing it does before every later access is
 * sure to be seen. Without a TLBI, which the architecture allows, some are missed: fit for a page
 * daemon that wants the age of pages roughly and at little cost.
 *
 * <p>Source: Arm ARM, "The Access flag"; "TLB maintenance".
 */
final class Stage2Access {
  private final Stage2Tables tables;

  Stage2Access(Stage2Tables tables) {
    this.tables = tables;
  }

  /** Those with the flag set; nothing is changed. */
  Result accessed(long ipa, long size) {
    return new Result.Found(mappings(accessedLeaves(ipa, size)));
  }

  /**
   * Clears the flags.
   *
   * @param invalidate whether TLBs forget what they hold
   * @return those that had the flag set
   */
  Result clear(long ipa, long size, boolean invalidate) {
    List<Stage2Leaf> leaves = accessedLeaves(ipa, size);
    for (Stage2Leaf leaf : leaves) {
      tables.store(leaf.slot(), leaf.descriptor() & ~MapFlags.ACCESS_FLAG);
    }
    if (!leaves.isEmpty()) {
      tables.settle(invalidate);
    }
    return new Result.Found(mappings(leaves));
  }

  /** Sets the flag of the leaf that translates an IPA: the answer to an Access flag fault. */
  Result set(long ipa) {
    List<Stage2Leaf> leaves = LeafSweep.of(tables, ipa, ipa + 1);
    if (leaves.isEmpty()) {
      return Result.refused("nothing maps " + Words.address(ipa));
    }
    Stage2Leaf leaf = leaves.getFirst();
    if (leaf.has(MapFlags.ACCESS_FLAG)) {
      return new Result.Changed(0);
    }
    tables.store(leaf.slot(), leaf.descriptor() | MapFlags.ACCESS_FLAG);
    tables.publish();
    return new Result.Changed(1);
  }

  private List<Stage2Leaf> accessedLeaves(long ipa, long size) {
    return LeafSweep.of(tables, ipa, ipa + size).stream()
        .filter(leaf -> leaf.has(MapFlags.ACCESS_FLAG))
        .toList();
  }

  private List<Mapping> mappings(List<Stage2Leaf> leaves) {
    List<Mapping> found = new ArrayList<>();
    leaves.forEach(leaf -> found.add(leaf.mapping(tables)));
    return found;
  }
}
