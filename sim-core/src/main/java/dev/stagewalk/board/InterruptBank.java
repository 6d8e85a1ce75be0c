package dev.stagewalk.board;

import dev.stagewalk.mem.Stateful;

/**
 * 32 interrupts whose state lies in one place: the private ones of a PE, or shared ones that follow
 * one another.
 *
 * <p>Source: Arm GIC Architecture Specification (IHI0069), "Interrupt handling state machine".
 */
final class InterruptBank implements Stateful {
  static final int COUNT = 32;

  /** Priorities have five bits. */
  private static final int PRIORITY_BITS = 0xf8;

  /** INTID of the first. */
  final int first;

  int enabled;

  /** Pending whatever the line is: an edge, a software-generated interrupt, a write to ISPENDR. */
  int latched;

  int active;

  /** A bit is 1 for Group 1. */
  int group;

  /** A bit is 1 for edge-triggered. */
  int edge;

  /** GICD_IROUTER of shared ones. */
  final long[] route = new long[COUNT];

  private final int[] priority = new int[COUNT];

  /** Levels of the inputs, which follow from the state of the devices. */
  private int lines;

  /**
   * @param edge a bit is 1 for edge-triggered
   */
  InterruptBank(int first, int edge) {
    this.first = first;
    this.edge = edge;
  }

  /** A bit is 1 for pending. */
  int pending() {
    return latched | (lines & ~edge);
  }

  /** Sets an input; returns whether anything has changed. */
  boolean setLine(int bit, boolean level) {
    int mask = 1 << bit;
    if (((lines & mask) != 0) == level) {
      return false;
    }
    lines ^= mask;
    if (level && (edge & mask) != 0) {
      latched |= mask;
    }
    return true;
  }

  int priority(int bit) {
    return priority[bit];
  }

  void setPriority(int bit, int value) {
    priority[bit] = value & PRIORITY_BITS;
  }

  void acknowledge(int bit) {
    active |= 1 << bit;
    latched &= ~(1 << bit);
  }

  /** Two bits an interrupt, the upper 1 for edge-triggered: GICD_ICFGR. */
  int configuration(int half) {
    int value = 0;
    for (int i = 0; i < 16; i++) {
      value |= (edge >>> (16 * half + i) & 1) << 2 * i + 1;
    }
    return value;
  }

  void configure(int half, int value) {
    for (int i = 0; i < 16; i++) {
      int mask = 1 << 16 * half + i;
      edge = (value >>> 2 * i + 1 & 1) != 0 ? edge | mask : edge & ~mask;
    }
  }

  @Override
  public long[] save() {
    long[] state = new long[6 + COUNT / 8 + COUNT];
    state[0] = enabled;
    state[1] = latched;
    state[2] = active;
    state[3] = group;
    state[4] = edge;
    state[5] = lines & edge;
    for (int i = 0; i < COUNT; i++) {
      state[6 + i / 8] |= (long) priority[i] << 8 * (i % 8);
    }
    System.arraycopy(route, 0, state, 6 + COUNT / 8, COUNT);
    return state;
  }

  @Override
  public void restore(long[] state) {
    enabled = (int) state[0];
    latched = (int) state[1];
    active = (int) state[2];
    group = (int) state[3];
    edge = (int) state[4];
    // The other inputs are set anew by the devices; of these the last level tells an edge.
    lines = (int) state[5];
    for (int i = 0; i < COUNT; i++) {
      priority[i] = (int) (state[6 + i / 8] >>> 8 * (i % 8)) & 0xff;
    }
    System.arraycopy(state, 6 + COUNT / 8, route, 0, COUNT);
  }
}
