package dev.stagewalk.board;

import dev.stagewalk.mem.Mix;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What the hypervisor has done that no barrier has completed yet: descriptor stores that a walker
 * need not see, and TLBIs that need not have taken effect.
 *
 * <p>Source: Arm ARM, "TLB maintenance instructions", "Ordering and completion of TLB maintenance
 * instructions".
 */
public final class PendingWork {
  /** Each address once, so that a hypervisor that forgets its barriers does not fill memory. */
  private final Set<Long> stores = new LinkedHashSet<>();

  private int invalidations;

  void stored(long pa) {
    stores.add(pa);
  }

  void invalidated() {
    invalidations++;
  }

  /** DSB for reads and writes: completes both. */
  void synchronised() {
    stores.clear();
    invalidations = 0;
  }

  /** DSB for writes only: completes stores, not TLBIs. */
  void storesSynchronised() {
    stores.clear();
  }

  /** Addresses of descriptor stores that no DSB has completed, oldest first. */
  public long[] stores() {
    return stores.stream().mapToLong(Long::longValue).toArray();
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
    stores.clear();
    for (long pa : state.stores) {
      stores.add(pa);
    }
    invalidations = state.invalidations;
  }
}
