package dev.stagewalk.time;

import dev.stagewalk.cpu.WatchedRange;
import dev.stagewalk.event.SimEvent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What somebody looks for in a run: any one of these.
 *
 * @param ranges accesses to memory
 * @param register a register that gets another value
 * @param walked physical address of a descriptor that a walk reads, or that the TLB holds for it
 * @param event an event of certain properties
 * @param condition what must be true of a sighting, asked while the machine is at its moment; it
 *     must leave the machine as it is
 */
public record Sought(
    List<WatchedRange> ranges,
    Optional<Register> register,
    OptionalLong walked,
    Optional<Predicate<SimEvent>> event,
    Optional<Predicate<Sighting>> condition) {

  public Sought {
    ranges = List.copyOf(ranges);
  }

  private Sought(
      List<WatchedRange> ranges,
      Optional<Register> register,
      OptionalLong walked,
      Optional<Predicate<SimEvent>> event) {
    this(ranges, register, walked, event, Optional.empty());
  }

  /** The same where a condition is true. */
  public Sought where(Predicate<Sighting> holds) {
    return new Sought(ranges, register, walked, event, Optional.of(holds));
  }

  /**
   * A register.
   *
   * @param name as {@link dev.stagewalk.cpu.RegisterWatch} knows it
   * @param pe whose it is; −1 for that of any PE
   */
  public record Register(String name, int pe) {}

  /** Accesses to a range. */
  public static Sought access(WatchedRange range) {
    return new Sought(List.of(range), Optional.empty(), OptionalLong.empty(), Optional.empty());
  }

  /** Changes of a register. */
  public static Sought change(Register register) {
    return new Sought(List.of(), Optional.of(register), OptionalLong.empty(), Optional.empty());
  }

  /**
   * Uses of a descriptor: accesses to what it translates, and walks that read it.
   *
   * @param range what it translates
   */
  public static Sought use(WatchedRange range, long descriptor) {
    return new Sought(
        List.of(range), Optional.empty(), OptionalLong.of(descriptor), Optional.empty());
  }

  /** Walks that read a descriptor, or take what the TLB holds of it. */
  public static Sought walk(long descriptor) {
    return new Sought(List.of(), Optional.empty(), OptionalLong.of(descriptor), Optional.empty());
  }

  /** Events. */
  public static Sought event(Predicate<SimEvent> which) {
    return new Sought(List.of(), Optional.empty(), OptionalLong.empty(), Optional.of(which));
  }
}
