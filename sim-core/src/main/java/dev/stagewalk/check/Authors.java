package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.SimEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who stored last to each of the descriptors that were stored to lately. */
final class Authors {
  private static final int MOST = 1 << 13;

  private final Map<Long, Author> last = new Latest();
  private final Deque<String> calls = new ArrayDeque<>();
  private boolean edited;

  /** Those stored to longest ago are forgotten first. */
  private static final class Latest extends LinkedHashMap<Long, Author> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, Author> eldest) {
      return size() > MOST;
    }
  }

  /**
   * A store.
   *
   * @param who the instruction, the function of the hypervisor, or the person in front of it
   */
  record Author(Event event, long old, long value, String who) {
    /** "changed from 0x… to 0x… by s2mmu_unmap, event 412 at 1:2031.7". */
    String words() {
      return "changed from "
          + Hex.plain(old)
          + " to "
          + Hex.plain(value)
          + " by "
          + who
          + ", "
          + Report.when(event);
    }
  }

  void happened(Event event) {
    switch (event.what()) {
      case SimEvent.HostCallBegan e -> {
        // It stays open while the guest runs.
        if (!e.name().equals("guest_run")) {
          calls.push(e.name());
        }
      }
      case SimEvent.HostCallEnded e -> calls.removeFirstOccurrence(e.name());
      case SimEvent.Edited _ -> edited = true;
      case SimEvent.ExceptionTaken _, SimEvent.ExceptionReturned _ -> {
        edited = false;
        calls.clear();
      }
      case SimEvent.DescriptorStored e -> put(event, e.pa(), e.old(), e.value(), e.by());
      case SimEvent.HostStored e -> {
        if (e.size() == 8) {
          put(event, e.pa(), e.old(), e.value(), null);
        }
      }
      default -> {
        // Nothing is stored, and nobody begins or ends.
      }
    }
  }

  private void put(Event event, long pa, long old, long value, @Nullable Instruction by) {
    last.remove(pa);
    last.put(pa, new Author(event, old, value, who(by)));
  }

  private String who(@Nullable Instruction by) {
    if (by != null) {
      return by.words();
    }
    String call = calls.peek();
    return call != null ? call : edited ? "you" : "the hypervisor";
  }

  /** Who stored last to an address; null if nobody did lately. */
  @Nullable Author of(long pa) {
    return last.get(pa);
  }
}
