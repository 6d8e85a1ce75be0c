package dev.stagewalk.isa;

import java.util.OptionalInt;

/**
 * The masks that logical immediates and bitfield moves encode in N:immr:imms (Arm ARM, shared
 * pseudocode function {@code DecodeBitMasks}). An element of 2 to 64 bits holds a run of ones,
 * rotated right, and is repeated over the register.
 */
final class Bitmask {
  private Bitmask() {}

  /** Whether N:imms names an element size; for a logical immediate all ones is reserved too. */
  static boolean isValid(boolean is64, int n, int imms) {
    if (n == 1 && !is64) {
      return false;
    }
    int size = elementSize(n, imms);
    return size >= 2 && (imms & (size - 1)) != size - 1;
  }

  /** The mask of bits that come from the rotated source; 64 bits, unused ones zero. */
  static long wmask(boolean is64, int n, int immr, int imms) {
    int size = elementSize(n, imms);
    int ones = (imms & (size - 1)) + 1;
    return repeat(rotateRight(lowOnes(ones), immr & (size - 1), size), size, is64);
  }

  /** The mask of bits below the top of the field moved, where sign or zero bits do not go. */
  static long tmask(boolean is64, int n, int immr, int imms) {
    int size = elementSize(n, imms);
    int ones = ((imms - immr) & (size - 1)) + 1;
    return repeat(lowOnes(ones), size, is64);
  }

  /** N:immr:imms (13 bits) of a logical immediate, or empty where the value has none. */
  static OptionalInt encode(boolean is64, long value) {
    long pattern = is64 ? value : (value & 0xffff_ffffL) | (value << 32);
    if (pattern == 0 || pattern == -1) {
      return OptionalInt.empty();
    }
    int size = 64;
    while (size > 2 && pattern == Long.rotateRight(pattern, size / 2)) {
      size /= 2;
    }
    long element = pattern & lowOnes(size);
    int ones = Long.bitCount(element);
    for (int immr = 0; immr < size; immr++) {
      if (rotateRight(lowOnes(ones), immr, size) == element) {
        int n = size == 64 ? 1 : 0;
        int imms = (size == 64 ? 0 : (-2 * size) & 0x3f) | (ones - 1);
        return OptionalInt.of(n << 12 | immr << 6 | imms);
      }
    }
    return OptionalInt.empty();
  }

  private static int elementSize(int n, int imms) {
    int sizes = n << 6 | (~imms & 0x3f);
    return sizes == 0 ? 0 : Integer.highestOneBit(sizes);
  }

  private static long lowOnes(int count) {
    return count == 64 ? -1L : (1L << count) - 1;
  }

  private static long rotateRight(long element, int by, int size) {
    return by == 0 ? element : ((element >>> by) | (element << (size - by))) & lowOnes(size);
  }

  private static long repeat(long element, int size, boolean is64) {
    long mask = element;
    for (int filled = size; filled < 64; filled *= 2) {
      mask |= mask << filled;
    }
    return is64 ? mask : mask & 0xffff_ffffL;
  }
}
