package dev.stagewalk.check;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a function of the hypervisor was asked to do with stage-2 tables.
 *
 * @param event where it began
 * @param call its name
 * @param vttbr VTTBR_EL2 of the tables
 * @param vtcr VTCR_EL2 that they are made for
 * @param pa first output address; of an unmap 0
 * @param size bytes
 */
record Asked(Event event, String call, long vttbr, long vtcr, long ipa, long pa, long size) {

  /** A call that maps or unmaps a range; null if it does something else. */
  static @Nullable Asked of(Event event) {
    if (!(event.what() instanceof SimEvent.HostCallBegan call)) {
      return null;
    }
    List<Long> of = call.operands();
    return switch (of.size()) {
      case 5 ->
          new Asked(event, call.name(), of.get(0), of.get(1), of.get(2), of.get(3), of.get(4));
      case 4 -> new Asked(event, call.name(), of.get(0), of.get(1), of.get(2), 0, of.get(3));
      default -> null;
    };
  }

  boolean isMap() {
    return call.equals("s2mmu_map");
  }

  boolean contains(long address) {
    return Long.compareUnsigned(address - ipa, size) < 0;
  }

  boolean meets(Asked other) {
    return vttbr == other.vttbr
        && size != 0
        && other.size != 0
        && (contains(other.ipa) || other.contains(ipa));
  }

  /** Whether the range passes the end of 64 bits. */
  boolean wraps() {
    return Long.compareUnsigned(ipa + size - 1, ipa) < 0 && size != 0;
  }
}
