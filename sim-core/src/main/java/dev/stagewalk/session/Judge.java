package dev.stagewalk.session;

import dev.stagewalk.check.Finding;
import dev.stagewalk.check.RunChecks;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.time.Follower;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Rerun;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembers at which moments of a run findings arose. All checks watch a second machine, which
 * executes each instruction of the run once, as far as somebody asks. What can only be told when a
 * run has ended arises at no moment.
 */
final class Judge {
  /** Different findings that are remembered; a run with so many needs no more. */
  private static final int MOST = 100_000;

  private final History history;
  private @Nullable Follower follower;
  private Notes notes = new Notes();

  /** What arose so far, by moments of the first branch. */
  private static final class Notes {
    private final NavigableMap<Moment, List<Finding>> arisen = new TreeMap<>();
    private final Set<Finding> known = new HashSet<>();

    void add(Moment moment, Finding finding) {
      if (known.size() < MOST && known.add(finding)) {
        arisen.computeIfAbsent(moment, _ -> new ArrayList<>(1)).add(finding);
      }
    }
  }

  Judge(History history) {
    this.history = history;
  }

  /** Judges on up to a moment; whether it has come there. */
  private boolean judge(Moment upTo, BooleanSupplier meanwhile) {
    Follower known = follower;
    if (known == null || !history.isFollowedBy(known)) {
      Notes fresh = new Notes();
      notes = fresh;
      known =
          history.follower(machine -> {
            Moment[] now = new Moment[1];
            // What a check sees between two events is told when its instruction is over.
            RunChecks checks =
                new RunChecks(
                    machine,
                    finding ->
                        fresh.add(
                            now[0] != null ? now[0] : Moment.at(machine.instructions() + 1),
                            finding));
            return watching(checks, now);
          });
      follower = known;
    }
    return known.to(upTo.onBranch(1), meanwhile);
  }

  private static Rerun.Watcher watching(RunChecks checks, @Nullable Moment[] now) {
    return (Event event) -> {
      now[0] = event.moment();
      checks.happened(event);
      now[0] = null;
    };
  }

  /** The first moment after one, up to another, at which such a finding arose. */
  Optional<Moment> first(
      Predicate<Finding> wanted, Moment after, Moment upTo, BooleanSupplier meanwhile) {
    if (!after.isBefore(upTo)) {
      return Optional.empty();
    }
    judge(upTo, meanwhile);
    return among(notes.arisen.subMap(after.onBranch(1), false, upTo.onBranch(1), true), wanted)
        .map(m -> m.onBranch(upTo.branch()));
  }

  /** The last moment between two, both excluded, at which such a finding arose. */
  Optional<Moment> last(
      Predicate<Finding> wanted, Moment after, Moment before, BooleanSupplier meanwhile) {
    if (!judge(before, meanwhile) || !after.isBefore(before)) {
      return Optional.empty();
    }
    NavigableMap<Moment, List<Finding>> between =
        notes.arisen.subMap(after.onBranch(1), false, before.onBranch(1), false);
    return among(between.descendingMap(), wanted).map(m -> m.onBranch(before.branch()));
  }

  private static Optional<Moment> among(
      Map<Moment, List<Finding>> arisen, Predicate<Finding> wanted) {
    return arisen.entrySet().stream()
        .filter(e -> e.getValue().stream().anyMatch(wanted))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** What is known to have arisen at a moment; judges no further. */
  List<Finding> at(Moment moment) {
    Follower known = follower;
    return known == null || !history.isFollowedBy(known)
        ? List.of()
        : notes.arisen.getOrDefault(moment.onBranch(1), List.of());
  }
}
