package dev.stagewalk.views;

import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.mmu.TableScan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tables of stage 2 beside those of the walk, and what all of them amount to.
 *
 * @param others tables that the walk shown does not read
 * @param omitted how many more there are
 * @param summary "mapped 4.06 MiB · 5 tables (20 KiB) · 19 leaves"
 */
record TablesFigure(List<Table> others, int omitted, String summary) {
  static final TablesFigure EMPTY = new TablesFigure(List.of(), 0, "");

  TablesFigure {
    others = List.copyOf(others);
  }

  /** Tables listed at most. */
  private static final int MOST = 6;

  /** Tables looked at to find them. */
  private static final int LOOKED_AT = 200;

  /** The tables of a scan that a walk did not read. */
  static TablesFigure of(Scan scan, WalkFigure walk) {
    if (!scan.enabled()) {
      return EMPTY;
    }
    Set<Long> onPath = new HashSet<>();
    walk.columns().stream().filter(WalkColumn::isKnown).forEach(c -> onPath.add(c.table()));
    List<Table> others = new ArrayList<>();
    Deque<TableScan.Table> queue = new ArrayDeque<>();
    queue.add(scan.tables().root());
    int seen = 0;
    int left = 0;
    while (!queue.isEmpty() && seen < LOOKED_AT) {
      TableScan.Table table = queue.remove();
      seen++;
      if (onPath.contains(table.base())) {
        left++;
      } else if (others.size() < MOST) {
        others.add(describe(scan, table));
      }
      if (table.level() < 3) {
        for (int i = 0; i < table.entries(); i++) {
          scan.tables().child(table, i).ifPresent(queue::add);
        }
      }
    }
    int omitted = Math.max(0, scan.found().tables() - left - others.size());
    return new TablesFigure(others, omitted, scan.summary());
  }

  private static Table describe(Scan scan, TableScan.Table table) {
    int[] count = new int[Verdict.values().length];
    long first = table.ipa();
    for (int i = table.entries() - 1; i >= 0; i--) {
      Verdict kind = scan.tables().kind(table, i);
      count[kind.ordinal()]++;
      if (kind != Verdict.INVALID) {
        first = scan.tables().ipaOf(table, i);
      }
    }
    List<String> words = new ArrayList<>();
    add(words, count[Verdict.TABLE.ordinal()], "table");
    add(words, count[Verdict.BLOCK.ordinal()], "block");
    add(words, count[Verdict.PAGE.ordinal()], "page");
    String region = scan.region(first);
    String holds = words.isEmpty() ? "empty" : String.join(", ", words);
    return new Table(
        table.level(), table.base(), first, region.isEmpty() ? holds : holds + " · " + region);
  }

  private static void add(List<String> words, int count, String one) {
    if (count > 0) {
      words.add(count + " " + one + (count == 1 ? "" : "s"));
    }
  }

  /**
   * A table.
   *
   * @param level level of lookup it is read at
   * @param pa its physical address
   * @param ipa first IPA it translates
   * @param words what it holds: "16 pages"
   */
  record Table(int level, long pa, long ipa, String words) {}
}
