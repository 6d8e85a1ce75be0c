package dev.stagewalk.time;

import dev.stagewalk.event.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The branches of a run, by number from 1. A moment before the parting is the same in a branch and
 * in the one that it left: it has a name in each. Immutable.
 *
 * @param all in order of their numbers; never empty
 */
public record Branches(List<Branch> all) {

  public Branches {
    all = List.copyOf(all);
  }

  /** Of a run, or a recording, that goes one way only. */
  public static Branches one(Moment end) {
    return new Branches(List.of(new Branch(1, 0, Moment.START, end, "")));
  }

  public int count() {
    return all.size();
  }

  /** The branch with a number from 1 to {@link #count}. */
  public Branch get(int number) {
    return all.get(number - 1);
  }

  public boolean has(int number) {
    return number >= 1 && number <= all.size();
  }

  /** The name of a moment in the branch that executed it first: the same for the same moment. */
  public Moment origin(Moment moment) {
    Branch branch = get(moment.branch());
    while (branch.parent() > 0 && !branch.parting().isBefore(moment.onBranch(branch.parent()))) {
      branch = get(branch.parent());
    }
    return moment.onBranch(branch.number());
  }

  /** The branches that lead to one, from the first; the last is that branch itself. */
  public List<Branch> way(int number) {
    List<Branch> way = new ArrayList<>();
    for (int next = number; next > 0; next = get(next).parent()) {
      way.addFirst(get(next));
    }
    return way;
  }

  /**
   * The last moment that two branches both go through, in the branch that both have left or that
   * one of them is.
   */
  public Moment parting(int one, int other) {
    List<Branch> ways = way(one);
    List<Branch> others = way(other);
    int shared = 0;
    while (shared < ways.size()
        && shared < others.size()
        && ways.get(shared).number() == others.get(shared).number()) {
      shared++;
    }
    Moment parting = ways.get(shared - 1).end();
    for (List<Branch> way : List.of(ways, others)) {
      if (shared < way.size() && way.get(shared).parting().isBefore(parting)) {
        parting = way.get(shared).parting();
      }
    }
    return parting;
  }

  /** The name that a moment has in a branch, if it is one of those that the branch goes through. */
  public Optional<Moment> in(int number, Moment moment) {
    if (!has(moment.branch())) {
      return Optional.empty();
    }
    Moment there = moment.onBranch(number);
    return origin(there).equals(origin(moment)) ? Optional.of(there) : Optional.empty();
  }
}
