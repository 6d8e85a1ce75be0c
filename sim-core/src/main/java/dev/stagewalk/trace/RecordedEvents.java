package dev.stagewalk.trace;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.time.Events;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The events of a trace as those of a run, each made when it is asked for. Its moment counts
 * events: moment 1:48 is right after event 47, and 0 is before the first.
 *
 * <p>Beside that, each event has a position on an axis: nanoseconds since the first if the source
 * says times, else the count. Times that go back, as those of several CPUs may, stand where the
 * latest one before them stands, so that the order is that of the file.
 */
public final class RecordedEvents implements Events {
  private final Trace trace;
  private final int size;
  private final boolean timed;
  private final long begins;

  /** Only where the times themselves will not do. */
  private final long @Nullable [] positions;

  /** Numbers of the exits. */
  private final int[] exits;

  private final List<RecordedVcpu> vcpus;

  private @Nullable List<IpaMap.Range> ranges;

  public RecordedEvents(Trace trace) {
    this.trace = trace;
    size = trace.events().size();
    timed = trace.begins().isPresent();
    begins = firstTime(trace.events());
    positions = timed && !isInOrder() ? ordered() : null;
    exits = findExits();
    vcpus = findVcpus();
  }

  private List<RecordedVcpu> findVcpus() {
    TreeMap<Integer, Integer> found = new TreeMap<>();
    for (int n = 0; n < size; n++) {
      int thread = trace.events().thread(n);
      if (thread >= 0 && Vcpu.isProofOf(trace.events().eventName(n))) {
        found.merge(thread, trace.events().process(n), Math::max);
      }
    }
    return found.entrySet().stream()
        .map(entry -> new RecordedVcpu(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static long firstTime(TraceEvents events) {
    for (int n = 0; n < events.size(); n++) {
      if (events.nanos(n) != TraceEvent.UNKNOWN) {
        return events.nanos(n);
      }
    }
    return 0;
  }

  private boolean isInOrder() {
    long latest = Long.MIN_VALUE + 1;
    for (int n = 0; n < size; n++) {
      if (trace.events().nanos(n) < latest) {
        return false;
      }
      latest = trace.events().nanos(n);
    }
    return true;
  }

  private long[] ordered() {
    long[] found = new long[size];
    long latest = 0;
    for (int n = 0; n < size; n++) {
      long nanos = trace.events().nanos(n);
      latest = nanos == TraceEvent.UNKNOWN ? latest : Math.max(latest, nanos - begins);
      found[n] = latest;
    }
    return found;
  }

  private int[] findExits() {
    int[] found = new int[64];
    int count = 0;
    for (int n = 0; n < size; n++) {
      if (RecordedLanes.isExit(trace.kind(), trace.events(), n)) {
        if (count == found.length) {
          found = Arrays.copyOf(found, count * 2);
        }
        found[count++] = n;
      }
    }
    return Arrays.copyOf(found, count);
  }

  /** The trace these events are from. */
  public Trace trace() {
    return trace;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long bytes() {
    return trace.events().bytes() + 8L * (positions == null ? 0 : size) + 4L * exits.length;
  }

  @Override
  public Event get(long number) {
    int n = Math.toIntExact(Objects.checkIndex(number, (long) size));
    return new Event(number, momentOf(number), 0, RecordedFacts.of(trace, n));
  }

  @Override
  public Moment momentOf(long number) {
    return Moment.at(Objects.checkIndex(number, (long) size) + 1);
  }

  @Override
  public long countAt(Moment moment) {
    return Math.min(size, moment.instruction());
  }

  /** The vCPUs, by their threads; none where the source names no threads. */
  public List<RecordedVcpu> vcpus() {
    return vcpus;
  }

  /** The thread of an event, or −1. */
  public int thread(long number) {
    return trace.events().thread(Math.toIntExact(number));
  }

  /** The lane of an event, without making it. */
  public SimEvent.Lane lane(long number) {
    return RecordedLanes.of(trace.kind(), trace.events(), Math.toIntExact(number));
  }

  /** Whether positions are nanoseconds. */
  public boolean isTimed() {
    return timed;
  }

  /** Where an event stands: nanoseconds since the first one, or its number and one. */
  public long position(long number) {
    int n = Math.toIntExact(Objects.checkIndex(number, (long) size));
    if (!timed) {
      return number + 1;
    }
    long[] kept = positions;
    return kept == null ? trace.events().nanos(n) - begins : kept[n];
  }

  /** Events at a position or before it. */
  public long countAtPosition(double position) {
    long low = 0;
    long high = size;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (position(middle) <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A position in words: "2.938927000 s" on the source's own clock, or "event 47". */
  public String positionInWords(double position) {
    return timed
        ? TraceEvent.seconds(begins + Math.round(position)) + " s"
        : "event " + Math.max(0, Math.round(position) - 1);
  }

  /** Exits from a guest among the first events. */
  public long exitsAmong(long count) {
    int found = Arrays.binarySearch(exits, (int) Math.min(count, size));
    return found >= 0 ? found : -found - 1;
  }

  /** How many exits from a guest there are. */
  public long exits() {
    return exits.length;
  }

  /**
   * The event of an exit.
   *
   * @param number from 1 to {@link #exits}
   */
  public long exit(long number) {
    return exits[Math.toIntExact(number - 1)];
  }

  /** Events that the source lost right before an event, or at the end if it is the size. */
  public List<Gap> gapsBefore(long number) {
    List<Gap> gaps = trace.gaps();
    int low = 0;
    int high = gaps.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (gaps.get(middle).before() < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int end = low;
    while (end < gaps.size() && gaps.get(end).before() == number) {
      end++;
    }
    return gaps.subList(low, end);
  }

  /** What can be inferred of the guest's address space; found out by the first who asks. */
  public synchronized List<IpaMap.Range> ranges() {
    List<IpaMap.Range> known = ranges;
    if (known == null) {
      known = IpaMap.of(trace).ranges();
      ranges = known;
    }
    return known;
  }
}
