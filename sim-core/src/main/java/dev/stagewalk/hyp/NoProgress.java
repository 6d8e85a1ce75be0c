package dev.stagewalk.hyp;

/**
 * Ends a guest that makes no progress: the very same exit, with the same instruction, syndrome,
 * address and registers, so often in a row that no handler can have mended it. To be asked before
 * the others. Waiting and calls are progress enough.
 *
 * @param most how often an exit may repeat
 */
public record NoProgress(int most) implements ExitHandler {
  /** Where no other number is asked for. */
  public static final int USUAL = 100;

  /**
   * @throws IllegalArgumentException if it is less than 1
   */
  public NoProgress {
    if (most < 1) {
      throw new IllegalArgumentException("an exit may repeat at least once, not " + most);
    }
  }

  @Override
  public String name() {
    return "no_progress";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    if (exit.repeats() < most || !Syndrome.abort(exit.esr())) {
      return HandlerAnswer.NOT_MINE;
    }
    return new HandlerAnswer.Exit(
        name(),
        "no progress: the instruction at "
            + Words.address(exit.elr())
            + " has exited "
            + (exit.repeats() + 1)
            + " times in a row and nothing has changed: "
            + exit.words(),
        false);
  }
}
