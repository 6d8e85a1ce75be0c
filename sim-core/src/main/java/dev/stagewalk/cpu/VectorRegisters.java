package dev.stagewalk.cpu;

import org.jspecify.annotations.Nullable;

/**
 * The SIMD and floating-point registers V0 to V31, 128 bits each as two halves. A write of fewer
 * bits clears those above.
 *
 * <p>Source: Arm ARM, "The SIMD and floating-point registers, V0-V31".
 */
public final class VectorRegisters {
  /** How many there are. */
  public static final int COUNT = 32;

  private final long[] halves = new long[2 * COUNT];

  /** What was saved last, while it is still what the registers hold. */
  private long @Nullable [] saved;

  /** Bits 63 to 0. */
  public long low(int number) {
    return halves[2 * number];
  }

  /** Bits 127 to 64. */
  public long high(int number) {
    return halves[2 * number + 1];
  }

  /** Writes all 128 bits. */
  public void set(int number, long low, long high) {
    halves[2 * number] = low;
    halves[2 * number + 1] = high;
    saved = null;
  }

  /** Bits of an element of {@code size} (1, 2, 4, 8) bytes, zero-extended. */
  long element(int number, int size, int index) {
    int bit = 8 * size * index;
    long half = halves[2 * number + (bit >>> 6)] >>> (bit & 63);
    return size == 8 ? half : half & ((1L << (8 * size)) - 1);
  }

  /** Writes an element and leaves the others. */
  void setElement(int number, int size, int index, long value) {
    int bit = 8 * size * index;
    long mask = size == 8 ? -1 : (1L << (8 * size)) - 1;
    int half = 2 * number + (bit >>> 6);
    halves[half] = (halves[half] & ~(mask << (bit & 63))) | (value & mask) << (bit & 63);
    saved = null;
  }

  /** The registers, low half first; shared, not to be changed. */
  long[] save() {
    long[] now = saved;
    if (now == null) {
      now = halves.clone();
      saved = now;
    }
    return now;
  }

  void restore(long[] state) {
    System.arraycopy(state, 0, halves, 0, halves.length);
    saved = state;
  }
}
