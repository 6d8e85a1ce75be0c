package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Stage2Format;
import dev.stagewalk.mmu.TableScan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tree of all tables as numbered rows, of which only those on screen are ever made. */
final class TreeModel {
  /** Tables that "expand all" opens at most. */
  static final int MOST_OPEN = 4096;

  private final Set<List<Integer>> expanded = new HashSet<>();
  private @Nullable Scan scan;
  private @Nullable TreeNode root;

  /**
   * A row as it is drawn.
   *
   * @param depth tables above it
   * @param entry its first entry
   * @param last its last entry; the same for a single one
   * @param kind what it is
   * @param ipa first IPA
   * @param covers bytes of IPA space
   * @param target address it names; 0 for none
   * @param word "TABLE", "BLOCK 2M", "508 invalid"
   * @param attributes of a leaf, in words; what a table holds is not said
   * @param expanded whether the table it names is open
   * @param path where it stands: indices from the root
   * @param input what {@code ipa} is: "IPA", of stage 1 "VA"
   */
  record Row(
      int depth,
      Selection.Entry entry,
      int last,
      Verdict kind,
      long ipa,
      long covers,
      long target,
      String word,
      String attributes,
      boolean expanded,
      List<Integer> path,
      String input) {

    /** "L3[3]", "L3[4…511]". */
    String name() {
      return entry.index() == last
          ? entry.words()
          : Levels.name(entry.level()) + "[" + entry.index() + "…" + last + "]";
    }

    /** Whether it is one entry, not a run of invalid ones. */
    boolean isSingle() {
      return entry.index() == last;
    }

    /** One line of text. */
    String text() {
      return "  ".repeat(depth)
          + name()
          + " "
          + word
          + (target != 0 ? " → " + Hex.address(target) : "")
          + " · "
          + input
          + " "
          + Hex.address(ipa)
          + " · "
          + Scan.rounded(covers)
          + (attributes.isEmpty() ? "" : " · " + attributes);
    }
  }

  /** Takes a scan of another moment; what was open stays open, unless the tables are others. */
  void show(Scan newScan) {
    if (scan != null && scan.choice() != newScan.choice()) {
      expanded.clear();
    }
    scan = newScan;
    rebuild();
  }

  private void rebuild() {
    Scan now = scan;
    if (now == null || !now.enabled()) {
      root = null;
      return;
    }
    TreeNode top = new TreeNode(now.tables(), now.tables().root());
    Map<List<Integer>, List<Integer>> openEntries = new HashMap<>();
    for (List<Integer> path : expanded) {
      openEntries
          .computeIfAbsent(path.subList(0, path.size() - 1), _ -> new ArrayList<>())
          .add(path.getLast());
    }
    openBelow(now, top, openEntries);
    top.count();
    root = top;
  }

  private static void openBelow(
      Scan now, TreeNode node, Map<List<Integer>, List<Integer>> openEntries) {
    for (int entry : openEntries.getOrDefault(node.table().path(), List.of())) {
      now.tables()
          .child(node.table(), entry)
          .ifPresent(table -> {
            TreeNode child = new TreeNode(now.tables(), table);
            node.open(entry, child);
            openBelow(now, child, openEntries);
          });
    }
  }

  int size() {
    return root == null ? 0 : root.rows();
  }

  Row row(int number) {
    Scan now = scan;
    TreeNode top = root;
    if (now == null || top == null) {
      throw new IndexOutOfBoundsException(number);
    }
    return row(now, top.at(number));
  }

