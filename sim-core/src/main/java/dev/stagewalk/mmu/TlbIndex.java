package dev.stagewalk.mmu;

import dev.stagewalk.mem.Mix;
import java.util.Arrays;

/**
 * Where the entries of a TLB that may cover an address stand: a hash of addresses for each size in
 * use. It is made of the entries and is no state of its own.
 */
final class TlbIndex {
  /** Groups of entries, see {@link TlbEntry#group}. */
  private static final int GROUPS = 5;

  private static final int NONE = -1;

  private int[] heads = new int[256];
  private int[] next = new int[128];
  private final int[][] counts = new int[GROUPS][64];

  /** Sizes in use of each group: bit n for 2^n bytes. */
  private final long[] shifts = new long[GROUPS];

  TlbIndex() {
    Arrays.fill(heads, NONE);
  }

  void clear() {
    Arrays.fill(heads, NONE);
    Arrays.fill(shifts, 0);
    for (int[] of : counts) {
      Arrays.fill(of, 0);
    }
  }

  /** An entry stands at a place that was free; room must have been made for it. */
  void add(int place, TlbEntry entry) {
    int group = entry.group();
    int bucket = bucket(group, entry.shift(), entry.input());
    next[place] = heads[bucket];
    heads[bucket] = place;
    if (counts[group][entry.shift()]++ == 0) {
      shifts[group] |= 1L << entry.shift();
    }
  }

  /** The entry at a place is gone. */
  void remove(int place, TlbEntry entry) {
    int group = entry.group();
    int bucket = bucket(group, entry.shift(), entry.input());
    if (heads[bucket] == place) {
      heads[bucket] = next[place];
    } else {
      int before = heads[bucket];
      while (next[before] != place) {
        before = next[before];
      }
      next[before] = next[place];
    }
    if (--counts[group][entry.shift()] == 0) {
      shifts[group] &= ~(1L << entry.shift());
    }
  }

  /** Whether there is room for that many entries; if not, {@link #grow} and add all anew. */
  boolean fits(int places) {
    return places <= next.length;
  }

  void grow(int places) {
    int size = Math.max(128, Integer.highestOneBit(2 * places - 1));
    next = new int[size];
    heads = new int[2 * size];
    clear();
  }

  /** Sizes in use of a group, as bits. */
  long shifts(int group) {
    return shifts[group];
  }

  /** The first place that may hold an entry of a size that covers an address; −1 if none. */
  int first(int group, int shift, long address) {
    return heads[bucket(group, shift, address)];
  }

  /** The next such place. */
  int after(int place) {
    return next[place];
  }

  private int bucket(int group, int shift, long address) {
    return (int) Mix.mix(address >>> shift, group << 6 | shift) & (heads.length - 1);
  }
}
