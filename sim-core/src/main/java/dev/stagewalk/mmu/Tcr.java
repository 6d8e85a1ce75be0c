package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import org.jspecify.annotations.Nullable;

/**
 * Where the fields of TCR_EL1 stand and what their codes mean. TCR_EL2 of a regime without EL0 has
 * a layout of its own, which {@link #twoRanges} turns into this one.
 *
 * <p>Source: Arm ARM, TCR_EL1, Translation Control Register (EL1); TCR_EL2, Translation Control
 * Register (EL2).
 */
final class Tcr {
  static final long EPD0 = 1L << 7;
  static final long A1 = 1L << 22;
  static final long EPD1 = 1L << 23;
  static final long AS = 1L << 36;
  static final long TBI0 = 1L << 37;
  static final long TBI1 = 1L << 38;
  static final long HA = 1L << 39;
  static final long HD = 1L << 40;
  static final long HPD0 = 1L << 41;
  static final long HPD1 = 1L << 42;
  static final long E0PD0 = 1L << 55;
  static final long E0PD1 = 1L << 56;
  static final long DS = 1L << 59;

  private Tcr() {}

  /** TCR_EL2 with HCR_EL2.E2H = 0, as if it were TCR_EL1 with one range. */
  static long twoRanges(long tcrEl2) {
    long same = tcrEl2 & 0xff3f; // T0SZ, IRGN0, ORGN0, SH0, TG0
    return same
        | (tcrEl2 >>> 16 & 7) << 32
        | bit(tcrEl2, 20, TBI0)
        | bit(tcrEl2, 21, HA)
        | bit(tcrEl2, 22, HD)
        | bit(tcrEl2, 24, HPD0)
        | bit(tcrEl2, 32, DS);
  }

  private static long bit(long value, int from, long to) {
    return (value >>> from & 1) != 0 ? to : 0;
  }

  static int tsz(long tcr, boolean upper) {
    return (int) (upper ? tcr >>> 16 : tcr) & 0x3f;
  }

  static int sh(long tcr, boolean upper) {
    return (int) (upper ? tcr >>> 28 : tcr >>> 12) & 3;
  }

  static int ips(long tcr) {
    return (int) (tcr >>> 32) & 7;
  }

  /** The code of TG0 or TG1. */
  static int tg(long tcr, boolean upper) {
    return (int) (upper ? tcr >>> 30 : tcr >>> 14) & 3;
  }

  /** The granule of a code; null for the reserved one. TG1 counts differently from TG0. */
  static @Nullable Granule granule(int tg, boolean upper) {
    if (!upper) {
      return Vtcr.granule(tg);
    }
    return switch (tg) {
      case 1 -> Granule.K16;
      case 2 -> Granule.K4;
      case 3 -> Granule.K64;
      default -> null;
    };
  }
}
