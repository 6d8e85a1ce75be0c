package dev.stagewalk.trace;

import dev.stagewalk.event.Moment;

/**
 * A checkpoint that a recording holds, without the state itself.
 *
 * @param file its name in the folder of checkpoints
 * @param moment between two instructions
 * @param sha256 of the file
 */
public record RecordedCheckpoint(String file, Moment moment, Counts counts, String sha256) {

  /**
   * What had happened by then.
   *
   * @param events events
   * @param exits exits to EL2 among them
   * @param microSteps micro-steps
   */
  public record Counts(long events, long exits, long microSteps) {}
}
