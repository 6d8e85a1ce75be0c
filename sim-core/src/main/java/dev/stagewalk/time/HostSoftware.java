package dev.stagewalk.time;

import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.El2Software;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.StopHere;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hypervisor in Java of an execution: what becomes of its failures, who acts in its place, and
 * which of its functions is at work.
 */
final class HostSoftware {
  /** It stays open while the guest runs. */
  private static final String RUNS_GUEST = "guest_run";

  private final Machine machine;
  private final OpenSteps open;
  private Run.@Nullable AtExit atExit;
  private boolean acts;

  /** Host calls that were open when somebody outside began to act; −1 while nobody does. */
  private int openBeforeAct = -1;

  HostSoftware(Machine machine, OpenSteps open) {
    this.machine = machine;
    this.open = open;
  }

  /** Software that acts on exits as this says. */
  El2Software of(El2Software software) {
    return new El2Software() {
      @Override
      public void started(Pe pe) {
        act(() -> software.started(pe));
      }

      @Override
      public void entered(Pe pe, int vector) {
        Run.AtExit instead = atExit;
        atExit = null;
        open.exitAnswered();
        act(
            instead == null
                ? () -> software.entered(pe, vector)
                : () -> instead.act(machine, vector));
      }
    };
  }

  private void act(Runnable action) {
    acts = true;
    try {
      action.run();
    } catch (StopHere stop) {
      throw stop;
    } catch (RuntimeException e) {
      failed(e);
    } finally {
      acts = false;
    }
  }

  /**
   * Its code met something in memory or registers that it cannot go on with: so would a real one.
   */
  void failed(RuntimeException e) {
    machine.host().guestStopped("the hypervisor died: " + e.getMessage(), false);
  }

  /** Lets something else act at the exit that is open, instead of the hypervisor. */
  void atThisExit(Run.AtExit instead) {
    atExit = instead;
  }

  /** Execution goes on from another state. */
  void restored() {
    atExit = null;
  }

  /** Somebody outside begins to act. */
  void somebodyActs() {
    openBeforeAct = open.depth();
  }

  void somebodyHasActed() {
    openBeforeAct = -1;
  }

  /** Who acts now if it is no instruction, in words; empty if it is one. */
  String acting() {
    List<Run.OpenCall> calls = open.calls();
    for (int i = calls.size() - 1; i >= Math.max(0, openBeforeAct); i--) {
      if (!calls.get(i).name().equals(RUNS_GUEST)) {
        return calls.get(i).name();
      }
    }
    return openBeforeAct >= 0 ? "you" : acts ? "the hypervisor" : "";
  }
}
