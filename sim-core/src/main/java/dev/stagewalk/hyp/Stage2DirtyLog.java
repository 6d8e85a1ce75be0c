package dev.stagewalk.hyp;

import java.util.List;
import java.util.stream.Stream;

/**
 * The log of the pages that a guest writes, as live migration needs it: one range at a time, page
 * by page.
 *
 * <p>A page under the log is marked with a bit for software and loses S2AP[1]. It is dirty once it
 * can be written again: the first write is a Permission fault, which the hypervisor answers with
 * {@link #written}; or, if the hardware manages dirty state, the walker sets S2AP[1] by itself
 * because the page has DBM. So the tables are the log, and it is collected by reading them.
 *
 * <p>Blocks are split first: one write to a block would make all of it dirty.
 *
 * <p>Source: Arm ARM, "Hardware management of the Access flag and dirty state".
 */
final class Stage2DirtyLog {
  private final Stage2Tables tables;

  Stage2DirtyLog(Stage2Tables tables) {
    this.tables = tables;
  }

  /** Puts every writable page of Normal memory in a range under the log, clean. */
  Result start(Stage2Struct struct, long ipa, long size) {
    if (tables.logTo > tables.logFrom) {
      return Result.refused("writes to " + logged() + " are logged already");
    }
    long to = ipa + size;
    BlockSplit.Cut cut = BlockSplit.Cut.toPages(ipa, to);
    List<Stage2Leaf> blocks = writable(ipa, to).stream().filter(leaf -> leaf.level() < 3).toList();
    BlockSplit split = new BlockSplit(tables);
    int needed = blocks.stream().mapToInt(l -> split.tables(l.level(), l.ipa(), cut)).sum();
    if (!tables.reserve(needed)) {
      return Result.refused(
          "out of memory: splitting the blocks into pages needs "
              + Words.count(needed, "more table"));
    }
    struct.setLog(tables.el2, ipa, to);
    blocks.forEach(block -> split.split(block.slot(), block.level(), block.ipa(), cut));
    return new Result.Changed(clean(writable(ipa, to)));
  }

  /** Lets the guest write the page that contains an IPA from now on, and counts it as dirty. */
  Result written(long ipa) {
    List<Stage2Leaf> leaves = LeafSweep.of(tables, ipa, ipa + 1);
    if (leaves.isEmpty() || !leaves.getFirst().has(MapFlags.LOGGED)) {
      return Result.refused("writes to " + Words.address(ipa) + " are not logged");
    }
    Stage2Leaf leaf = leaves.getFirst();
    if (leaf.has(MapFlags.WRITE)) {
      return new Result.Changed(0);
    }
    tables.store(leaf.slot(), leaf.descriptor() | MapFlags.WRITE);
    // An entry without the permission may be held, and would fault again and again.
    tables.invalidate();
    return new Result.Changed(1);
  }

  /** The dirty pages of a range, which are clean afterwards. */
  Result collect(long ipa, long size) {
    long to = ipa + size;
    if (ipa < tables.logFrom || to > tables.logTo) {
      return Result.refused(
          tables.logTo > tables.logFrom
              ? "only writes to " + logged() + " are logged"
              : "no writes are logged");
    }
    List<Stage2Leaf> dirty = logged(ipa, to).filter(leaf -> leaf.has(MapFlags.WRITE)).toList();
    clean(dirty);
    return new Result.Found(dirty.stream().map(leaf -> leaf.mapping(tables)).toList());
  }

  /** Ends the log: every page of it can be written. */
  Result stop(Stage2Struct struct) {
    if (tables.logTo <= tables.logFrom) {
      return Result.refused("no writes are logged");
    }
    List<Stage2Leaf> all = logged(tables.logFrom, tables.logTo).toList();
    struct.setLog(tables.el2, 0, 0);
    boolean forWalkers = false;
    for (Stage2Leaf leaf : all) {
      long rest = leaf.descriptor() & ~(MapFlags.LOGGED | MapFlags.DIRTY_BIT_MODIFIER);
      tables.store(leaf.slot(), rest | MapFlags.WRITE);
      // The mark alone is none of the walker's business.
      forWalkers |= !leaf.has(MapFlags.WRITE) || leaf.has(MapFlags.DIRTY_BIT_MODIFIER);
    }
    if (!all.isEmpty()) {
      tables.settle(forWalkers);
    }
    return new Result.Changed(all.size());
  }

  private int clean(List<Stage2Leaf> pages) {
    long modifier = tables.shape.hardwareDirtyState() ? MapFlags.DIRTY_BIT_MODIFIER : 0;
    for (Stage2Leaf page : pages) {
      long rest = page.descriptor() & ~(MapFlags.WRITE | MapFlags.DIRTY_BIT_MODIFIER);
      tables.store(page.slot(), rest | MapFlags.LOGGED | modifier);
    }
    if (!pages.isEmpty()) {
      tables.invalidate();
    }
    return pages.size();
  }

  private List<Stage2Leaf> writable(long from, long to) {
    return LeafSweep.of(tables, from, to).stream()
        .filter(leaf -> tables.worthLogging(leaf.descriptor()))
        .toList();
  }

  private Stream<Stage2Leaf> logged(long from, long to) {
    return LeafSweep.of(tables, from, to).stream().filter(leaf -> leaf.has(MapFlags.LOGGED));
  }

  private String logged() {
    return Words.address(tables.logFrom) + " to " + Words.address(tables.logTo - 1);
  }
}