  private Row row(Scan now, TreeNode.Place place) {
    TableScan.Table table = place.node().table();
    TableScan tables = now.tables();
    int i = place.first();
    Verdict kind = tables.kind(table, i);
    long descriptor = descriptor(tables, table, i);
    Stage2Format format = now.shape().format();
    long each = tables.entryCovers(table);
    int count = place.last() - i + 1;
    List<Integer> path = new ArrayList<>(table.path());
    path.add(i);
    boolean leaf = kind == Verdict.BLOCK || kind == Verdict.PAGE;
    long target =
        kind == Verdict.TABLE
            ? format.tableAddress(descriptor)
            : leaf ? format.leafAddress(descriptor, table.level()) : 0;
    return new Row(
        table.path().size(),
        entry(now, table, i),
        place.last(),
        kind,
        tables.ipaOf(table, i),
        each * count,
        target,
        word(kind, each, count),
        leaf ? now.attributes(descriptor) : "",
        place.node().below(i).isPresent() && kind == Verdict.TABLE,
        List.copyOf(path),
        now.choice().input());
  }

  /** Its place in memory; where stage 2 keeps it away its place in the tables. */
  private static Selection.Entry entry(Scan now, TableScan.Table table, int index) {
    try {
      return now.entry(table, index);
    } catch (ExternalAbort _) {
      return new Selection.Entry(table.base(), index, table.level());
    }
  }

  private static long descriptor(TableScan tables, TableScan.Table table, int index) {
    try {
      return tables.descriptor(table, index);
    } catch (ExternalAbort _) {
      return 0;
    }
  }

  private static String word(Verdict kind, long covers, int count) {
    return switch (kind) {
      case TABLE -> "TABLE";
      case BLOCK -> "BLOCK " + Size.words(covers).replace(" ", "").replace("iB", "");
      case PAGE -> "PAGE";
      case INVALID -> count == 1 ? "invalid" : count + " invalid";
      case REFUSED -> "beyond the output size";
      case EXTERNAL_ABORT, UNREACHED -> "no memory";
    };
  }

  /** Opens or closes the table a row names. */
  void toggle(Row row) {
    if (row.kind() == Verdict.TABLE) {
      if (!expanded.remove(row.path())) {
        expanded.add(row.path());
      }
      rebuild();
    }
  }

  /** Opens all tables, up to {@link #MOST_OPEN}; false if there are more. */
  boolean expandAll() {
    Scan now = scan;
    if (now == null || !now.enabled()) {
      return true;
    }
    boolean all = expandBelow(now.tables(), now.tables().root());
    rebuild();
    return all;
  }

  private boolean expandBelow(TableScan tables, TableScan.Table table) {
    if (table.level() >= 3) {
      return true;
    }
    boolean all = true;
    for (int i = 0; i < table.entries(); i++) {
      Optional<TableScan.Table> child = tables.child(table, i);
      if (child.isPresent()) {
        if (expanded.size() >= MOST_OPEN) {
          return false;
        }
        expanded.add(child.get().path());
        all &= expandBelow(tables, child.get());
      }
    }
    return all;
  }

  void collapseAll() {
    expanded.clear();
    rebuild();
  }

  /** Opens what lies above the last entry that a walk of an IPA reads. */
  int reveal(long ipa) {
    Scan now = scan;
    if (now == null || !now.enabled()) {
      return -1;
    }
    List<TableScan.Table> walked = now.tables().tablesOf(ipa);
    if (walked.isEmpty()) {
      return -1;
    }
    walked.stream().filter(t -> !t.path().isEmpty()).forEach(t -> expanded.add(t.path()));
    rebuild();
    int number = 0;
    Optional<TreeNode> node = Optional.ofNullable(root);
    for (TableScan.Table table : walked) {
      if (node.isEmpty()) {
        return -1;
      }
      int entry = now.tables().indexOf(table, ipa);
      number += node.get().numberOf(entry);
      boolean more = table != walked.getLast();
      node = node.get().below(entry);
      number += more ? 1 : 0;
    }
    return number;
  }

  /** What it holds, in words, or why it is empty. */
  String summary() {
    Scan now = scan;
    if (now == null) {
      return "";
    }
    return now.enabled() ? now.summary() : now.whyNot();
  }
}
