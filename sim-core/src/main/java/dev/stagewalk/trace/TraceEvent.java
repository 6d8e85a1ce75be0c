package dev.stagewalk.trace;

import java.util.Optional;

/**
 * One event as a source recorded it.
 *
 * @param number place among the events of its trace, from 0
 * @param line line of the file, from 1; of a binary file the event's number, from 1
 * @param nanos time in nanoseconds on the source's clock, or {@link #UNKNOWN}
 * @param cpu the host's CPU, or −1 where the source does not say
 * @param thread the host's thread, which for KVM is the vCPU, or −1
 * @param process the process of that thread, which for KVM is the VM, or −1
 * @param task name of the thread, or empty
 * @param name of the event, such as {@code kvm_guest_fault}
 * @param body the rest, as the source wrote it
 */
public record TraceEvent(
    long number,
    long line,
    long nanos,
    int cpu,
    int thread,
    int process,
    String task,
    String name,
    String body) {

  /** A time that the source does not say. */
  public static final long UNKNOWN = Long.MIN_VALUE;

  /** Whether the source says when it happened. */
  public boolean hasTime() {
    return nanos != UNKNOWN;
  }

  /** The time in seconds with nine digits, or empty where it is unknown. */
  public Optional<String> seconds() {
    return hasTime() ? Optional.of(seconds(nanos)) : Optional.empty();
  }

  /** A time in seconds with nine digits. */
  static String seconds(long nanos) {
    return "%d.%09d".formatted(nanos / 1_000_000_000, nanos % 1_000_000_000);
  }
}
