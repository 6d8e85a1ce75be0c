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

  /** Tables described. */
  private static final int LOOKED_AT = 40;

  /** The tables of a scan that a walk did not read. */
  static TablesFigure of(Scan scan, WalkFigure walk) {
    if (!scan.enabled()) {
      return EMPTY;
    }
    Set<Long> onPath = new HashSet<>();
    walk.bands().stream()
        .filter(band -> band.stage() == 2)
        .flatMap(band -> band.columns().stream())
        .filter(WalkColumn::isKnown)
        .forEach(column -> onPath.add(column.table()));
    List<Table> others =
        scan.described().stream().filter(t -> !onPath.contains(t.pa())).limit(MOST).toList();
    long read = scan.described().stream().filter(t -> onPath.contains(t.pa())).count();
    int omitted = (int) Math.max(0, scan.found().tables() - read - others.size());
    return new TablesFigure(others, omitted, scan.summary());
  }

  /** The first tables, those near the root first, in words. */
  static List<Table> describe(Scan scan) {
    List<Table> described = new ArrayList<>();
    Deque<TableScan.Table> queue = new ArrayDeque<>();
    if (scan.enabled()) {
      queue.add(scan.tables().root());
    }
    while (!queue.isEmpty() && described.size() < LOOKED_AT) {
      TableScan.Table table = queue.remove();
      described.add(describe(scan, table, queue));
    }
    return List.copyOf(described);
  }

  private static Table describe(Scan scan, TableScan.Table table, Deque<TableScan.Table> below) {
    int[] count = new int[Verdict.values().length];
    long first = table.ipa();
    boolean any = false;
    for (int i = 0; i < table.entries(); i++) {
      Verdict kind = scan.tables().kind(table, i);
      count[kind.ordinal()]++;
      if (kind != Verdict.INVALID && !any) {
        any = true;
        first = scan.tables().ipaOf(table, i);
      }
      if (kind == Verdict.TABLE) {
        scan.tables().child(table, i).ifPresent(below::add);
      }
    }
    List<String> words = new ArrayList<>();
    add(words, count[Verdict.TABLE.ordinal()], "table");
    add(words, count[Verdict.BLOCK.ordinal()], "block");
    add(words, count[Verdict.PAGE.ordinal()], "page");
    if (count[Verdict.EXTERNAL_ABORT.ordinal()] > 0) {
      words.add("no memory there");
    }
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
