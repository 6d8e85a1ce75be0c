package dev.stagewalk.views;

import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.mmu.TableScan;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One open table of the tree: its entries, runs of invalid ones as one row, and the open tables
 * below it. It answers "which row is number n" without a list of rows, so that a million of them
 * cost no more than the tables that are open.
 */
final class TreeNode {
  private final TableScan.Table table;

  /** First entry of each row of this table. */
  private final int[] starts;

  /** Open tables by the row of this table that names them. */
  private final TreeMap<Integer, TreeNode> open = new TreeMap<>();

  /** Rows of open tables up to and including the one at each row that has one. */
  private int[] openRows = {};

  private int[] openBefore = {};
  private int rows;

  TreeNode(TableScan scan, TableScan.Table table) {
    this.table = table;
    int[] found = new int[table.entries()];
    int n = 0;
    boolean inRun = false;
    for (int i = 0; i < table.entries(); i++) {
      boolean invalid = scan.kind(table, i) == Verdict.INVALID;
      if (!invalid || !inRun) {
        found[n++] = i;
      }
      inRun = invalid;
    }
    starts = Arrays.copyOf(found, n);
    rows = n;
  }

  TableScan.Table table() {
    return table;
  }

  /** Rows of this table and of all open ones below it. */
  int rows() {
    return rows;
  }

  /** Opens a table below an entry; {@link #count} must be called after the last. */
  void open(int entry, TreeNode child) {
    open.put(rowOf(entry), child);
  }

  /** Adds the rows up, deepest tables first. */
  void count() {
    int n = open.size();
    openRows = new int[n];
    openBefore = new int[n + 1];
    int at = 0;
    for (Map.Entry<Integer, TreeNode> child : open.entrySet()) {
      child.getValue().count();
      openRows[at] = child.getKey();
      openBefore[at + 1] = openBefore[at] + child.getValue().rows();
      at++;
    }
    rows = starts.length + openBefore[n];
  }

  /** The row of this table's own that an entry stands in. */
  private int rowOf(int entry) {
    int found = Arrays.binarySearch(starts, entry);
    return found >= 0 ? found : -found - 2;
  }

  /**
   * A row.
   *
   * @param node the table it belongs to
   * @param first its first entry
   * @param last its last entry
   */
  record Place(TreeNode node, int first, int last) {}

  /** The row of a number, 0 to {@link #rows}−1. */
  Place at(int number) {
    // The last open table whose first row is at or before the number.
    int low = 0;
    int high = openRows.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (openRows[middle] + 1 + openBefore[middle] <= number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low > 0) {
      TreeNode child = open.get(openRows[low - 1]);
      int inside = number - (openRows[low - 1] + 1 + openBefore[low - 1]);
      if (child != null && inside < child.rows()) {
        return child.at(inside);
      }
    }
    int own = number - openBefore[low];
    int last = own + 1 < starts.length ? starts[own + 1] - 1 : table.entries() - 1;
    return new Place(this, starts[own], last);
  }

  /** Number of the row an entry of this table stands in, counted from this table's first row. */
  int numberOf(int entry) {
    int row = rowOf(entry);
    int before = 0;
    for (int i = 0; i < openRows.length && openRows[i] < row; i++) {
      before = openBefore[i + 1];
    }
    return row + before;
  }

  /** The open table below an entry, if there is one. */
  Optional<TreeNode> below(int entry) {
    return Optional.ofNullable(open.get(rowOf(entry)));
  }
}
