package dev.stagewalk.mmu;

import java.util.function.Consumer;

/**
 * Folds leaves that follow each other in IPA and PA, of one level and with the same attributes,
 * into ranges. Leaves come in order of IPA; each range is passed on when it is complete, so that
 * tables of any size are folded in little memory.
 */
public final class RangeFolder implements TableSweep.Visitor {
  private final TableShape shape;
  private final Consumer<TableScan.Range> ranges;
  private final long mask;
  private long total;
  private long count;
  private long ipa;
  private long pa;
  private long bytes;
  private int level;
  private long leaf;

  /**
   * @param ranges gets each range, in order of IPA
   */
  public RangeFolder(Stage2Parameters parameters, Consumer<TableScan.Range> ranges) {
    this(TableShape.of(parameters), ranges);
  }

  /** Of the tables of either stage. */
  public RangeFolder(TableShape shape, Consumer<TableScan.Range> ranges) {
    this.shape = shape;
    this.ranges = ranges;
    // Descriptor bits that are no address: equal in all leaves of a range.
    this.mask = (shape.format().ds() ? 0xcff : 0xfff) | 0xfffc_0000_0000_0000L;
  }

  @Override
  public void leaf(long nextIpa, int nextLevel, long nextPa, long descriptor) {
    total++;
    long size = 1L << shape.granule().levelShift(nextLevel);
    if (count > 0
        && nextLevel == level
        && nextIpa == ipa + bytes
        && nextPa == pa + bytes
        && sameAttributes(descriptor, leaf)) {
      bytes += size;
      count++;
      return;
    }
    finish();
    ipa = nextIpa;
    pa = nextPa;
    bytes = size;
    level = nextLevel;
    leaf = descriptor;
    count = 1;
  }

  /** Whether two leaves of one level differ in nothing but their addresses. */
  public boolean sameAttributes(long one, long other) {
    return ((one ^ other) & mask) == 0;
  }

  /** Passes the last range on, once there are no more leaves. */
  public void finish() {
    if (count > 0) {
      ranges.accept(new TableScan.Range(ipa, pa, bytes, level, leaf, count));
      count = 0;
    }
  }

  /** Leaves seen so far. */
  public long leaves() {
    return total;
  }
}
