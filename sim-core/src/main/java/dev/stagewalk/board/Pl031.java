package dev.stagewalk.board;

import dev.stagewalk.cpu.Waiting;
import dev.stagewalk.mem.Device;
import java.util.function.Consumer;

/**
 * A PL031 real-time clock: seconds, and an interrupt when they reach a match value.
 *
 * <p>Source: PrimeCell Real Time Clock (PL031) Technical Reference Manual, "Programmers Model".
 */
final class Pl031 implements Device {
  private static final int DATA = 0x00;
  private static final int MATCH = 0x04;
  private static final int LOAD = 0x08;
  private static final int CONTROL = 0x0c;
  private static final int INTERRUPT_MASK = 0x10;
  private static final int RAW_STATUS = 0x14;
  private static final int MASKED_STATUS = 0x18;
  private static final int CLEAR = 0x1c;
  private static final int IDENTIFICATION_BASE = 0xfe0;
  private static final int[] IDENTIFICATION = {0x31, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

  private final long base;
  private final SystemCounter counter;
  private final Consumer<Boolean> line;

  /** What the clock shows when the system counter is 0. */
  private long offset;

  private long loaded;

  private long match;
  private boolean mask;
  private boolean raised;

  /** Whether the match value lies ahead. */
  private boolean ahead;

  /**
   * @param epoch seconds that the clock shows at first
   * @param line gets the level of the interrupt
   */
  Pl031(long base, SystemCounter counter, long epoch, Consumer<Boolean> line) {
    this.base = base;
    this.counter = counter;
    this.offset = epoch;
    this.line = line;
  }

  @Override
  public long base() {
    return base;
  }

  @Override
  public long size() {
    return 0x1000;
  }

  private long seconds() {
    return offset + counter.count() / SystemCounter.FREQUENCY & 0xffff_ffffL;
  }

  @Override
  public long read(long at, int width) {
    update();
    long word = register((int) at & ~3) >>> 8 * (at & 3);
    return width >= 4 ? word : word & (1L << 8 * width) - 1;
  }

  private long register(int at) {
    if (at >= IDENTIFICATION_BASE) {
      return IDENTIFICATION[(at - IDENTIFICATION_BASE) / 4];
    }
    return switch (at) {
      case DATA -> seconds();
      case MATCH -> match;
      case LOAD -> loaded;
      case CONTROL -> 1;
      case INTERRUPT_MASK -> mask ? 1 : 0;
      case RAW_STATUS -> raised ? 1 : 0;
      case MASKED_STATUS -> mask && raised ? 1 : 0;
      default -> 0;
    };
  }

  @Override
  public void write(long at, int width, long value) {
    update();
    switch ((int) at) {
      case MATCH -> {
        match = value & 0xffff_ffffL;
        ahead = true;
      }
      case LOAD -> {
        loaded = value & 0xffff_ffffL;
        offset = loaded - counter.count() / SystemCounter.FREQUENCY;
        ahead = true;
      }
      case INTERRUPT_MASK -> mask = (value & 1) != 0;
      case CLEAR -> raised &= (value & 1) == 0;
      default -> {
        // The others cannot be written, and the clock cannot be stopped.
      }
    }
    ahead &= seconds() <= match;
    update();
  }

  /** Brings the interrupt up to the present time. */
  void update() {
    if (ahead && seconds() >= match) {
      ahead = false;
      raised = true;
    }
    line.accept(mask && raised);
  }

  /** The system counter when the interrupt may rise. */
  long nextChange() {
    return mask && ahead ? (match - offset) * SystemCounter.FREQUENCY : Waiting.FOREVER;
  }

  @Override
  public long[] save() {
    return new long[] {offset, loaded, match, (mask ? 1 : 0) | (raised ? 2 : 0) | (ahead ? 4 : 0)};
  }

  @Override
  public void restore(long[] state) {
    offset = state[0];
    loaded = state[1];
    match = state[2];
    mask = (state[3] & 1) != 0;
    raised = (state[3] & 2) != 0;
    ahead = (state[3] & 4) != 0;
  }
}
