package dev.stagewalk.session.compare;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Branch;
import dev.stagewalk.time.Branches;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where two branches of a run part.
 *
 * @param moment the last moment that both go through, in the branch that both have left or that one
 *     of them is
 * @param left the branches that begin there or later, on the way to either; each says by which edit
 */
public record Parting(Moment moment, List<Branch> left) {

  public Parting {
    left = List.copyOf(left);
  }

  /** The parting of the branches of two moments of one run; empty where they are in the same. */
  static Optional<Parting> of(Snapshot first, Snapshot second) {
    int one = first.moment().branch();
    int other = second.moment().branch();
    if (one == other) {
      return Optional.empty();
    }
    Branches branches =
        first.branches().count() > second.branches().count() ? first.branches() : second.branches();
    List<Branch> ways = new ArrayList<>(way(branches, one));
    List<Branch> others = new ArrayList<>(way(branches, other));
    Branch common = branches.get(1);
    while (!ways.isEmpty() && !others.isEmpty() && ways.getFirst().equals(others.getFirst())) {
      common = ways.removeFirst();
      others.removeFirst();
    }
    Moment parting = common.end();
    for (List<Branch> way : List.of(ways, others)) {
      if (!way.isEmpty() && way.getFirst().parting().isBefore(parting)) {
        parting = way.getFirst().parting();
      }
    }
    ways.addAll(others);
    return Optional.of(new Parting(parting, ways));
  }

  /** The branches from the first one to one of them. */
  private static List<Branch> way(Branches branches, int number) {
    List<Branch> way = new ArrayList<>();
    for (int next = number; next > 0; next = branches.get(next).parent()) {
      way.addFirst(branches.get(next));
    }
    return way;
  }

  /** "branch 2 left branch 1 at 1:35.6 with: clear AF of 0x4020_0000". */
  public static String words(Branch branch) {
    return "branch "
        + branch.number()
        + " left branch "
        + branch.parent()
        + " at "
        + branch.parting()
        + (branch.words().isEmpty() ? "" : ": " + branch.words());
  }
}
