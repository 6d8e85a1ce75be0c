package dev.stagewalk.time;

import dev.stagewalk.board.Machine;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * States of a machine between two instructions, from which any later moment is reached by executing
 * again. They lie the closer the younger they are: the gap grows with age, up to one 64th of it.
 */
final class Checkpoints {
  /** Instructions between two checkpoints when they are laid. */
  static final long SPACING = 1_000_000;

  /** Pages that may be copied between two checkpoints. */
  static final long PAGES = 512;

  private static final int THIN_EVERY = 64;

  private final ConcurrentSkipListMap<Long, Checkpoint> byInstruction =
      new ConcurrentSkipListMap<>();
  private int laidSinceThinning;

  /**
   * @param pagesBefore pages copied between the checkpoint before this one and it
   */
  record Checkpoint(Machine.State state, long pagesBefore) {
    /** Bytes it keeps from being shared, at most. */
    long bytes() {
      return pagesBefore * 4096 + 32_768;
    }
  }

  /** The youngest checkpoint at or before an instruction; there is always one. */
  Map.Entry<Long, Checkpoint> atOrBefore(long instruction) {
    Map.Entry<Long, Checkpoint> entry = byInstruction.floorEntry(instruction);
    if (entry == null) {
      throw new IllegalStateException("no checkpoint before instruction " + instruction);
    }
    return entry;
  }

  boolean isEmpty() {
    return byInstruction.isEmpty();
  }

  long last() {
    return byInstruction.lastKey();
  }

  void lay(long instruction, Machine.State state, long pagesCopied) {
    byInstruction.putIfAbsent(instruction, new Checkpoint(state, pagesCopied));
    if (++laidSinceThinning >= THIN_EVERY) {
      laidSinceThinning = 0;
      thin(instruction);
    }
  }

  /** Forgets those after an instruction. */
  void truncateAfter(long instruction) {
    byInstruction.tailMap(instruction, false).clear();
  }

  long bytes() {
    long sum = 0;
    for (Checkpoint checkpoint : byInstruction.values()) {
      sum += checkpoint.bytes();
    }
    return sum;
  }

  int count() {
    return byInstruction.size();
  }

  private void thin(long now) {
    Long before = null;
    Long candidate = null;
    for (Long at : byInstruction.keySet()) {
      if (before != null && candidate != null && at - before <= (now - candidate) / 64) {
        Checkpoint dropped = byInstruction.remove(candidate);
        long pages = dropped == null ? 0 : dropped.pagesBefore;
        byInstruction.computeIfPresent(
            at, (k, c) -> new Checkpoint(c.state, c.pagesBefore + pages));
      } else {
        before = candidate;
      }
      candidate = at;
    }
  }
}
