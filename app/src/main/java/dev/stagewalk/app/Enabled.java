package dev.stagewalk.app;

import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.function.Predicate;

/** Whether an action can be done at a moment. */
final class Enabled {
  static final Predicate<Snapshot> ALWAYS = _ -> true;

  private Enabled() {}

  static boolean idle(Snapshot s) {
    return s.state() != RunState.RUNNING;
  }

  static boolean canGoOn(Snapshot s) {
    return idle(s) && s.state() != RunState.ENDED;
  }

  static boolean canGoBack(Snapshot s) {
    return idle(s) && !s.moment().isStart();
  }

  /** Whether there is a hypervisor that can be told to do something now. */
  static boolean hasHypervisor(Snapshot s) {
    return idle(s) && !s.scenario().bare();
  }
}
