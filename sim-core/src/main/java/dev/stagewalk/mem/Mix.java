package dev.stagewalk.mem;

/** Mixing of 64-bit values for state hashes. The finaliser is the one of SplitMix64. */
public final class Mix {
  private Mix() {}

  /** A well-spread function of a value and its place. */
  public static long mix(long value, long place) {
    long z = value + place * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Hash of an array: content and length. */
  public static long of(long[] values) {
    long h = values.length;
    for (long value : values) {
      h = mix(h, value);
    }
    return h;
  }
}
