package dev.stagewalk.session;

import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.VectorRegisters;
import java.util.Locale;

/** The registers beside general and System registers that a bit can be flipped in. */
final class BitFlip {
  private static final String PSTATE = "pstate";

  /** N, Z, C, V and D, A, I, F, in the layout of SPSR_EL2. */
  private static final long FLAGS_AND_MASKS = 0xfL << 28 | 0xfL << 6;

  private BitFlip() {}

  /** How many bits a register of that name has. */
  static int bits(String name) {
    return vector(name) >= 0 ? 128 : 64;
  }

  /** Whether it is one of these. */
  static boolean knows(String name) {
    return vector(name) >= 0 || name.equalsIgnoreCase(PSTATE);
  }

  /**
   * @throws Refused if there is no such bit, or it cannot be changed alone
   */
  static void check(String name, int bit) {
    if (bit < 0 || bit >= bits(name)) {
      throw new Refused("there is no bit " + bit + " of " + name);
    }
    if (name.equalsIgnoreCase(PSTATE) && (FLAGS_AND_MASKS >>> bit & 1) == 0) {
      throw new Refused(
          "of PSTATE the flags, bits 31 to 28, and the masks, bits 9 to 6, can be flipped");
    }
  }

  /** Flips it. */
  static void apply(Pe pe, String name, int bit) {
    int vector = vector(name);
    if (vector < 0) {
      pe.flipFlagsAndMasks(1L << bit);
      return;
    }
    VectorRegisters all = pe.vectors();
    long low = bit < 64 ? 1L << bit : 0;
    long high = bit < 64 ? 0 : 1L << (bit - 64);
    all.set(vector, all.low(vector) ^ low, all.high(vector) ^ high);
  }

  /** 0 to 31 for v0 to v31, otherwise −1. */
  private static int vector(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (int i = 0; i < VectorRegisters.COUNT; i++) {
      if (lower.equals("v" + i)) {
        return i;
      }
    }
    return -1;
  }
}
