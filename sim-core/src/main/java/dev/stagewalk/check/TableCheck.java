package dev.stagewalk.check;

import dev.stagewalk.mmu.TableSweep;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Judges translation tables as they stand: every table and descriptor, their controls, and what the
 * output addresses of all trees have to do with each other. It ends, in little memory, whatever
 * they hold.
 */
public final class TableCheck {
  private TableCheck() {}

  /**
   * What was looked at.
   *
   * @param tables tables entered
   * @param complete whether all could be looked at
   * @param stage2 addresses of those of stage 2, in order
   */
  public record Looked(long tables, boolean complete, long[] stage2) {}

  /** Judges trees with the usual limit of tables for each. */
  public static Looked of(List<TableTree> trees, Surroundings surroundings, Findings findings) {
    return of(trees, surroundings, findings, TableSweep.USUAL_LIMIT);
  }

  /**
   * Judges trees.
   *
   * @param limit tables of each that are entered at most
   */
  public static Looked of(
      List<TableTree> trees, Surroundings surroundings, Findings findings, long limit) {
    SeenTables stage2 = new SeenTables();
    MappedMemory mapped = new MappedMemory(surroundings);
    long tables = 0;
    boolean swept = true;
    for (TableTree tree : once(trees)) {
      mapped.begin(tree);
      SeenTables seen = tree.stage() == 2 ? stage2 : new SeenTables();
      TableSweep.Done done =
          new TableJudge(tree, surroundings, seen, mapped, findings).judge(limit);
      tables += done.tables();
      swept &= done.complete();
    }
    long[] addresses = stage2.addresses();
    mapped.judge(addresses, findings);
    boolean complete =
        swept
            && findings.groups().stream()
                .noneMatch(group -> group.kind() == FindingKind.NOT_JUDGED);
    return new Looked(tables, complete, addresses);
  }

  /** Several PEs may have the same tables. */
  private static List<TableTree> once(List<TableTree> trees) {
    Set<List<Object>> known = new HashSet<>();
    List<TableTree> found = new ArrayList<>();
    for (TableTree tree : trees) {
      if (known.add(List.of(tree.owner(), tree.shape()))) {
        found.add(tree);
      }
    }
    return found;
  }
}
