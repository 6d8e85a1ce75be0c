package dev.stagewalk.views;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent.ExceptionReturned;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.session.Snapshot;

/**
 * Which syndrome registers are about what happens now: each keeps its value until the next
 * exception to its level, however old that is.
 *
 * @param atEl1 whether EL1 handles a synchronous exception now, so that EL2's syndrome is older
 * @param lastExit number of this PE's last exit to EL2, from 1 over all PEs; 0 if none is known
 */
record FaultAtHand(boolean atEl1, long lastExit) {
  /** How far back it is looked for, in events: a pulse must not take longer. */
  private static final long LOOK_BACK = 4096;

  static FaultAtHand of(Snapshot snapshot) {
    return new FaultAtHand(snapshot.pe().el() == 1 && isHandledAtEl1(snapshot), lastExit(snapshot));
  }

  /** What is written behind a value of EL2 that an older exit left: "from exit 3". */
  String from(Snapshot snapshot) {
    return snapshot.pe().el() < 2 && lastExit > 0 ? "from exit " + lastExit : "";
  }

  private static boolean isHandledAtEl1(Snapshot snapshot) {
    long last = last(snapshot);
    for (long n = last; n >= 0 && last - n < LOOK_BACK; n--) {
      Event event = snapshot.events().get(n);
      if (event.pe() != snapshot.pe().id()) {
        continue;
      }
      // Exits that lie between are over: EL1 executes again.
      if (event.what() instanceof ExceptionReturned back && back.fromEl() == 1) {
        return false;
      }
      if (event.what() instanceof ExceptionTaken taken && taken.toEl() == 1) {
        return (taken.vector() & 3) == 0;
      }
    }
    return false;
  }

  private static long lastExit(Snapshot snapshot) {
    long last = last(snapshot);
    long exit = snapshot.exitCount();
    for (long n = last; n >= 0 && last - n < LOOK_BACK; n--) {
      Event event = snapshot.events().get(n);
      if (event.what() instanceof ExceptionTaken taken && taken.toEl() == 2) {
        if (event.pe() == snapshot.pe().id()) {
          return exit;
        }
        exit--;
      }
    }
    return 0;
  }

  private static long last(Snapshot snapshot) {
    return Math.min(snapshot.eventCount(), snapshot.events().size()) - 1;
  }
}
