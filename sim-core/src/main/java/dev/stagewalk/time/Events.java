package dev.stagewalk.time;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;

/** Everything recorded in a run, in order, as far as it has ever been executed. Immutable. */
public interface Events {

  /** Number of events. */
  long size();

  /** Bytes of host memory that those at hand take, estimated; 0 if unknown. */
  default long bytes() {
    return 0;
  }

  /**
   * One event.
   *
   * @param number 0 to size − 1
   */
  Event get(long number);

  /**
   * Events that had happened at a moment: also the number of the first event after it.
   *
   * @return 0 to size
   */
  default long countAt(Moment moment) {
    long low = 0;
    long high = size();
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (momentOf(middle).compareTo(moment) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The moment of an event, without fetching the rest of it. */
  default Moment momentOf(long number) {
    return get(number).moment();
  }
}
