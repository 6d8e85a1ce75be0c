package dev.stagewalk.time;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * States of a machine between two instructions, from which any later moment is reached by executing
 * again. They lie the closer the nearer they are to the end of the run or to where somebody looks:
 * the gap grows with the distance, up to one 64th of it, and further where the budget asks for it.
 * The first is always kept, so that no moment is ever lost.
 *
 * <p>One thread lays and truncates; any thread may look up.
 */
final class Checkpoints {
  /** Work between two checkpoints when they are laid, in instructions. */
  static final long SPACING = 1_000_000;

  /** Pages that may be copied between two checkpoints. */
  static final long PAGES = 512;

  private static final int THIN_EVERY = 64;
  private static final int USUAL_SHARE = 64;

  /** Registers, TLB, allocator and the like. */
  private static final long FIXED_BYTES = 48 << 10;

  private final long budget;
  private final ConcurrentSkipListMap<Long, Checkpoint> byInstruction =
      new ConcurrentSkipListMap<>();
  private long bytes;
  private int laidSinceThinning;

  /**
   * @param budget bytes they may take; the first and the last are kept whatever they take
   */
  Checkpoints(long budget) {
    this.budget = budget;
  }

  /**
   * @param lastInput the last input before it, which tells its run from others; null for none
   * @param bytes what it keeps that the one before it does not
   */
  record Checkpoint(Run.Point point, @Nullable Input lastInput, long bytes) {
    long instruction() {
      return point.instruction();
    }

    private boolean isOf(List<Input> inputs) {
      return lastInput == lastBefore(instruction(), inputs);
    }
  }

  private static @Nullable Input lastBefore(long instruction, List<Input> inputs) {
    Input last = null;
    for (Input input : inputs) {
      if (input.moment().instruction() >= instruction) {
        break;
      }
      last = input;
    }
    return last;
  }

  /** The youngest checkpoint at or before an instruction; there is always one. */
  Checkpoint atOrBefore(long instruction) {
    Map.Entry<Long, Checkpoint> entry = byInstruction.floorEntry(instruction);
    if (entry == null) {
      throw new NoSuchElementException("no checkpoint before instruction " + instruction);
    }
    return entry.getValue();
  }

  /** The youngest checkpoint at or before an instruction in the run with these inputs. */
  Checkpoint atOrBefore(long instruction, List<Input> inputs) {
    for (Checkpoint c : byInstruction.headMap(instruction, true).descendingMap().values()) {
      if (c.isOf(inputs)) {
        return c;
      }
    }
    throw new NoSuchElementException("no checkpoint before instruction " + instruction);
  }

  /** The youngest checkpoint before an event in the run with these inputs. */
  Checkpoint beforeEvent(long number, List<Input> inputs) {
    for (Checkpoint c : byInstruction.descendingMap().values()) {
      if (c.point().events() <= number && c.isOf(inputs)) {
        return c;
      }
    }
    throw new NoSuchElementException("no checkpoint before event " + number);
  }

  /** The youngest checkpoint before an exit, numbered from 1. */
  Checkpoint beforeExit(long number) {
    for (Checkpoint c : byInstruction.descendingMap().values()) {
      if (c.point().exits() < number) {
        return c;
      }
    }
    throw new NoSuchElementException("no checkpoint before exit " + number);
  }

  /**
   * Keeps a state, unless there is one of its instruction already.
   *
   * @param inputs of the run it belongs to
   * @param endWork work up to the end of the run
   */
  void lay(Run.Point point, List<Input> inputs, long endWork) {
    long instruction = point.instruction();
    if (byInstruction.containsKey(instruction)) {
      return;
    }
    put(point, lastBefore(instruction, inputs));
    Map.Entry<Long, Checkpoint> next = byInstruction.higherEntry(instruction);
    if (next != null) {
      weighAgain(next.getValue());
    }
    if (++laidSinceThinning >= THIN_EVERY || bytes > budget) {
      laidSinceThinning = 0;
      thin(point.work(), endWork);
    }
  }

  private void put(Run.Point point, @Nullable Input lastInput) {
    Map.Entry<Long, Checkpoint> before = byInstruction.lowerEntry(point.instruction());
    long pages =
        before == null
            ? point.state().memory().pages()
            : point.state().memory().pagesNotIn(before.getValue().point().state().memory());
    long weight = pages * 4096 + FIXED_BYTES;
    Checkpoint old =
        byInstruction.put(point.instruction(), new Checkpoint(point, lastInput, weight));
    bytes += weight - (old == null ? 0 : old.bytes());
  }

  private void weighAgain(Checkpoint c) {
    put(c.point(), c.lastInput());
  }

  /** Forgets those after an instruction. */
  void truncateAfter(long instruction) {
    Map<Long, Checkpoint> dropped = byInstruction.tailMap(instruction, false);
    for (Checkpoint c : dropped.values()) {
      bytes -= c.bytes();
    }
    dropped.clear();
  }

  /** Host memory they take, estimated. */
  long bytes() {
    return bytes;
  }

  int count() {
    return byInstruction.size();
  }

  private void thin(long hereWork, long endWork) {
    thin(hereWork, endWork, USUAL_SHARE);
    for (int share = USUAL_SHARE / 2; bytes > budget && share > 0; share /= 2) {
      thin(hereWork, endWork, share);
    }
    while (bytes > budget && byInstruction.size() > 2) {
      remove(byInstruction.higherEntry(byInstruction.firstKey()).getValue());
    }
  }

  /** Removes each one without which the gap would still be small for its distance. */
  private void thin(long hereWork, long endWork, int share) {
    Checkpoint before = null;
    Checkpoint candidate = null;
    for (Checkpoint next : byInstruction.values()) {
      if (before != null && candidate != null) {
        long at = candidate.point().work();
        long distance = Math.min(Math.abs(endWork - at), Math.abs(hereWork - at));
        if (next.point().work() - before.point().work() <= distance / share) {
          remove(candidate);
          candidate = next;
          continue;
        }
      }
      before = candidate;
      candidate = next;
    }
  }

  private void remove(Checkpoint dropped) {
    Checkpoint removed = byInstruction.remove(dropped.instruction());
    bytes -= removed == null ? 0 : removed.bytes();
    Map.Entry<Long, Checkpoint> next = byInstruction.higherEntry(dropped.instruction());
    if (next != null) {
      weighAgain(next.getValue());
    }
  }
}
