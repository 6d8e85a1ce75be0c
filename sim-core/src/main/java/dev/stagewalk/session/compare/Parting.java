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
    List<Branch> ways = new ArrayList<>(branches.way(one));
    List<Branch> others = new ArrayList<>(branches.way(other));
    while (!ways.isEmpty() && !others.isEmpty() && ways.getFirst().equals(others.getFirst())) {
      ways.removeFirst();
      others.removeFirst();
    }
    ways.addAll(others);
    return Optional.of(new Parting(branches.parting(one, other), ways));
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
