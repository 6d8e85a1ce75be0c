package dev.stagewalk.time;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.List;
import java.util.Optional;

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

  /**
   * Consecutive events of which lanes are known without fetching them.
   *
   * @param first number of the first
   * @param end number of the one behind the last
   * @param from instructions started before the first
   * @param to instructions started before the last, or a few more
   * @param lanes how many are in each lane, by {@link SimEvent.Lane#ordinal}
   */
  record Stretch(long first, long end, long from, long to, List<Integer> lanes) {
    public Stretch {
      lanes = List.copyOf(lanes);
    }
  }

  /** Events that begin with this one, of which lanes are known; empty if it must be fetched. */
  default Optional<Stretch> stretch(long number) {
    return Optional.empty();
  }

  /** The moment of an event, without fetching the rest of it. */
  default Moment momentOf(long number) {
    return get(number).moment();
  }
}
