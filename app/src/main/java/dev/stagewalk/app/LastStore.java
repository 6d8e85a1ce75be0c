package dev.stagewalk.app;

import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.Snapshot;

/** Who wrote a descriptor: the answer is the last store to it up to a moment. */
final class LastStore {
  private LastStore() {}

  /** Number of the event that last stored at a physical address; −1 if none did. */
  static long of(Snapshot now, long address) {
    for (long n = now.eventCount() - 1; n >= 0; n--) {
      if (now.events().get(n).what() instanceof SimEvent.DescriptorStored stored
          && stored.pa() == address) {
        return n;
      }
    }
    return -1;
  }
}
