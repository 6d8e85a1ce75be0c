package dev.stagewalk.hyp;

import java.util.ArrayList;
import java.util.List;

/** Every block and page that translates part of a range, in the order of their IPAs. */
final class LeafSweep {
  private final Stage2Tables tables;
  private final long from;
  private final long to;
  private final List<Stage2Leaf> found = new ArrayList<>();

  private LeafSweep(Stage2Tables tables, long from, long to) {
    this.tables = tables;
    this.from = from;
    this.to = to;
  }

  /**
   * Reads the tables; no micro-step.
   *
   * @param from first IPA
   * @param to first IPA behind the range, no more than the root indexes
   */
  static List<Stage2Leaf> of(Stage2Tables tables, long from, long to) {
    LeafSweep sweep = new LeafSweep(tables, from, to);
    if (from < to) {
      sweep.visit(tables.pgd, tables.shape.rootLevel(), 0);
    }
    return sweep.found;
  }

  private void visit(long table, int level, long base) {
    int shift = tables.shape.shift(level);
    int first = (int) Math.max(0, from - base >> shift);
    int last = (int) Math.min(tables.shape.entries(level) - 1, to - 1 - base >> shift);
    for (int i = first; i <= last; i++) {
      long slot = table + 8L * i;
      long descriptor = tables.read(slot);
      long ipa = base + ((long) i << shift);
      if (tables.table(level, descriptor)) {
        visit(tables.address(descriptor), level + 1, ipa);
      } else if (tables.leaf(level, descriptor)) {
        found.add(new Stage2Leaf(slot, level, ipa, 1L << shift, descriptor));
      }
    }
  }
}
