package dev.stagewalk.check;

import dev.stagewalk.mmu.EntryFormat;

/**
 * A translation table as part of a tree.
 *
 * @param tree the tree
 * @param base physical address of its first descriptor
 * @param entries descriptors in it; of concatenated ones at a root, all
 * @param level level of lookup, −1 to 3
 * @param input first input address it covers
 * @param parent physical address of the descriptor that names it; −1 for a root
 */
record TableUse(Tree tree, long base, int entries, int level, long input, long parent) {
  boolean contains(long at) {
    return at - base >= 0 && at - base < 8L * entries;
  }

  EntryFormat format() {
    return tree.format(level);
  }

  EntryPlace place(long at) {
    long index = (at - base) / 8;
    int shift = format().shift();
    return new EntryPlace(
        tree.stage(),
        tree.regime(),
        tree.vmid(),
        tree.asid(),
        level,
        input + (index << shift),
        1L << shift,
        at,
        base);
  }
}
