package dev.stagewalk.mmu;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What can be chosen of the TLBs of a machine.
 *
 * @param capacity translations a PE in {@link Tlb.Mode#REALISTIC}, at least 1
 * @param seed decides which of them make room
 * @param policy what the machine does where the architecture leaves the choice; null for the usual,
 *     before an adversarial TLB the worst
 */
public record TlbPlan(Tlb.Mode mode, int capacity, long seed, @Nullable Policy policy) {
  /** A bounded TLB of the usual size. */
  public static final TlbPlan USUAL = of(Tlb.Mode.REALISTIC);

  public TlbPlan {
    if (capacity < 1) {
      throw new IllegalArgumentException("a TLB of " + capacity + " entries");
    }
  }

  /** A kind of TLB with nothing else chosen. */
  public static TlbPlan of(Tlb.Mode mode) {
    return new TlbPlan(mode, Tlb.USUAL_CAPACITY, 1, null);
  }

  /**
   * A kind of TLB by its name: {@code realistic}, {@code off}, {@code adversarial}.
   *
   * @throws IllegalArgumentException if the text names none; the message lists them
   */
  public static TlbPlan parse(String text) {
    for (Tlb.Mode mode : Tlb.Mode.values()) {
      if (name(mode).equalsIgnoreCase(text)) {
        return of(mode);
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is no kind of TLB: choose "
            + Arrays.stream(Tlb.Mode.values())
                .map(TlbPlan::name)
                .collect(Collectors.joining(", ")));
  }

  private static String name(Tlb.Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  /** What the machine does where the architecture leaves the choice. */
  public Policy choices() {
    return policy == null ? Policy.of(mode) : policy;
  }

  /** The same with another seed. */
  public TlbPlan withSeed(long newSeed) {
    return new TlbPlan(mode, capacity, newSeed, policy);
  }

  /** The same with other choices. */
  public TlbPlan with(Policy newPolicy) {
    return new TlbPlan(mode, capacity, seed, newPolicy);
  }
}
