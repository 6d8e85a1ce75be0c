package dev.stagewalk.cpu;

/** What a PE finds on its board besides memory: time, and the firmware in EL3's place. */
public interface Surroundings {

  /** The system counter now, in ticks since the board was switched on. */
  long count();

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
        public boolean secureMonitorCall(Pe pe) {
          return false;
        }
      };
}
