package dev.stagewalk.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * Memory as one translation sees it, with what the hardware updates in it, and the list of the
 * descriptors it read.
 */
final class WalkMemory {
  /** How a step of a walk went on. */
  enum Verdict {
    TABLE,
    BLOCK,
    PAGE,
    INVALID,
    REFUSED,
    EXTERNAL_ABORT,
    UNREACHED
  }

  /**
   * One descriptor read.
   *
   * @param stage 1 or 2
   * @param table base of the table, before stage 2 if there is one below
   * @param high highest address bit of the index
   * @param low lowest address bit of the index
   * @param address where it was read; 0 if it was not reached
   */
  record Step(
      int stage,
      int level,
      long table,
      long index,
      int high,
      int low,
      long address,
      long descriptor,
      Verdict verdict) {
    Step verdict(Verdict other) {
      return new Step(stage, level, table, index, high, low, address, descriptor, other);
    }
  }

  private final LongFunction<OptionalLong> memory;
  private final Map<Long, Long> updated = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private boolean silent;

  /**
   * @param memory the word at a physical address, empty where no memory answers
   */
  WalkMemory(LongFunction<OptionalLong> memory) {
    this.memory = memory;
  }

  /** The word at a physical address as it is now; empty where no memory answers. */
  OptionalLong read(long pa) {
    Long value = updated.get(pa);
    return value != null ? OptionalLong.of(value) : memory.apply(pa);
  }

  void update(long pa, long value) {
    updated.put(pa, value);
  }

  /** Words the hardware updated, and what they are now. */
  Map<Long, Long> updated() {
    return updated;
  }

  void step(Step step) {
    if (!silent) {
      steps.add(step);
    }
  }

  /** The latest step was refused after all. */
  void refuse() {
    if (!silent) {
      steps.add(steps.removeLast().verdict(Verdict.REFUSED));
    }
  }

  /** Steps are not noted while the hardware updates a descriptor. */
  void silent(boolean on) {
    silent = on;
  }

  /** In the order made; those of stage 2 before one of stage 1 led to it. */
  List<Step> steps() {
    return steps;
  }
}
