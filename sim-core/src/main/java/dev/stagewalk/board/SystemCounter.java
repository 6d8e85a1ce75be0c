package dev.stagewalk.board;

import dev.stagewalk.cpu.Pe;
import java.util.List;

/**
 * Time on the board. Each instruction of any PE takes {@link #TICKS_PER_INSTRUCTION}; where every
 * PE waits, time jumps to what ends a wait.
 *
 * <p>Source: Arm ARM, "The Generic Timer", "The system counter".
 */
final class SystemCounter {
  /** Ticks a second: CNTFRQ_EL0. */
  static final long FREQUENCY = 62_500_000;

  static final long TICKS_PER_INSTRUCTION = 1;

  private final Pe[] pes;
  private long skipped;

  SystemCounter(List<Pe> pes) {
    this.pes = pes.toArray(new Pe[0]);
  }

  /** Instructions started and finished with, over all PEs. */
  long instructions() {
    long all = 0;
    for (Pe pe : pes) {
      all += pe.instructions();
    }
    return all;
  }

  /** Ticks since the board was switched on. */
  long count() {
    return instructions() * TICKS_PER_INSTRUCTION + skipped;
  }

  /** The number of instructions at which a count is reached if nothing is skipped. */
  long instructionsAt(long count) {
    return count == Long.MAX_VALUE ? count : Math.ceilDiv(count - skipped, TICKS_PER_INSTRUCTION);
  }

  /** Lets time pass without an instruction. */
  void skipTo(long count) {
    skipped += count - count();
  }

  /** Ticks that no instruction took. */
  long skipped() {
    return skipped;
  }

  void restore(long newSkipped) {
    skipped = newSkipped;
  }
}
