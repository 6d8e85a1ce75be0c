package dev.stagewalk.hyp;

import java.util.ArrayList;
import java.util.List;

/** One call of {@code s2mmu_unmap}. */
final class Stage2Unmap {
  private final Stage2Tables tables;
  private final long from;
  private final long to;
  private final List<Detached> detached = new ArrayList<>();
  private boolean changed;

  /** A table that no entry names any more. */
  private record Detached(long table, int level) {}

  Stage2Unmap(Stage2Tables tables, long ipa, long size) {
    this.tables = tables;
    this.from = ipa;
    this.to = ipa + size;
  }

  Result run() {
    if (!tables.has(Defect.PARTIAL_LEAF_KEPT)) {
      if (tables.defects.asserts() && (cutsLeaf(from) || cutsLeaf(to))) {
        throw new HostFault("assertion failed: the range covers only part of a block or page");
      }
      TableNeeds needs = new TableNeeds(tables);
      needs.addCutAt(from);
      needs.addCutAt(to);
      if (!tables.reserve(needs.count())) {
        return Result.refused(
            "out of memory: cutting the blocks at the ends of the range needs "
                + Words.count(needs.count(), "more table"));
      }
    }
    clear(tables.pgd, tables.shape.rootLevel(), 0);
    tables.giveBackReserve();
    if (changed || tables.has(Defect.WHOLE_VM_FLUSH)) {
      tables.invalidate();
    }
    for (Detached table : detached) {
      tables.freeSubtree(table.table(), table.level());
    }
    return Result.OK;
  }

  private boolean cutsLeaf(long ipa) {
    return tables.find(ipa).filter(mapping -> (ipa & mapping.size() - 1) != 0).isPresent();
  }

  private void clear(long table, int level, long base) {
    int shift = tables.shape.shift(level);
    int first = 0;
    int last = tables.shape.entries(level) - 1;
    if (!tables.has(Defect.WHOLE_VM_FLUSH)) {
      first = (int) Math.max(0, from - base >> shift);
      last = (int) Math.min(last, to - 1 - base >> shift);
    }
    for (int i = first; i <= last; i++) {
      long start = base + ((long) i << shift);
      long end = start + (1L << shift);
      if (Long.compareUnsigned(end, from) <= 0 || Long.compareUnsigned(start, to) >= 0) {
        continue;
      }
      long slot = table + 8L * i;
      long descriptor = tables.read(slot);
      boolean whole = Long.compareUnsigned(start, from) >= 0 && Long.compareUnsigned(end, to) <= 0;
      if (tables.table(level, descriptor)) {
        long child = tables.address(descriptor);
        if (!whole) {
          clear(child, level + 1, start);
          if (!tables.empty(child)) {
            continue;
          }
        }
        detach(slot, child, level + 1);
      } else if (tables.leaf(level, descriptor)) {
        if (whole) {
          tables.store(slot, 0);
          changed = true;
        } else if (!tables.has(Defect.PARTIAL_LEAF_KEPT)) {
          new BlockSplit(tables).split(slot, level, start, from, to);
          changed = true;
        }
      }
    }
  }

  private void detach(long slot, long table, int level) {
    if (tables.has(Defect.FREED_BEFORE_TLBI)) {
      tables.freeSubtree(table, level);
    } else {
      detached.add(new Detached(table, level));
    }
    tables.store(slot, 0);
    changed = true;
  }
}
