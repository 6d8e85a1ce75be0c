package dev.stagewalk.views;

import dev.stagewalk.event.SimEvent.Lane;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.trace.RecordedEvents;
import dev.stagewalk.trace.RecordedVcpu;
import java.util.ArrayList;
import java.util.List;

/**
 * What the rows of the timeline are: who acts; or, of a recording of several vCPUs, each of them,
 * and the rest of the host in the last. There are as many rows either way.
 *
 * @param names from the top
 * @param threads of the vCPUs that have a row; none where rows are those who act
 */
record TimelineRows(List<String> names, List<Integer> threads) {
  /** Rows there are. */
  static final int COUNT = Lane.values().length;

  static final TimelineRows LANES =
      new TimelineRows(List.of("guest", "exits", "host", "you"), List.of());

  /** No guest and no host where the program itself is at EL2. */
  private static final TimelineRows BARE =
      new TimelineRows(List.of("program", "exits", "EL2", "you"), List.of());

  static TimelineRows of(Snapshot now) {
    if (now.recording().isEmpty()) {
      return now.scenario().bare() ? BARE : LANES;
    }
    List<RecordedVcpu> vcpus = now.recording().get().vcpus();
    if (vcpus.size() < 2) {
      return LANES;
    }
    List<Integer> threads = vcpus.stream().limit(COUNT - 1).map(RecordedVcpu::thread).toList();
    List<String> names = new ArrayList<>();
    threads.forEach(thread -> names.add("vCPU " + thread));
    while (names.size() < COUNT - 1) {
      names.add("");
    }
    names.add(vcpus.size() > threads.size() ? "others" : "host");
    return new TimelineRows(List.copyOf(names), threads);
  }

  /** The row of a recorded event. */
  int of(RecordedEvents events, long number) {
    if (threads.isEmpty()) {
      return events.lane(number).ordinal();
    }
    int vcpu = threads.indexOf(events.thread(number));
    return vcpu < 0 ? COUNT - 1 : vcpu;
  }

  /** Whether each vCPU has a row. */
  boolean areVcpus() {
    return !threads.isEmpty();
  }
}
