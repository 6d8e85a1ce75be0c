package dev.stagewalk.hyp;

import java.util.HashSet;
import java.util.Set;

/**
 * Which tables a change will need that are not there yet, found by looking only. A table is named
 * by its level and by the input addresses it covers, so one that is needed twice counts once.
 */
final class TableNeeds {
  private final Stage2Tables tables;
  private final Set<Place> places = new HashSet<>();

  private record Place(int level, long prefix) {}

  TableNeeds(Stage2Tables tables) {
    this.tables = tables;
  }

  int count() {
    return places.size();
  }

  /** A table of a level that covers an IPA. */
  void add(int level, long ipa) {
    places.add(new Place(level, ipa >>> tables.shape.shift(level - 1)));
  }

  /** The tables that cut a block of a level at an IPA inside it. */
  void addCut(int blockLevel, long ipa) {
    for (int level = blockLevel; (ipa & (1L << tables.shape.shift(level)) - 1) != 0; level++) {
      add(level + 1, ipa);
    }
  }

  /** The tables that cut the block that now covers an IPA; none if a block begins there. */
  void addCutAt(long ipa) {
    if (ipa >>> tables.shape.rootReach() != 0) {
      return;
    }
    long table = tables.pgd;
    for (int level = tables.shape.rootLevel(); level < 3; level++) {
      long descriptor = tables.read(tables.slot(table, level, ipa));
      if (tables.leaf(level, descriptor)) {
        addCut(level, ipa);
        return;
      }
      if (!tables.table(level, descriptor)) {
        return;
      }
      table = tables.address(descriptor);
    }
  }
}
