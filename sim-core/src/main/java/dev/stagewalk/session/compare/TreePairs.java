package dev.stagewalk.session.compare;

import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which translation tables of one moment are compared with which of another: first those that are
 * the same, then those that have the same part. What is left is compared with what lies at its
 * place at the other moment of the same program, although no register names it there.
 */
final class TreePairs {
  private final List<NamedTree> first;
  private final List<NamedTree> second;
  private final List<Pair> pairs = new ArrayList<>();

  /** Two trees to compare; of one that the other moment does not know, the same twice. */
  private record Pair(NamedTree first, NamedTree second) {}

  private TreePairs(Snapshot first, Snapshot second) {
    this.first = new ArrayList<>(NamedTree.of(first));
    this.second = new ArrayList<>(NamedTree.of(second));
  }

  /**
   * Compares all trees of two moments.
   *
   * @param pages gets the pages of their tables
   */
  static List<TreeDifference> compare(Snapshot first, Snapshot second, TablePages pages) {
    TreePairs pairs = new TreePairs(first, second);
    pairs.match();
    List<TreeDifference> found = new ArrayList<>();
    for (Pair pair : pairs.pairs) {
      if (pair.first.inForce() || pair.second.inForce()) {
        found.add(
            TreeComparison.of(pair.first, first.memory(), pair.second, second.memory(), pages));
      }
    }
    return found;
  }

  private void match() {
    for (NamedTree tree : List.copyOf(first)) {
      take(second, tree::isSame).ifPresent(other -> pair(tree, other));
    }
    for (NamedTree tree : List.copyOf(first)) {
      take(second, tree::hasPartOf).ifPresent(other -> pair(tree, other));
    }
    first.forEach(tree -> pairs.add(new Pair(tree, tree.notInForce())));
    second.forEach(tree -> pairs.add(new Pair(tree.notInForce(), tree)));
  }

  private void pair(NamedTree tree, NamedTree other) {
    first.remove(tree);
    pairs.add(new Pair(tree, other));
  }

  private static Optional<NamedTree> take(List<NamedTree> from, Predicate<NamedTree> which) {
    Optional<NamedTree> found = from.stream().filter(which).findFirst();
    found.ifPresent(from::remove);
    return found;
  }
}
