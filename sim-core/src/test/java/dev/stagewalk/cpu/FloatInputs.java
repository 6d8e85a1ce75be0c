package dev.stagewalk.cpu;

/** What registers hold before a recorded floating-point instruction: numbers of all kinds. */
final class FloatInputs {
  private final long line;
  private final int bytes;

  /** Inputs of a line, of numbers of {@code size} bytes, sometimes of half as many. */
  FloatInputs(long line, int size) {
    this.line = line;
    int usual = size == 0 ? 8 : size;
    bytes = line % 5 == 4 ? Math.max(2, usual / 2) : usual;
  }

  long fpcr() {
    long random = mix(~line);
    long half = (random & 3) == 0 ? 1L << 26 : 0;
    long nan = (random >>> 2 & 3) == 0 ? 1L << 25 : 0;
    long flush = (random >>> 4 & 3) == 0 ? 1L << 24 : 0;
    long flushHalf = (random >>> 6 & 3) == 0 ? 1L << 19 : 0;
    return half | nan | flush | flushHalf | (random >>> 8 & 3) << 22;
  }

  /** Sometimes the last exception was that a result was not exact. */
  long fpsr() {
    return line % 3 == 0 ? 0x10 : 0;
  }

  int nzcv() {
    return (int) (mix(line + 12345) & 15);
  }

  long general(int register) {
    long random = mix(line * 16 + register + (1L << 40));
    return random >> (random >>> 58);
  }

  /** Half of a vector register. */
  long half(int half) {
    long result = 0;
    for (int at = 0; at < 8; at += bytes) {
      result |= number(mix(line * 256 + half * 8L + at)) << 8 * at;
    }
    return result;
  }

  private long number(long random) {
    int fraction = bytes == 2 ? 10 : bytes == 4 ? 23 : 52;
    int bits = 8 * bytes;
    int top = (1 << (bits - 1 - fraction)) - 1;
    int bias = top >> 1;
    long ones = (1L << fraction) - 1;
    long sign = random >>> 63 << (bits - 1);
    long tail = random & ones;
    if ((random >>> 52 & 7) == 0) {
      tail &= ones << (fraction - 3);
    }
    int near = (int) (random >>> 53 & 7);
    int exponent =
        switch ((int) (random >>> 56 & 15)) {
          case 0, 1 -> 0;
          case 2 -> top;
          case 3 -> top - 1 - near % 2;
          case 4 -> 1 + near % 3;
          case 5 -> 1 + (fraction + near) % (top - 1);
          case 6, 7, 8 -> Math.min(top - 1, bias + (int) (random >>> 40 & 63) % (fraction + 3));
          case 9 -> bias + (bits == 16 ? 15 : 31) - near % 3;
          default -> bias + near - 4;
        };
    if (exponent == 0 && near < 3) {
      tail = near == 0 ? 0 : near == 1 ? 1 : ones;
    }
    if (exponent == top && near < 4) {
      tail = near < 2 ? 0 : tail | 1L << (fraction - 1);
    }
    return sign | (long) Math.min(exponent, top) << fraction | tail;
  }

  private static long mix(long seed) {
    long z = seed + 0x9e37_79b9_7f4a_7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return z ^ (z >>> 31);
  }
}
