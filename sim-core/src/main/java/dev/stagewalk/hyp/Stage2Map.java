package dev.stagewalk.hyp;

/** One call of {@code s2mmu_map}. */
final class Stage2Map {
  private static final String POSTED_MESSAGE = "Error allocating or existing block conflict.";

  private final Stage2Tables tables;
  private final long flags;
  private final long end;
  private long cursor;
  private long pa;
  private boolean stored;

  Stage2Map(Stage2Tables tables, long ipa, long pa, long size, long flags) {
    this.tables = tables;
    this.flags = flags;
    this.cursor = ipa;
    this.pa = pa;
    this.end = ipa + size;
  }

  Result run() {
    if (!tables.has(Defect.NO_TLBI_ON_ERROR)) {
      Result possible = prepare();
      if (!possible.ok()) {
        return failed(possible);
      }
    }
    while (Long.compareUnsigned(cursor, end) < 0) {
      Result one = mapNext();
      if (!one.ok()) {
        tables.giveBackReserve();
        if (stored && !tables.has(Defect.NO_TLBI_ON_ERROR)) {
          tables.invalidate();
        }
        return failed(one);
      }
    }
    tables.giveBackReserve();
    if (tables.has(Defect.WHOLE_VM_FLUSH)) {
      tables.invalidate();
    } else if (stored) {
      tables.publish();
    }
    return Result.OK;
  }

  /** As posted the function returns nothing, so the caller cannot tell a failure from success. */
  private Result failed(Result refusal) {
    if (tables.has(Defect.CONFLICT_STOP)) {
      tables.el2.print(POSTED_MESSAGE);
    }
    return refusal;
  }

  private boolean blockFits(int level, long ipa, long output) {
    long size = 1L << tables.shape.shift(level);
    return tables.shape.blocks()
        && tables.shape.blockLevel(level)
        && !tables.logs(ipa, ipa + size)
        && ((ipa | output) & size - 1) == 0
        && Long.compareUnsigned(ipa + size, end) <= 0;
  }

  /** Whether a leaf above already maps an IPA to just what is asked for. */
  private boolean agrees(int level, long leaf, long ipa, long output) {
    long offset = ipa & (1L << tables.shape.shift(level)) - 1;
    return tables.output(level, leaf) + offset == output && tables.attributes(leaf) == flags;
  }

  /** Looks the whole range over, without changing anything, and reserves the tables it needs. */
  private Result prepare() {
    TableNeeds needs = new TableNeeds(tables);
    long ipa = cursor;
    long output = pa;
    while (Long.compareUnsigned(ipa, end) < 0) {
      long table = tables.pgd;
      boolean there = true;
      boolean agreed = false;
      int level = tables.shape.rootLevel();
      for (; level < 3 && !blockFits(level, ipa, output); level++) {
        long descriptor = there ? tables.read(tables.slot(table, level, ipa)) : 0;
        if (tables.table(level, descriptor)) {
          table = tables.address(descriptor);
          continue;
        }
        if (tables.leaf(level, descriptor)) {
          if (tables.has(Defect.CONFLICT_STOP)) {
            return Result.refused("a block already maps " + Words.address(ipa));
          }
          agreed = agrees(level, descriptor, ipa, output);
          if (agreed) {
            break;
          }
          addCuts(needs, level, ipa);
        }
        there = false;
        needs.add(level + 1, ipa);
      }
      long size = 1L << tables.shape.shift(level);
      long advance = agreed ? Math.min((ipa & -size) + size, end) - ipa : size;
      ipa += advance;
      output += advance;
    }
    if (!tables.reserve(needs.count()) && !tables.has(Defect.OOM_NULL_TABLE)) {
      return Result.refused(
          "out of memory: the range needs " + Words.count(needs.count(), "more table"));
    }
    return Result.OK;
  }

  private Result mapNext() {
    long table = tables.pgd;
    int level = tables.shape.rootLevel();
    for (; level < 3 && !blockFits(level, cursor, pa); level++) {
      long slot = tables.slot(table, level, cursor);
      long descriptor = tables.read(slot);
      if (tables.leaf(level, descriptor)) {
        if (tables.has(Defect.CONFLICT_STOP)) {
          return Result.refused("a block already maps " + Words.address(cursor));
        }
        if (agrees(level, descriptor, cursor, pa)) {
          long size = 1L << tables.shape.shift(level);
          advance(Math.min((cursor & -size) + size, end) - cursor);
          return Result.OK;
        }
        if (!split(slot, level)) {
          return Result.refused("out of memory for splitting a block");
        }
        descriptor = tables.read(slot);
      }
      if (!tables.table(level, descriptor)) {
        long fresh = tables.takeTable();
        if (fresh == 0 && !tables.has(Defect.OOM_NULL_TABLE)) {
          return Result.refused("out of memory for a table");
        }
        descriptor = fresh | Stage2Tables.PAGE;
        tables.store(slot, descriptor);
        stored = true;
        if (fresh == 0) {
          return Result.refused("out of memory, and a table at address 0 was stored");
        }
      }
      table = tables.address(descriptor);
      if (table == 0) {
        return Result.refused("the table for " + Words.address(cursor) + " is at address 0");
      }
    }
    long output = level == 3 ? pa & -tables.shape.granule().bytes() : pa;
    putLeaf(tables.slot(table, level, cursor), level, tables.leafOf(level, output, flagsHere()));
    advance(1L << tables.shape.shift(level));
    return Result.OK;
  }

  /** What is mapped anew where writes are logged counts as written. */
  private long flagsHere() {
    boolean logged = tables.logs(cursor, cursor + 1) && tables.worthLogging(flags);
    return logged ? flags | MapFlags.LOGGED : flags;
  }

  private void advance(long bytes) {
    cursor += bytes;
    pa += bytes;
  }

  /** The tables that cut a block around what of the range lies in it. */
  private void addCuts(TableNeeds needs, int level, long ipa) {
    long size = 1L << tables.shape.shift(level);
    needs.addCut(level, ipa);
    if (end < (ipa & -size) + size) {
      needs.addCut(level, end);
    }
  }

  private boolean split(long slot, int level) {
    assertInstead("a block already maps " + Words.address(cursor));
    long start = cursor & -(1L << tables.shape.shift(level));
    if (tables.has(Defect.NO_TLBI_ON_ERROR)) {
      TableNeeds needs = new TableNeeds(tables);
      addCuts(needs, level, cursor);
      needs.add(level + 1, cursor);
      if (!tables.reserve(needs.count())) {
        return false;
      }
    }
    new BlockSplit(tables).split(slot, level, start, cursor, end);
    stored = true;
    return true;
  }

  private void putLeaf(long slot, int level, long leaf) {
    long old = tables.read(slot);
    if (tables.table(level, old)) {
      if (!tables.has(Defect.BLOCK_OVER_TABLE)) {
        assertInstead("a table already stands where a block is mapped");
        tables.breakEntry(slot);
        tables.freeSubtree(tables.address(old), level + 1);
      }
    } else if (tables.leaf(level, old) && !tables.has(Defect.REMAP_NO_BBM)) {
      if (old == leaf) {
        return;
      }
      assertInstead("a different valid descriptor already maps " + Words.address(cursor));
      tables.breakEntry(slot);
    }
    tables.store(slot, leaf);
    stored = true;
  }

  private void assertInstead(String what) {
    if (tables.defects.asserts()) {
      throw new HostFault("assertion failed: " + what);
    }
  }
}
