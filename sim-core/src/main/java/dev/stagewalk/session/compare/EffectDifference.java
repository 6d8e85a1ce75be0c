package dev.stagewalk.session.compare;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import org.jspecify.annotations.Nullable;

/**
 * A range of input addresses that tables translate in another way.
 *
 * @param input its first address: IPA of stage 2, VA of stage 1
 * @param bytes its size
 * @param first what the first moment makes of it, at its first address; null where it faults
 * @param second what the second moment makes of it
 */
public record EffectDifference(
    long input, long bytes, @Nullable Effect first, @Nullable Effect second) {

  /** "0x4020_0000 to 0x4020_0fff (4 KiB)". */
  public String range() {
    return Hex.address(input)
        + " to "
        + Hex.address(input + bytes - 1)
        + " ("
        + Size.words(bytes)
        + ")";
  }

  /** What one of the moments makes of it, in words. */
  public static String words(@Nullable Effect effect) {
    return effect == null ? "not mapped" : effect.words();
  }
}
