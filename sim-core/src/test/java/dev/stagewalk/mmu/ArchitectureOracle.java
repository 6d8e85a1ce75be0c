package dev.stagewalk.mmu;

import java.util.function.LongUnaryOperator;

/**
 * The stage-2 rules once more, written down as the Arm ARM's pseudocode states them, on plain
 * numbers, and sharing nothing with the code it judges. Results are fault status codes.
 *
 * <p>Source: Arm ARM, "AArch64 translation table walk pseudocode" (S2InvalidSL, S2InconsistentSL,
 * S2MinTxSZ, TTBaseAddress, DecodeDescriptorType, LeafBase, OAOutOfRange).
 */
final class ArchitectureOracle {
  static final int OK = -1;

  int paMax = 52;
  boolean has4K = true;
  boolean has16K = true;
  boolean has64K = true;
  boolean lpa2 = true;
  boolean ttst = true;
  boolean xnx = true;
  boolean hafdbs = true;

  /** Reading this address, or one above it, is an external abort. */
  long memoryLimit = Long.MAX_VALUE;

  long output;
  int reads;

  private int granuleBits;
  private int ds;
  private int sl2;
  private int sl0;
  private int txsz;
  private int ps;

  private void decode(long vtcr) {
    int tg0 = (int) (vtcr >> 14) & 3;
    granuleBits = tg0 == 0 ? 12 : tg0 == 1 ? 16 : tg0 == 2 ? 14 : 0;
    boolean implemented =
        granuleBits == 12 && has4K || granuleBits == 14 && has16K || granuleBits == 16 && has64K;
    if (!implemented) {
      granuleBits = has4K ? 12 : has16K ? 14 : 16;
    }
    ds = granuleBits != 16 && lpa2 ? (int) (vtcr >> 32) & 1 : 0;
    sl2 = granuleBits == 12 ? (int) (vtcr >> 33) & ds : 0;
    sl0 = (int) (vtcr >> 6) & 3;
    txsz = (int) vtcr & 63;
    ps = (int) (vtcr >> 16) & 7;
  }

  private int startLevel() {
    if (granuleBits == 12) {
      if (sl2 == 1) {
        return -1;
      }
      return new int[] {2, 1, 0, 3}[sl0];
    }
    return 3 - sl0;
  }

  private boolean invalidSl() {
    if (granuleBits == 12) {
      return switch (sl2 << 2 | sl0) {
        case 0b101, 0b110, 0b111 -> true;
        case 0b010 -> paMax < 44;
        case 0b011 -> !ttst;
        default -> false;
      };
    }
    if (granuleBits == 14) {
      return sl0 == 3 ? ds == 0 : sl0 == 2 && paMax < 42;
    }
    return sl0 == 3 || (sl0 == 2 && paMax < 44);
  }

  private boolean inconsistentSl() {
    int levels = 3 - startLevel();
    int stride = granuleBits - 3;
    int min = levels * stride + granuleBits + 1;
    int max = min + (stride - 1) + 4;
    int iasize = 64 - txsz;
    return iasize < min || iasize > max;
  }

  private boolean invalidTxSz() {
    int ips = granuleBits != 16 && ds == 0 ? Math.min(48, paMax) : paMax;
    int most = !ttst ? 39 : granuleBits == 16 ? 47 : 48;
    return txsz < 64 - ips || txsz > most;
  }

  int oaSize() {
    int bits = new int[] {32, 36, 40, 42, 44, 48, 52, 52}[ps];
    int most = granuleBits != 16 && ds == 0 ? Math.min(48, paMax) : paMax;
    return Math.min(bits, most);
  }

  private boolean oaOutOfRange(long address) {
    return (address >>> oaSize()) != 0;
  }

  private long baseAddress(long ttb) {
    int tsize = 64 - txsz - ((3 - startLevel()) * (granuleBits - 3) + granuleBits) + 3;
    long base;
    if (ds == 1 || (granuleBits == 16 && ps == 6 && paMax >= 52)) {
      tsize = Math.max(tsize, 6);
      base = bits(ttb, 47, 6) << 6 | bits(ttb, 5, 2) << 48;
    } else {
      base = bits(ttb, 47, 1) << 1;
    }
    return base >>> tsize << tsize;
  }

