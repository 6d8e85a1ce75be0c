package dev.stagewalk.cpu;

/** What a PE finds on its board besides memory: time, and the firmware in EL3's place. */
public interface Surroundings {

  /** The system counter now, in ticks since the board was switched on. */
  long count();

  /**
   * When the event streams of a PE send the first event after a count: value of the system counter,
   * {@link Waiting#FOREVER} if they send none.
   */
  long nextEvent(Pe pe, long after);

  /**
   * An SMC that nothing traps.
   *
   * @return whether it was a call of the firmware, which has answered it; otherwise it is UNDEFINED
   */
  boolean secureMonitorCall(Pe pe);

  /** A PE without a board: time stands still, and no firmware answers. */
  Surroundings NONE =
      new Surroundings() {
        @Override
        public long count() {
          return 0;
        }

        @Override
        public long nextEvent(Pe pe, long after) {
          return Waiting.FOREVER;
        }

        @Override
        public boolean secureMonitorCall(Pe pe) {
          return false;
        }
      };
}
