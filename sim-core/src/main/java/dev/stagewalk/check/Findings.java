package dev.stagewalk.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Findings, those of one kind together: all are counted, the first are kept. So a dump with a
 * million wrong entries gives one group, in little memory.
 */
public final class Findings implements Consumer<Finding> {
  /** Findings of a kind that are kept. */
  public static final int USUAL_KEPT = 16;

  private final int kept;
  private final Map<FindingKind, Collected> groups = new EnumMap<>(FindingKind.class);
  private final Set<Finding> known = new HashSet<>();

  private static final class Collected {
    private final List<Finding> first = new ArrayList<>();
    private long count;
    private long findings;
  }

  /**
   * The findings of one kind.
   *
   * @param count how many descriptors, events and so on they are about
   * @param findings how many there are
   * @param first the first of them, in the order they were found
   */
  public record Group(FindingKind kind, long count, long findings, List<Finding> first) {
    public Group {
      first = List.copyOf(first);
    }

    /** How many are counted and not kept. */
    public long more() {
      return findings - first.size();
    }
  }

  /** Keeps {@link #USUAL_KEPT} of each kind. */
  public Findings() {
    this(USUAL_KEPT);
  }

  /**
   * Keeps a number of each kind.
   *
   * @param kept at least 1
   */
  public Findings(int kept) {
    this.kept = kept;
  }

  /** Takes a finding; one that equals a kept one is the same. */
  @Override
  public void accept(Finding finding) {
    if (!known.contains(finding)) {
      add(finding.kind(), 1, () -> finding);
    }
  }

  /**
   * Takes a finding, in words only if it is kept.
   *
   * @param count how many it stands for
   */
  void add(FindingKind kind, long count, Supplier<Finding> finding) {
    Collected group = groups.computeIfAbsent(kind, _ -> new Collected());
    if (group.first.size() < kept) {
      Finding made = finding.get();
      if (!known.add(made)) {
        return;
      }
      group.first.add(made);
    }
    group.count += count;
    group.findings++;
  }

  /** One group a kind, the most severe first. */
  public List<Group> groups() {
    List<Group> all = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      groups.forEach((kind, group) -> {
        if (kind.severity() == severity) {
          all.add(new Group(kind, group.count, group.findings, group.first));
        }
      });
    }
    return List.copyOf(all);
  }

  /** How many findings of a severity there are. */
  public long count(Severity severity) {
    long sum = 0;
    for (Map.Entry<FindingKind, Collected> group : groups.entrySet()) {
      if (group.getKey().severity() == severity) {
        sum += group.getValue().count;
      }
    }
    return sum;
  }

  /** "2 errors, 1 warning, 3 for information". */
  public String summary() {
    return counted(Severity.ERROR, "error")
        + ", "
        + counted(Severity.WARNING, "warning")
        + ", "
        + count(Severity.INFO)
        + " for information";
  }

  private String counted(Severity severity, String word) {
    long count = count(severity);
    return (count == 0 ? "no" : "" + count) + " " + word + (count == 1 ? "" : "s");
  }
}
