package dev.stagewalk.hyp;

import java.util.List;
import java.util.Optional;

/** Splitting a block and merging what is below a table, each with break-before-make. */
final class Stage2Resize {
  private static final int LAST_LEVEL = 3;

  private final Stage2Tables tables;

  Stage2Resize(Stage2Tables tables) {
    this.tables = tables;
  }

  /** Replaces the block that translates an IPA by a table of the next level's entries. */
  Result split(long ipa) {
    List<Stage2Leaf> leaves = LeafSweep.of(tables, ipa, ipa + 1);
    if (leaves.isEmpty()) {
      return Result.refused("nothing maps " + Words.address(ipa));
    }
    Stage2Leaf block = leaves.getFirst();
    if (block.level() == LAST_LEVEL) {
      return Result.refused(
          Words.address(ipa) + " is mapped by a page, and nothing is smaller than that");
    }
    if (!tables.reserve(1)) {
      return Result.refused("out of memory for the table of the next level");
    }
    new BlockSplit(tables).split(block.slot(), block.level(), block.ipa(), BlockSplit.Cut.ONCE);
    tables.publish();
    return new Result.Changed(1);
  }

  /** Replaces a table by one block, if everything below it maps what the block would. */
  Result merge(long ipa, int level) {
    if (!tables.shape.blocks()) {
      return Result.refused("this stage 2 was made without blocks");
    }
    if (!tables.shape.blockLevel(level) || level < tables.shape.rootLevel()) {
      return Result.refused("there is no block at level " + level + " here");
    }
    long size = 1L << tables.shape.shift(level);
    long start = ipa & -size;
    if (tables.logs(start, start + size)) {
      return Result.refused("writes to it are logged page by page");
    }
    Optional<Stage2Leaf> table = tableAt(start, level);
    if (table.isEmpty()) {
      return Result.refused(
          "no table of level " + (level + 1) + " translates " + Words.address(start));
    }
    List<Stage2Leaf> leaves = LeafSweep.of(tables, start, start + size);
    Optional<String> wrong = whyNotOne(leaves, start, size);
    if (wrong.isPresent()) {
      return Result.refused(wrong.get());
    }
    Stage2Leaf first = leaves.getFirst();
    long output = tables.output(first.level(), first.descriptor());
    long slot = table.get().slot();
    tables.breakEntry(slot);
    tables.store(slot, tables.leafOf(level, output, tables.attributes(first.descriptor())));
    tables.publish();
    tables.freeSubtree(tables.address(table.get().descriptor()), level + 1);
    return new Result.Changed(leaves.size());
  }

  /** The table descriptor of a level on the way to an IPA. */
  private Optional<Stage2Leaf> tableAt(long ipa, int wanted) {
    long table = tables.pgd;
    for (int level = tables.shape.rootLevel(); ; level++) {
      long slot = tables.slot(table, level, ipa);
      long descriptor = tables.read(slot);
      if (!tables.table(level, descriptor)) {
        return Optional.empty();
      }
      if (level == wanted) {
        long size = 1L << tables.shape.shift(level);
        return Optional.of(new Stage2Leaf(slot, level, ipa, size, descriptor));
      }
      table = tables.address(descriptor);
    }
  }

  private Optional<String> whyNotOne(List<Stage2Leaf> leaves, long start, long size) {
    long expected = start;
    for (Stage2Leaf leaf : leaves) {
      if (leaf.ipa() != expected) {
        break;
      }
      expected += leaf.size();
    }
    if (expected != start + size) {
      return Optional.of("nothing maps " + Words.address(expected));
    }
    Stage2Leaf first = leaves.getFirst();
    long output = tables.output(first.level(), first.descriptor());
    if ((output & size - 1) != 0) {
      return Optional.of(
          "its first output address "
              + Words.address(output)
              + " is not a multiple of "
              + Words.size(size));
    }
    long attributes = tables.attributes(first.descriptor());
    for (Stage2Leaf leaf : leaves) {
      long own = tables.output(leaf.level(), leaf.descriptor());
      if (own != output + leaf.ipa() - start) {
        return Optional.of(
            Words.address(leaf.ipa())
                + " is mapped to "
                + Words.address(own)
                + ", which does not follow on what is before it");
      }
      if (tables.attributes(leaf.descriptor()) != attributes) {
        return Optional.of(
            Words.address(leaf.ipa())
                + " has other attributes ("
                + MapFlags.words(leaf.descriptor())
                + ") than "
                + Words.address(start)
                + " ("
                + MapFlags.words(first.descriptor())
                + ")");
      }
    }
    return Optional.empty();
  }
}
