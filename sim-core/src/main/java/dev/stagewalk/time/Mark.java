package dev.stagewalk.time;

import dev.stagewalk.event.Moment;
import java.util.Comparator;

/**
 * A moment somebody wants to find again.
 *
 * @param note what they wrote; may be empty
 */
public record Mark(Moment moment, String note) {
  /** In order of time, whatever the branch; at the same time in order of branches. */
  public static final Comparator<Mark> BY_TIME =
      Comparator.comparing((Mark mark) -> mark.moment().onBranch(1)).thenComparing(Mark::moment);
}
