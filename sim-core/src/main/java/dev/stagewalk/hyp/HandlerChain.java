package dev.stagewalk.hyp;

import java.util.List;

/**
 * Handlers asked one after another until one answers.
 *
 * @param links in the order they are asked
 */
public record HandlerChain(String name, List<ExitHandler> links) implements ExitHandler {

  public HandlerChain {
    links = List.copyOf(links);
  }

  /** What every sample needs for a synchronous exit from AArch64 below EL2. */
  public static HandlerChain synchronous() {
    return new HandlerChain(
        "sync",
        List.of(
            new DemandPaging(),
            new AccessFlags(),
            new DirtyLogging(),
            new LibraryCalls(),
            new HypervisorCalls(),
            new WaitForEvent(),
            new FloatingPoint(),
            new KillOnAbort()));
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    for (ExitHandler link : links) {
      HandlerAnswer answer = link.handle(exit);
      if (!(answer instanceof HandlerAnswer.NotMine)) {
        return answer;
      }
    }
    return HandlerAnswer.NOT_MINE;
  }
}
