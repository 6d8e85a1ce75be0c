package dev.stagewalk.trace;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A trace as it was understood.
 *
 * @param name of the file
 * @param kind what it was read as
 * @param events in the order of the file
 * @param gaps where the source lost events, in the order of the file
 * @param remarks what a reader must know of the whole: "the buffer was overwritten …"
 * @param unread what was not understood
 */
public record Trace(
    String name,
    TraceKind kind,
    TraceEvents events,
    List<Gap> gaps,
    List<String> remarks,
    Unread unread) {

  /**
   * What was not understood.
   *
   * @param count of lines (or of records, in a binary file)
   * @param first the first ten of them, "line 12: …"
   */
  public record Unread(long count, List<String> first) {}

  /** Events that the source says it lost, where it says how many. */
  public long lost() {
    return gaps.stream().mapToLong(gap -> Math.max(0, gap.lost())).sum();
  }

  /** The earliest time of an event, in nanoseconds; empty if no event has one. */
  public OptionalLong begins() {
    return times().min();
  }

  /** The latest time of an event, in nanoseconds; empty if no event has one. */
  public OptionalLong ends() {
    return times().max();
  }

  private LongStream times() {
    return IntStream.range(0, events.size())
        .mapToLong(events::nanos)
        .filter(time -> time != TraceEvent.UNKNOWN);
  }

  /** Threads that entered a guest or left one: the vCPUs. */
  public Set<Integer> vcpus() {
    Set<Integer> found = new TreeSet<>();
    for (int n = 0; n < events.size(); n++) {
      if (events.thread(n) >= 0 && Vcpu.isProofOf(events.eventName(n))) {
        found.add(events.thread(n));
      }
    }
    return found;
  }

  /** Processes of those threads: the VMs; empty where the source does not say. */
  public Set<Integer> vms() {
    Set<Integer> found = new TreeSet<>();
    for (int n = 0; n < events.size(); n++) {
      if (events.process(n) >= 0 && Vcpu.isProofOf(events.eventName(n))) {
        found.add(events.process(n));
      }
    }
    return found;
  }
}
