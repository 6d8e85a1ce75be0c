package dev.stagewalk.session;

/** What a session is doing. */
public enum RunState {
  /** Executing; snapshots are still published a few times a second. */
  RUNNING,
  /** Between two steps. */
  PAUSED,
  /** Paused at an exit whose handler has not acted yet. */
  AT_EXIT,
  /** Every PE waits for an interrupt, and only input at the UART can raise one. */
  AWAITS_INPUT,
  /** The guest has ended; one can only go back. */
  ENDED
}
