package dev.stagewalk.board;

/**
 * The part of a CPU interface, physical or virtual, that compares priorities: binary points, and
 * the active priorities. Priorities have five bits, all of which can preempt.
 *
 * <p>Source: Arm GIC Architecture Specification (IHI0069), "Interrupt prioritization".
 */
final class Priorities {
  /** Running priority of an interface on which nothing is active. */
  static final int IDLE = 0xff;

  /** The least value of the binary point of Group 0. */
  static final int LEAST_BPR0 = 2;

  /** The least value of the binary point of Group 1. */
  static final int LEAST_BPR1 = 3;

  /** ICC_CTLR_EL1.PRIbits and the fields of ICH_VTR_EL2: bits of priority, less one. */
  static final int BITS_LESS_ONE = 4;

  int binaryPoint0 = LEAST_BPR0;
  int binaryPoint1 = LEAST_BPR1;

  /** Whether the binary point of Group 0 is that of Group 1 too. */
  boolean common;

  /** Active priorities of Group 0 and 1: bit n for a group priority of 8 × n. */
  int active0;

  int active1;

  /** The binary point that reads of BPR1 give. */
  int shownBinaryPoint1() {
    return common ? Math.min(binaryPoint0 + 1, 7) : binaryPoint1;
  }

  void setBinaryPoint0(long value) {
    binaryPoint0 = Math.max((int) value & 7, LEAST_BPR0);
  }

  void setBinaryPoint1(long value) {
    if (!common) {
      binaryPoint1 = Math.max((int) value & 7, LEAST_BPR1);
    }
  }

  /** The bits of a priority that count for preemption. */
  private int groupMask(int group) {
    int point = group == 0 || common ? binaryPoint0 + 1 : binaryPoint1;
    return -1 << point & 0xff;
  }

  /** The priority of what is active, of which only the bits are known that count. */
  int running() {
    int active = active0 | active1;
    return active == 0 ? IDLE : Integer.numberOfTrailingZeros(active) << 3;
  }

  /** Whether an interrupt may be signalled. */
  boolean letsThrough(int priority, int group, int mask) {
    return priority < mask && (running() == IDLE || (priority & groupMask(group)) < running());
  }

  void activate(int priority, int group) {
    int bit = 1 << ((priority & groupMask(group)) >> 3);
    if (group == 0) {
      active0 |= bit;
    } else {
      active1 |= bit;
    }
  }

  /**
   * Drops the running priority, if what runs is of that group.
   *
   * @return whether it was
   */
  boolean drop(int group) {
    int active = active0 | active1;
    int lowest = active & -active;
    boolean mine = lowest != 0 && ((group == 0 ? active0 : active1) & lowest) != 0;
    if (mine && group == 0) {
      active0 &= ~lowest;
    } else if (mine) {
      active1 &= ~lowest;
    }
    return mine;
  }
}
