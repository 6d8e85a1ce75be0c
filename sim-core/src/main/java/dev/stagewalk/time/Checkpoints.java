package dev.stagewalk.time;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * States of a machine between two instructions, from which any later moment is reached by executing
 * again. Each belongs to the line that went through it first; the lines that left it behind that
 * instruction share it.
 *
 * <p>All are kept until memory is asked back. Then those of other lines go first; of each line
 * those go first that lie far from its end and from where somebody looks: the gap grows with the
 * distance, and no faster than memory asks for. The first is always kept, so that no moment is ever
 * lost.
 *
 * <p>One thread lays and thins; any thread may look up.
 */
final class Checkpoints {
  /** Work between two checkpoints when they are laid, in instructions. */
  static final long SPACING = 1_000_000;

  /** Pages that may be copied between two checkpoints. */
  static final long PAGES = 512;

  /** Part of the distance that a gap may be when thinning begins; it halves until that will do. */
  private static final int FINEST_SHARE = 2048;

  /** Registers, TLB, allocator and the like. */
  private static final long FIXED_BYTES = 48 << 10;

  private long bytes;
  private int count;
  private volatile @Nullable Archive archive;

  /**
   * @param bytes what it keeps that the one before it does not
   */
  record Checkpoint(Run.Point point, long bytes) {
    long instruction() {
      return point.instruction();
    }
  }

  /** A checkpoint and the line that has it. */
  private record Placed(Line line, Checkpoint checkpoint) {
    long work() {
      return checkpoint.point().work();
    }
  }

  /** The youngest checkpoint of a line at or before an instruction; there is always one. */
  Checkpoint atOrBefore(Line line, long instruction) {
    Checkpoint found = younger(line, floor(line, instruction), k -> k.instruction() <= instruction);
    if (found == null) {
      throw new NoSuchElementException("no checkpoint before instruction " + instruction);
    }
    return found;
  }

  private static @Nullable Checkpoint floor(Line line, long instruction) {
    long limit = instruction;
    for (Line from = line; from != null; from = from.parent()) {
      Map.Entry<Long, Checkpoint> entry = from.checkpoints().floorEntry(limit);
      if (entry != null) {
        return entry.getValue();
      }
      limit = Math.min(limit, from.parting().instruction());
    }
    return null;
  }

  /** The youngest checkpoint of a line before an event. */
  Checkpoint beforeEvent(Line line, long number) {
    return youngerThan(
        line,
        youngest(line, c -> c.point().events() <= number, "event", number),
        k -> k.events() <= number);
  }

  /** The youngest checkpoint of a line before an exit, numbered from 1. */
  Checkpoint beforeExit(Line line, long number) {
    return youngerThan(
        line,
        youngest(line, c -> c.point().exits() < number, "exit", number),
        k -> k.exits() < number);
  }

  private Checkpoint youngerThan(Line line, Checkpoint atHand, Predicate<Archive.Kept> early) {
    Checkpoint found = younger(line, atHand, early);
    return found == null ? atHand : found;
  }

  /** From now on the states that a recording of the first line holds are known too. */
  void use(Archive recording) {
    archive = recording;
  }

  /**
   * The youngest state that a recording holds of a line, if it is younger than what is at hand.
   *
   * @param early true of all up to some moment, and of none after it
   */
  private @Nullable Checkpoint younger(
      Line line, @Nullable Checkpoint atHand, Predicate<Archive.Kept> early) {
    Archive recording = archive;
    if (recording == null) {
      return atHand;
    }
    long limit = Long.MAX_VALUE;
    for (Line from = line; from.parent() != null; from = from.parent()) {
      limit = Math.min(limit, from.parting().instruction());
    }
    List<Archive.Kept> kept = recording.kept();
    int low = 0;
    int high = kept.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (kept.get(middle).instruction() <= limit && early.test(kept.get(middle))) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (int i = low - 1; i >= 0; i--) {
      if (atHand != null && kept.get(i).instruction() <= atHand.instruction()) {
        break;
      }
      Optional<History.Standing> state = recording.state(i);
      if (state.isPresent()) {
        History.Standing there = state.get();
        return new Checkpoint(
            new Run.Point(there.state(), there.events(), there.exits(), there.microSteps()), 0);
      }
    }
    return atHand;
  }

  /**
   * @param early true of all up to some moment, and of none after it
   */
  private static Checkpoint youngest(
      Line line, Predicate<Checkpoint> early, String what, long number) {
    long limit = Long.MAX_VALUE;
    for (Line from = line; from != null; from = from.parent()) {
      Checkpoint found = youngest(from.checkpoints(), limit, early);
      if (found != null) {
        return found;
      }
      limit = Math.min(limit, from.parting().instruction());
    }
    throw new NoSuchElementException("no checkpoint before " + what + " " + number);
  }

