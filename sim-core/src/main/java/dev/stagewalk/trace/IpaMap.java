package dev.stagewalk.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a trace lets one infer about a guest's intermediate physical addresses. No event says what
 * stage 2 maps; that a page faulted and was not reported as MMIO makes it likely that it is memory
 * and was mapped afterwards. Everything here is inferred.
 */
public final class IpaMap {
  private static final int PAGE_SHIFT = 12;

  /** Pages that are remembered: 4 GiB of a guest's memory, page by page. */
  private static final int MOST_PAGES = 1 << 20;

  /** What a page is taken for. */
  public enum Use {
    MEMORY("memory, mapped after a fault"),
    DEVICE("device, emulated");

    private final String words;

    Use(String words) {
      this.words = words;
    }

    /** As a column shows it. */
    public String words() {
      return words;
    }
  }

  /**
   * Neighbouring pages of one use.
   *
   * @param from first IPA
   * @param to IPA after the last
   * @param faults stage-2 faults in it
   * @param accesses emulated accesses in it
   * @param firstEvent number of the first event that speaks of it
   */
  public record Range(long from, long to, Use use, long faults, long accesses, long firstEvent) {}

  private final TreeMap<Long, Page> pages = new TreeMap<>(Long::compareUnsigned);
  private long leftOut;

  private IpaMap() {}

  /** Infers a map from a whole trace. */
  public static IpaMap of(Trace trace) {
    IpaMap map = new IpaMap();
    TraceEvents events = trace.events();
    for (int n = 0; n < events.size(); n++) {
      switch (events.eventName(n)) {
        case "kvm_guest_fault", "kvm_mmio_nisv" -> map.take(events.get(n), false);
        case "kvm_mmio" -> map.take(events.get(n), true);
        default -> {}
      }
    }
    return map;
  }

  private void take(TraceEvent event, boolean emulated) {
    OptionalLong ipa = TraceFields.of(event).ipa();
    if (ipa.isEmpty()) {
      return;
    }
    long number = ipa.getAsLong() >>> PAGE_SHIFT;
    Page page = pages.get(number);
    if (page == null) {
      if (pages.size() >= MOST_PAGES) {
        leftOut++;
        return;
      }
      page = new Page(event.number());
      pages.put(number, page);
    }
    if (emulated || event.name().equals("kvm_mmio_nisv")) {
      page.accesses++;
    } else {
      page.faults++;
    }
  }

  /** Events of further pages, when {@value #MOST_PAGES} pages had been seen. */
  public long leftOut() {
    return leftOut;
  }

  /** The ranges in the order of their addresses, neighbours of one use joined. */
  public List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    @Nullable Range open = null;
    for (Map.Entry<Long, Page> entry : pages.entrySet()) {
      long from = entry.getKey() << PAGE_SHIFT;
      Page page = entry.getValue();
      Use use = page.accesses > 0 ? Use.DEVICE : Use.MEMORY;
      if (open != null && open.to() == from && open.use() == use) {
        open =
            new Range(
                open.from(),
                from + (1L << PAGE_SHIFT),
                use,
                open.faults() + page.faults,
                open.accesses() + page.accesses,
                Math.min(open.firstEvent(), page.firstEvent));
      } else {
        if (open != null) {
          ranges.add(open);
        }
        open =
            new Range(
                from, from + (1L << PAGE_SHIFT), use, page.faults, page.accesses, page.firstEvent);
      }
    }
    if (open != null) {
      ranges.add(open);
    }
    return ranges;
  }

  private static final class Page {
    private final long firstEvent;
    private long faults;
    private long accesses;

    Page(long firstEvent) {
      this.firstEvent = firstEvent;
    }
  }
}
