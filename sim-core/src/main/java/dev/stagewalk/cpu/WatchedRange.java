package dev.stagewalk.cpu;

import dev.stagewalk.arch.Regime;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of which a debugger wants to be told every access.
 *
 * @param space what kind of address they are
 * @param first the first of them
 * @param last the last of them, included
 * @param reads whether loads count, and descriptors that table walks read
 * @param writes whether stores count, and descriptors that table walks update
 * @param fetches whether fetches of instructions count
 * @param regime whose VAs they are; null for those of any regime, and for other addresses
 * @param asid of the VAs; −1 for any
 * @param vmid under which a VA or IPA is used; −1 for any
 * @param pe that makes the access; −1 for any
 */
public record WatchedRange(
    Space space,
    long first,
    long last,
    boolean reads,
    boolean writes,
    boolean fetches,
    @Nullable Regime regime,
    int asid,
    int vmid,
    int pe) {

  /** What an address is an address of. */
  public enum Space {
    /** As instructions use it, without its tag. */
    VA,
    /** As stage 2 translated it for this access. */
    IPA,
    /** Whoever makes the access: instructions, table walks, a hypervisor in Java. */
    PA;
  }

  public WatchedRange {
    if (Long.compareUnsigned(last, first) < 0) {
      throw new IllegalArgumentException("the range ends before it begins");
    }
  }

  /** Addresses that anybody may use. */
  public static WatchedRange of(
      Space space, long first, long last, boolean reads, boolean writes, boolean fetches) {
    return new WatchedRange(space, first, last, reads, writes, fetches, null, -1, -1, -1);
  }

  /** Whether one of these bytes is among its addresses. */
  public boolean meets(long address, long bytes) {
    return Long.compareUnsigned(address, last) <= 0
        && Long.compareUnsigned(first, address + bytes - 1) <= 0;
  }

  /** Whether an access of a kind counts. */
  boolean counts(WatchedAccess.Kind kind) {
    return switch (kind) {
      case READ -> reads;
      case WRITE -> writes;
      case FETCH -> fetches;
    };
  }
}
