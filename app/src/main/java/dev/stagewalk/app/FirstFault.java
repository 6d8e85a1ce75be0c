package dev.stagewalk.app;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.Optional;

/** Finds where a guest meets its first stage-2 fault, in a run of its own. */
final class FirstFault {
  /** Exits before the fault that are passed over at most. */
  private static final int MOST_EXITS = 64;

  private FirstFault() {}

  /** The moment before the instruction that faults; empty if the guest ends without a fault. */
  static Optional<Moment> before(Scenario scenario) {
    try (Session scout = Session.open(scenario)) {
      for (int exits = 0; exits < MOST_EXITS; exits++) {
        Snapshot now = scout.submit(new Command.NextExit()).join();
        if (now.state() != RunState.AT_EXIT) {
          return Optional.empty();
        }
        Optional<Event> fault = now.exit().filter(FirstFault::isStage2Fault);
        if (fault.isPresent()) {
          Moment at = fault.get().moment();
          return Optional.of(new Moment(at.branch(), at.instruction(), 0));
        }
      }
      return Optional.empty();
    }
  }

  private static boolean isStage2Fault(Event event) {
    return event.what() instanceof SimEvent.ExceptionTaken taken
        && taken.fault().filter(fault -> fault.stage() == 2).isPresent();
  }
}
