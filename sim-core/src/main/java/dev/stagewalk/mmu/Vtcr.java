package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import org.jspecify.annotations.Nullable;

/**
 * Where the fields of VTCR_EL2 stand and what their codes mean, for reading and for building a
 * value.
 *
 * <p>Source: Arm ARM, VTCR_EL2, Virtualization Translation Control Register.
 */
final class Vtcr {
  static final long RES1 = 1L << 31;
  static final long DS = 1L << 32;
  static final long SL2 = 1L << 33;
  static final long HD = 1L << 22;
  static final long HA = 1L << 21;
  static final long VS = 1L << 19;
  static final long PS = 7L << 16;

  /** What shapes tables: T0SZ, SL0, TG0, PS, DS, SL2. */
  static final long SHAPE = 0x3f | 3 << 6 | 3 << 14 | PS | DS | SL2;

  /** What a hypervisor writes beside the geometry: Inner Shareable, Write-Back walks. */
  static final long WALKS_WRITE_BACK_INNER_SHAREABLE = 3L << 12 | 1L << 10 | 1L << 8;

  private Vtcr() {}

  static int t0sz(long vtcr) {
    return (int) vtcr & 0x3f;
  }

  static int sl0(long vtcr) {
    return (int) (vtcr >>> 6) & 3;
  }

  static int sh0(long vtcr) {
    return (int) (vtcr >>> 12) & 3;
  }

  static int tg0(long vtcr) {
    return (int) (vtcr >>> 14) & 3;
  }

  static int ps(long vtcr) {
    return (int) (vtcr >>> 16) & 7;
  }

  /** The granule TG0 names; null for the reserved code 0b11. */
  static @Nullable Granule granule(int tg0) {
    return switch (tg0) {
      case 0 -> Granule.K4;
      case 1 -> Granule.K64;
      case 2 -> Granule.K16;
      default -> null;
    };
  }

  static int tg0(Granule granule) {
    return switch (granule) {
      case K4 -> 0;
      case K64 -> 1;
      case K16 -> 2;
    };
  }

  /** What SL2:SL0 mean as an initial level of lookup; {@link #RESERVED_LEVEL} if nothing. */
  static int startLevel(Granule granule, boolean ds, boolean sl2, int sl0) {
    return switch (granule) {
      case K4 -> sl2 ? (sl0 == 0 ? -1 : RESERVED_LEVEL) : sl0 == 3 ? 3 : 2 - sl0;
      case K16 -> sl0 == 3 && !ds ? RESERVED_LEVEL : 3 - sl0;
      case K64 -> sl0 == 3 ? RESERVED_LEVEL : 3 - sl0;
    };
  }

  /** SL2 and SL0, in place, that name an initial level of lookup. */
  static long startLevelFields(Granule granule, int level) {
    if (granule != Granule.K4) {
      return (3L - level) << 6;
    }
    return level == -1 ? SL2 : level == 3 ? 3L << 6 : (2L - level) << 6;
  }

  /** Stands for a reserved encoding of SL0. */
  static final int RESERVED_LEVEL = Integer.MIN_VALUE;
}
