package dev.stagewalk.board;

import dev.stagewalk.mem.Mix;
import java.util.Arrays;

/**
 * What the hypervisor has done that no barrier has completed yet: descriptor stores that a walker
 * need not see, and TLBIs that need not have taken effect.
 *
 * <p>Source: Arm ARM, "TLB maintenance instructions", "Ordering and completion of TLB maintenance
 * instructions".
 */
public final class PendingWork {
  private long[] stores = new long[16];
  private int count;
  private int invalidations;

  void stored(long pa) {
    if (count == stores.length) {
      stores = Arrays.copyOf(stores, count * 2);
    }
    stores[count++] = pa;
  }

  void invalidated() {
    invalidations++;
  }

  /** DSB for reads and writes: completes both. */
  void synchronised() {
    count = 0;
    invalidations = 0;
  }

  /** DSB for writes only: completes stores, not TLBIs. */
  void storesSynchronised() {
    count = 0;
  }

  /** Addresses of descriptor stores that no DSB has completed, oldest first. */
  public long[] stores() {
    return Arrays.copyOf(stores, count);
  }

  /** TLBIs that no DSB has completed. */
  public int invalidations() {
    return invalidations;
  }

  /** The pending work at one moment. */
  public record State(long[] stores, int invalidations) {
    long hash() {
      return Mix.mix(Mix.of(stores), invalidations);
    }
  }

  State save() {
    return new State(stores(), invalidations);
  }

  void restore(State state) {
    count = state.stores.length;
    stores = Arrays.copyOf(state.stores, Math.max(16, count));
    invalidations = state.invalidations;
  }
}
