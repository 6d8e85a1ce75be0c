package dev.stagewalk.check;

import dev.stagewalk.mem.Mix;
import java.util.Arrays;

/** Tables that were met, each at a level of lookup, and the input address it was first met for. */
final class SeenTables {
  private static final int FIRST_SIZE = 64;

  /** Address and level in one, so that no key is 0; open addressing. */
  private long[] keys = new long[FIRST_SIZE];

  private long[] inputs = new long[FIRST_SIZE];
  private int count;

  private static long key(long base, int level) {
    // Tables are aligned to 16 bytes or more.
    return base << 3 | level + 2;
  }

  /**
   * Takes note of a table.
   *
   * @return whether it was met before
   */
  boolean add(long base, int level, long input) {
    long key = key(base, level);
    int slot = find(key);
    if (keys[slot] == key) {
      return true;
    }
    if (2 * (count + 1) > keys.length) {
      grow();
      slot = find(key);
    }
    keys[slot] = key;
    inputs[slot] = input;
    count++;
    return false;
  }

  /** The input address a table was first met for. */
  long inputOf(long base, int level) {
    return inputs[find(key(base, level))];
  }

  /** Whether a table was met at a level. */
  boolean contains(long base, int level) {
    return keys[find(key(base, level))] != 0;
  }

  /** Addresses of all tables, in order; one that was met at two levels is there twice. */
  long[] addresses() {
    return Arrays.stream(keys).filter(key -> key != 0).map(key -> key >>> 3).sorted().toArray();
  }

  private int find(long key) {
    int mask = keys.length - 1;
    int slot = (int) Mix.mix(key, 0) & mask;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldInputs = inputs;
    keys = new long[2 * oldKeys.length];
    inputs = new long[2 * oldKeys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = find(oldKeys[i]);
        keys[slot] = oldKeys[i];
        inputs[slot] = oldInputs[i];
      }
    }
  }
}
