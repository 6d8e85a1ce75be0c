package dev.stagewalk.board;

/**
 * The registers that distributor and redistributors have in common: each is a bit, two bits or a
 * byte for each interrupt, at the same offsets.
 *
 * <p>Source: Arm GIC Architecture Specification (IHI0069), GICD_ISENABLER and those that follow it.
 */
final class BankRegisters {
  private static final int IGROUPR = 0x080;
  private static final int ISENABLER = 0x100;
  private static final int ICENABLER = 0x180;
  private static final int ISPENDR = 0x200;
  private static final int ICPENDR = 0x280;
  private static final int ISACTIVER = 0x300;
  private static final int ICACTIVER = 0x380;
  private static final int IPRIORITYR = 0x400;
  private static final int ITARGETSR = 0x800;
  private static final int ICFGR = 0xc00;
  private static final int IGRPMODR = 0xd00;

  /** From 0xffd0: PIDR4 to PIDR7, PIDR0 to PIDR3 with architecture revision 3, CIDR0 to CIDR3. */
  private static final int[] IDENTIFICATION = {
    0x44, 0, 0, 0, 0x92, 0xb4, 0x3b, 0, 0x0d, 0xf0, 0x05, 0xb1
  };

  private BankRegisters() {}

  /** The registers from 0xffd0 on. */
  static int identification(int at) {
    return IDENTIFICATION[(at & 0xff) - 0xd0 >> 2];
  }

  /** Which 32 interrupts a register is about; −1 if it is none of these registers. */
  static int word(int at) {
    if (at >= IGROUPR && at < IPRIORITYR) {
      return (at & 0x7f) / 4;
    }
    if (at >= IPRIORITYR && at < ITARGETSR) {
      return (at - IPRIORITYR) / 32;
    }
    return at >= ICFGR && at < IGRPMODR ? (at - ICFGR) / 8 : -1;
  }

  /** Reads the register at an offset that is a multiple of 4. */
  static int read(InterruptBank bank, int at) {
    if (at >= ICFGR) {
      return bank.configuration(at >> 2 & 1);
    }
    if (at >= IPRIORITYR) {
      int value = 0;
      for (int i = 3; i >= 0; i--) {
        value = value << 8 | bank.priority((at & 0x1c) + i);
      }
      return value;
    }
    return switch (at & ~0x7f) {
      case IGROUPR -> bank.group;
      case ISENABLER, ICENABLER -> bank.enabled;
      case ISPENDR, ICPENDR -> bank.pending();
      default -> bank.active;
    };
  }

  /** Writes 1, 2 or 4 bytes; only priorities can be written bytewise. */
  static void write(InterruptBank bank, int at, int width, int value) {
    if (at >= IPRIORITYR && at < ITARGETSR) {
      for (int i = 0; i < width; i++) {
        bank.setPriority((at + i) % InterruptBank.COUNT, value >>> 8 * i & 0xff);
      }
      return;
    }
    if (width != 4) {
      return;
    }
    if (at >= ICFGR) {
      // Software-generated interrupts are edge-triggered for good.
      if (bank.first != 0 || (at & 4) != 0) {
        bank.configure(at >> 2 & 1, value);
      }
      return;
    }
    switch (at & ~0x7f) {
      case IGROUPR -> bank.group = value;
      case ISENABLER -> bank.enabled |= value;
      case ICENABLER -> bank.enabled &= ~value;
      case ISPENDR -> bank.latched |= value;
      case ICPENDR -> bank.latched &= ~value;
      case ISACTIVER -> bank.active |= value;
      case ICACTIVER -> bank.active &= ~value;
      default -> {
        // There is none between these.
      }
    }
  }
}
