package dev.stagewalk.check;

import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.EntryFormat;
import dev.stagewalk.mmu.ExternalAbort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Which pages of memory hold translation tables, and of which trees. */
final class TableIndex {
  /** Tables of one tree that are followed; a table that names itself has no end. */
  static final int MOST_TABLES = 1 << 14;

  private static final int PAGE_SHIFT = 12;

  private final Map<Long, List<TableUse>> byPage = new HashMap<>();

  /** By the page of the descriptor that names it. */
  private final Map<Long, List<TableUse>> byParent = new HashMap<>();

  /** The tables that have a descriptor at a physical address. */
  List<TableUse> at(long pa) {
    List<TableUse> found = new ArrayList<>();
    for (TableUse use : byPage.getOrDefault(pa >>> PAGE_SHIFT, List.of())) {
      if (use.contains(pa)) {
        found.add(use);
      }
    }
    return found;
  }

  /** The tables that begin at a physical address. */
  List<TableUse> beginningAt(long pa) {
    List<TableUse> found = new ArrayList<>();
    for (TableUse use : byPage.getOrDefault(pa >>> PAGE_SHIFT, List.of())) {
      if (use.base() == pa) {
        found.add(use);
      }
    }
    return found;
  }

  /** Follows a table and all below it. */
  void add(TableUse table, DescriptorReader memory) {
    put(table);
    if (table.level() == 3 || table.tree().tables() >= MOST_TABLES) {
      return;
    }
    EntryFormat format = table.format();
    for (int i = 0; i < table.entries(); i++) {
      long at = table.base() + 8L * i;
      long descriptor;
      try {
        descriptor = memory.read(at);
      } catch (ExternalAbort _) {
        return;
      }
      if (format.kind(descriptor) == Verdict.TABLE) {
        addBelow(table, at, descriptor, memory);
      }
    }
  }

  /** Follows the table that a descriptor names, if it is not followed yet. */
  void addBelow(TableUse table, long at, long descriptor, DescriptorReader memory) {
    long base = table.tree().pa(table.format().output(descriptor), memory);
    boolean known =
        base < 0
            || byPage.getOrDefault(base >>> PAGE_SHIFT, List.of()).stream()
                .anyMatch(u -> u.base() == base && u.parent() == at && u.tree() == table.tree());
    if (known || table.tree().tables() >= MOST_TABLES) {
      return;
    }
    int level = table.level() + 1;
    add(
        new TableUse(
            table.tree(),
            base,
            table.format().granule().entries(),
            level,
            table.place(at).input(),
            at),
        memory);
  }

  private void put(TableUse table) {
    table.tree().counted(1);
    pages(table).forEach(page -> byPage.computeIfAbsent(page, _ -> new ArrayList<>()).add(table));
    if (table.parent() >= 0) {
      byParent.computeIfAbsent(table.parent() >>> PAGE_SHIFT, _ -> new ArrayList<>()).add(table);
    }
  }

  private static List<Long> pages(TableUse table) {
    List<Long> pages = new ArrayList<>();
    long last = table.base() + 8L * table.entries() - 1;
    for (long page = table.base() >>> PAGE_SHIFT; page <= last >>> PAGE_SHIFT; page++) {
      pages.add(page);
    }
    return pages;
  }

  /** Forgets the table that a descriptor named, and all below it. */
  void removeBelow(Tree tree, long parent, long base) {
    for (TableUse table : List.copyOf(byPage.getOrDefault(base >>> PAGE_SHIFT, List.of()))) {
      if (table.base() == base && table.parent() == parent && table.tree() == tree) {
        remove(table);
      }
    }
  }

  private void remove(TableUse table) {
    table.tree().counted(-1);
    pages(table).forEach(page -> take(byPage, page, table));
    if (table.parent() >= 0) {
      take(byParent, table.parent() >>> PAGE_SHIFT, table);
    }
    List<TableUse> below =
        pages(table).stream()
            .flatMap(page -> byParent.getOrDefault(page, List.of()).stream())
            .filter(u -> u.tree() == table.tree() && table.contains(u.parent()))
            .toList();
    below.forEach(this::remove);
  }

  private static void take(Map<Long, List<TableUse>> index, long page, TableUse table) {
    List<TableUse> there = index.get(page);
    if (there != null) {
      there.remove(table);
      if (there.isEmpty()) {
        index.remove(page);
      }
    }
  }

  /** A leaf in a tree that leads to some memory; null if there is none. */
  @Nullable EntryPlace leafTo(Tree tree, long pa, long bytes, LongUnaryOperator memory) {
    for (List<TableUse> uses : byPage.values()) {
      for (TableUse table : uses) {
        if (table.tree() == tree) {
          EntryPlace leaf = leafTo(table, pa, bytes, memory);
          if (leaf != null) {
            return leaf;
          }
        }
      }
    }
    return null;
  }

  private static @Nullable EntryPlace leafTo(
      TableUse table, long pa, long bytes, LongUnaryOperator memory) {
    EntryFormat format = table.format();
    long size = 1L << format.shift();
    for (int i = 0; i < table.entries(); i++) {
      long at = table.base() + 8L * i;
      long value = memory.applyAsLong(at);
      Verdict kind = format.kind(value);
      if (kind == Verdict.BLOCK || kind == Verdict.PAGE) {
        long output = format.output(value);
        if (output < pa + bytes && pa < output + size) {
          return table.place(at);
        }
      }
    }
    return null;
  }

  /** Forgets a whole tree. */
  void remove(Tree tree) {
    for (Map<Long, List<TableUse>> index : List.of(byPage, byParent)) {
      index.values().forEach(uses -> uses.removeIf(u -> u.tree() == tree));
      index.values().removeIf(List::isEmpty);
    }
    tree.counted(-tree.tables());
  }
}