  private static @Nullable Checkpoint youngest(
      NavigableMap<Long, Checkpoint> checkpoints, long limit, Predicate<Checkpoint> early) {
    Map.Entry<Long, Checkpoint> last = checkpoints.floorEntry(limit);
    Checkpoint found = null;
    long low = -1;
    long high = last == null ? low : last.getKey();
    while (low < high) {
      // Up to low all are early; behind high none is.
      long middle = high - (high - low) / 2;
      Map.Entry<Long, Checkpoint> entry = checkpoints.floorEntry(middle);
      if (entry == null || entry.getKey() <= low) {
        low = middle;
      } else if (early.test(entry.getValue())) {
        found = entry.getValue();
        low = middle;
      } else {
        high = entry.getKey() - 1;
      }
    }
    return found;
  }

  /** Keeps a state of a line, unless there is one of its instruction already. */
  void lay(Run.Point point, Line line) {
    long instruction = point.instruction();
    Line owner = line.throughBoundary(instruction);
    if (owner.checkpoints().containsKey(instruction)) {
      return;
    }
    put(owner, point);
    weighNextAgain(owner, instruction);
  }

  private void put(Line owner, Run.Point point) {
    Checkpoint before = floor(owner, point.instruction() - 1);
    long pages =
        before == null
            ? point.state().memory().pages()
            : point.state().memory().pagesNotIn(before.point().state().memory());
    long weight = pages * 4096 + FIXED_BYTES;
    Checkpoint old = owner.checkpoints().put(point.instruction(), new Checkpoint(point, weight));
    bytes += weight - (old == null ? 0 : old.bytes());
    count += old == null ? 1 : 0;
  }

  private void weighNextAgain(Line owner, long instruction) {
    Map.Entry<Long, Checkpoint> next = owner.checkpoints().higherEntry(instruction);
    if (next != null) {
      put(owner, next.getValue().point());
    }
  }

  /** Host memory they take, estimated. */
  long bytes() {
    return bytes;
  }

  int count() {
    return count;
  }

  /**
   * Gives up checkpoints that are not on a line, as few as will do.
   *
   * @param allowed bytes that all together may take then
   */
  void thinOthers(List<Line> lines, Line present, long allowed) {
    for (int share = FINEST_SHARE; bytes > allowed && share > 0; share /= 2) {
      for (Line line : lines) {
        if (bytes > allowed) {
          thin(apart(line, present), line.endWork(), line.endWork(), share, allowed);
        }
      }
    }
    for (Line line : lines) {
      for (Placed last : apart(line, present)) {
        if (bytes > allowed) {
          remove(last);
        }
      }
    }
    weighBranchesAgain(lines);
  }

  /**
   * Gives up checkpoints of a line, as few as will do; the first and the last are kept.
   *
   * @param hereWork work up to where somebody looks
   * @param allowed bytes that all together may take then
   */
  void thin(List<Line> lines, Line present, long hereWork, long allowed) {
    for (int share = FINEST_SHARE; bytes > allowed && share > 0; share /= 2) {
      thin(along(present), hereWork, present.endWork(), share, allowed);
    }
    List<Placed> left = bytes > allowed ? along(present) : List.of();
    for (int i = 1; i < left.size() - 1 && bytes > allowed; i++) {
      remove(left.get(i));
    }
    weighBranchesAgain(lines);
  }

  /** All that a line goes through, from the start. */
  private static List<Placed> along(Line present) {
    List<Placed> all = new ArrayList<>();
    long limit = Long.MAX_VALUE;
    for (Line line = present; line != null; line = line.parent()) {
      Line owner = line;
      List<Placed> part =
          owner.checkpoints().headMap(limit, true).values().stream()
              .map(c -> new Placed(owner, c))
              .toList();
      all.addAll(0, part);
      limit = Math.min(limit, line.parting().instruction());
    }
    return all;
  }

  /** Those of a line that the present one does not go through. */
  private static List<Placed> apart(Line line, Line present) {
    long shared = -1;
    long limit = Long.MAX_VALUE;
    for (Line from = present; from != null; from = from.parent()) {
      if (from == line) {
        shared = limit;
      }
      limit = Math.min(limit, from.parting().instruction());
    }
    return line.checkpoints().tailMap(shared, false).values().stream()
        .map(c -> new Placed(line, c))
        .toList();
  }

  /**
   * Removes those without which the gap would still be small for its distance, the oldest first.
   */
  private void thin(List<Placed> sequence, long hereWork, long endWork, int share, long allowed) {
    Placed before = null;
    Placed candidate = null;
    for (Placed next : sequence) {
      if (bytes <= allowed) {
        return;
      }
      if (before != null && candidate != null) {
        long at = candidate.work();
        long distance = Math.min(Math.abs(endWork - at), Math.abs(hereWork - at));
        if (next.work() - before.work() <= distance / share) {
          remove(candidate);
          candidate = next;
          continue;
        }
      }
      before = candidate;
      candidate = next;
    }
  }

  private void remove(Placed dropped) {
    Checkpoint removed = dropped.line().checkpoints().remove(dropped.checkpoint().instruction());
    if (removed != null) {
      bytes -= removed.bytes();
      count--;
      weighNextAgain(dropped.line(), dropped.checkpoint().instruction());
    }
  }

  /** The first of a line may now keep what one that is gone kept with it. */
  private void weighBranchesAgain(List<Line> lines) {
    for (Line line : lines) {
      if (line.parent() != null) {
        weighNextAgain(line, -1);
      }
    }
  }
}
