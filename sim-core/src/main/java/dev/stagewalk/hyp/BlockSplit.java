package dev.stagewalk.hyp;

/** Splits a block into the next level's entries, with break-before-make. */
final class BlockSplit {
  private final Stage2Tables tables;

  BlockSplit(Stage2Tables tables) {
    this.tables = tables;
  }

  /**
   * Replaces a block by a table that maps the same, except for a range that is left invalid. The
   * tables needed must be in the reserve.
   *
   * <p>The new table is complete before the block is broken, so the guest misses its memory for as
   * short as possible.
   *
   * @param slot where the block stands
   * @param start first IPA of the block
   * @param from first IPA to leave out
   * @param to first IPA behind what is left out
   */
  void split(long slot, int level, long start, long from, long to) {
    long table = build(tables.read(slot), level, start, from, to);
    tables.breakEntry(slot);
    tables.store(slot, table | Stage2Tables.PAGE);
  }

  private long build(long leaf, int level, long start, long from, long to) {
    long table = tables.takeTable();
    int below = level + 1;
    long size = 1L << tables.shape.shift(below);
    long attributes = tables.attributes(leaf);
    long output = tables.output(level, leaf);
    for (int i = 0; i < tables.shape.granule().entries(); i++) {
      long ipa = start + i * size;
      long part = tables.leafOf(below, output + i * size, attributes);
      if (from <= ipa && ipa + size <= to) {
        continue;
      }
      boolean cut = from < ipa + size && ipa < to;
      long descriptor = cut ? build(part, below, ipa, from, to) | Stage2Tables.PAGE : part;
      tables.store(table + 8L * i, descriptor);
    }
    return table;
  }
}
