package dev.stagewalk.trace;

/**
 * Events that the source lost.
 *
 * @param before number of the event that follows it; the count of events if none does
 * @param line line of the file that says so
 * @param cpu the host's CPU whose buffer overflowed
 * @param lost how many; −1 where the source does not say
 */
public record Gap(long before, long line, int cpu, long lost) {
  /** A line of the log: "415 events of CPU 0 were lost here". */
  public String words() {
    return lost < 0
        ? "events of CPU " + cpu + " were lost here, the source does not say how many"
        : lost + " events of CPU " + cpu + " were lost here";
  }
}