  /** 0b100 for a level 0 Translation fault of the controls alone, 0 for Address size, or OK. */
  int controls(long vtcr, long vttbr) {
    decode(vtcr);
    if (invalidTxSz() || invalidSl() || inconsistentSl()) {
      return 0b000100;
    }
    return oaOutOfRange(baseAddress(vttbr)) ? 0b000000 : OK;
  }

  long rootBase(long vtcr, long vttbr) {
    decode(vtcr);
    return baseAddress(vttbr);
  }

  int level(long vtcr) {
    decode(vtcr);
    return startLevel();
  }

  /**
   * @param kind r, w, x or a (atomic)
   * @return fault status code, or {@link #OK} with {@link #output} set
   */
  int walk(long vtcr, long vttbr, long ipa, char kind, boolean el1, LongUnaryOperator memory) {
    reads = 0;
    decode(vtcr);
    if (invalidTxSz() || invalidSl() || inconsistentSl() || ipa >>> (64 - txsz) != 0) {
      return 0b000100;
    }
    long base = baseAddress(vttbr);
    if (oaOutOfRange(base)) {
      return 0b000000;
    }
    int stride = granuleBits - 3;
    int msb = 64 - txsz - 1;
    for (int level = startLevel(); ; level++) {
      int lsb = (3 - level) * stride + granuleBits;
      long address = base + bits(ipa, msb, lsb) * 8;
      reads++;
      if (Long.compareUnsigned(address, memoryLimit) >= 0) {
        return level < 0 ? 0b010011 : 0b010100 | level;
      }
      long descriptor = memory.applyAsLong(address);
      boolean block =
          level == 2
              || (level == 1 && (granuleBits == 12 || (granuleBits == 14 ? ds == 1 : paMax >= 52)))
              || (level == 0 && granuleBits == 12 && ds == 1);
      int type = (int) descriptor & 3;
      boolean leaf = level == 3 ? type == 3 : type == 1 && block;
      boolean table = level < 3 && type == 3;
      if (!leaf && !table) {
        return level < 0 ? 0b101011 : 0b000100 | level;
      }
      long next = bits(descriptor, 47, granuleBits) << granuleBits;
      if (ds == 1) {
        next |= bits(descriptor, 49, 48) << 48 | bits(descriptor, 9, 8) << 50;
      } else if (granuleBits == 16 && paMax >= 52) {
        next |= bits(descriptor, 15, 12) << 48;
      }
      if (oaOutOfRange(next)) {
        return level < 0 ? 0b101001 : level;
      }
      if (table) {
        base = next;
        msb = lsb - 1;
        continue;
      }
      boolean ha = hafdbs && bits(vtcr, 21, 21) == 1;
      boolean hd = ha && bits(vtcr, 22, 22) == 1;
      if (bits(descriptor, 10, 10) == 0 && !ha) {
        return 0b001000 | level;
      }
      boolean r = bits(descriptor, 6, 6) == 1;
      boolean w = bits(descriptor, 7, 7) == 1 || (hd && bits(descriptor, 51, 51) == 1);
      long xn = bits(descriptor, 54, 53);
      if (!xnx) {
        xn &= 2;
      }
      boolean x = xn == 0 || (xn == 1 && !el1) || (xn == 3 && el1);
      boolean allowed =
          switch (kind) {
            case 'r' -> r;
            case 'w' -> w;
            case 'a' -> r && w;
            default -> x;
          };
      if (!allowed) {
        return 0b001100 | level;
      }
      output = next >>> lsb << lsb | (ipa & ((1L << lsb) - 1));
      return OK;
    }
  }

  private static long bits(long value, int high, int low) {
    return value >>> low & ((1L << (high - low + 1)) - 1);
  }
}
