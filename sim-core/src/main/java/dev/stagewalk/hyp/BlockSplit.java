package dev.stagewalk.hyp;

/** Splits a block into the next level's entries, with break-before-make. */
final class BlockSplit {

  /** What becomes of a part of a block that is split. */
  enum Part {
    /** It translates as before. */
    KEPT,
    /** Nothing translates it any more. */
    LEFT_OUT,
    /** It is split in its turn. */
    SPLIT
  }

  /** Decides over the parts of a block. */
  @FunctionalInterface
  interface Cut {
    /**
     * @param level of the entry that translates the part
     * @param ipa first IPA of the part
     * @param end first IPA behind it
     */
    Part at(int level, long ipa, long end);

    /** Into the next level's entries, no further. */
    Cut ONCE = (_, _, _) -> Part.KEPT;

    /** As often as it takes for a leaf to begin and one to end at the ends of a range. */
    static Cut around(long from, long to) {
      return (_, ipa, end) ->
          ipa < from && from < end || ipa < to && to < end ? Part.SPLIT : Part.KEPT;
    }

    /** As {@link #around}, and the range itself is left out. */
    static Cut without(long from, long to) {
      return (_, ipa, end) -> {
        if (from <= ipa && end <= to) {
          return Part.LEFT_OUT;
        }
        return from < end && ipa < to ? Part.SPLIT : Part.KEPT;
      };
    }

    /** Down to pages in a range. */
    static Cut toPages(long from, long to) {
      return (level, ipa, end) -> level < 3 && from < end && ipa < to ? Part.SPLIT : Part.KEPT;
    }
  }

  private final Stage2Tables tables;

  BlockSplit(Stage2Tables tables) {
    this.tables = tables;
  }

  /** Tables that it takes to split a block so. */
  int tables(int level, long start, Cut cut) {
    int below = level + 1;
    long size = 1L << tables.shape.shift(below);
    int count = 1;
    for (int i = 0; i < tables.shape.granule().entries(); i++) {
      long ipa = start + i * size;
      if (cut.at(below, ipa, ipa + size) == Part.SPLIT) {
        count += tables(below, ipa, cut);
      }
    }
    return count;
  }

  /**
   * Replaces a block by a table that maps the same, except for a range that is left invalid. The
   * tables needed must be in the reserve.
   *
   * @param slot where the block stands
   * @param start first IPA of the block
   * @param from first IPA to leave out
   * @param to first IPA behind what is left out
   */
  void split(long slot, int level, long start, long from, long to) {
    split(slot, level, start, Cut.without(from, to));
  }

  /**
   * Replaces a block by a table that maps what the cut keeps. The tables needed must be in the
   * reserve.
   *
   * <p>The new table is complete before the block is broken, so the guest misses its memory for as
   * short as possible.
   */
  void split(long slot, int level, long start, Cut cut) {
    long table = build(tables.read(slot), level, start, cut);
    tables.breakEntry(slot);
    tables.store(slot, table | Stage2Tables.PAGE);
  }

  private long build(long leaf, int level, long start, Cut cut) {
    long table = tables.takeTable();
    int below = level + 1;
    long size = 1L << tables.shape.shift(below);
    long attributes = tables.attributes(leaf);
    long output = tables.output(level, leaf);
    for (int i = 0; i < tables.shape.granule().entries(); i++) {
      long ipa = start + i * size;
      long part = tables.leafOf(below, output + i * size, attributes);
      switch (cut.at(below, ipa, ipa + size)) {
        case KEPT -> tables.store(table + 8L * i, part);
        case LEFT_OUT -> {}
        case SPLIT ->
            tables.store(table + 8L * i, build(part, below, ipa, cut) | Stage2Tables.PAGE);
      }
    }
    return table;
  }
}
