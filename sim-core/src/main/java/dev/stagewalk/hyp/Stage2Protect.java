package dev.stagewalk.hyp;

import java.util.List;

/**
 * One call of {@code s2mmu_protect}.
 *
 * <p>A leaf whose permissions alone change may change in place. Whether they become more or fewer,
 * the TLBI comes after: until it has completed an entry with the old ones may still answer, be it
 * with a permission that was taken away or with a Permission fault that should no longer be.
 *
 * <p>Source: Arm ARM, "Using break-before-make when updating translation table entries"; "TLB
 * maintenance".
 */
final class Stage2Protect {
  private final Stage2Tables tables;
  private final long from;
  private final long to;
  private final long permissions;

  Stage2Protect(Stage2Tables tables, long ipa, long size, long permissions) {
    this.tables = tables;
    this.from = ipa;
    this.to = ipa + size;
    this.permissions = permissions;
  }

  Result run() {
    List<Stage2Leaf> leaves = LeafSweep.of(tables, from, to);
    if (leaves.isEmpty()) {
      return Result.refused("nothing is mapped in the range");
    }
    BlockSplit.Cut cut = BlockSplit.Cut.around(from, to);
    List<Stage2Leaf> partial =
        leaves.stream().filter(leaf -> differs(leaf) && !leaf.inside(from, to)).toList();
    BlockSplit split = new BlockSplit(tables);
    int needed = partial.stream().mapToInt(l -> split.tables(l.level(), l.ipa(), cut)).sum();
    if (!tables.reserve(needed)) {
      return Result.refused(
          "out of memory: splitting the blocks at the ends of the range needs "
              + Words.count(needed, "more table"));
    }
    partial.forEach(leaf -> split.split(leaf.slot(), leaf.level(), leaf.ipa(), cut));
    return change();
  }

  private Result change() {
    int changed = 0;
    for (Stage2Leaf leaf : LeafSweep.of(tables, from, to)) {
      if (differs(leaf)) {
        tables.store(leaf.slot(), leaf.descriptor() & ~MapFlags.PERMISSIONS | permissions);
        changed++;
      }
    }
    if (changed > 0) {
      // Also where the Access flag is clear: it may have been cleared without a TLBI.
      tables.invalidate();
    }
    return new Result.Changed(changed);
  }

  private boolean differs(Stage2Leaf leaf) {
    return (leaf.descriptor() & MapFlags.PERMISSIONS) != permissions;
  }
}
