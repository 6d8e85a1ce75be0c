package dev.stagewalk.time;

import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an instruction has begun and not ended yet: a walk, host calls, an exit. */
final class OpenSteps {
  private @Nullable Translation walk;
  private int reads;
  private final List<Run.OpenCall> calls = new ArrayList<>();
  private Run.@Nullable OpenExit exit;

  void clear() {
    walk = null;
    reads = 0;
    calls.clear();
    exit = null;
  }

  /** One more descriptor of a walk was read. */
  void read(Translation open, int soFar) {
    walk = open;
    reads = soFar;
  }

  /** Something else than a walk happened. */
  void happened(int pe, SimEvent event, long number, long micro) {
    walk = null;
    switch (event) {
      case SimEvent.HostCallBegan began -> calls.add(new Run.OpenCall(began.name(), micro));
      case SimEvent.HostCallEnded _ -> {
        if (!calls.isEmpty()) {
          calls.removeLast();
        }
      }
      case SimEvent.ExceptionTaken taken ->
          exit =
              taken.toEl() == 2 && taken.fromEl() < 2
                  ? new Run.OpenExit(number, micro, pe, taken)
                  : null;
      default -> {
        // Nothing else opens or closes something that takes several micro-steps.
      }
    }
  }

  /** The hypervisor, or somebody in its place, acts now. */
  void exitAnswered() {
    exit = null;
  }

  Optional<Translation> walk() {
    return Optional.ofNullable(walk);
  }

  int reads() {
    return reads;
  }

  List<Run.OpenCall> calls() {
    return List.copyOf(calls);
  }

  int depth() {
    return calls.size();
  }

  Optional<Run.OpenExit> exit() {
    return Optional.ofNullable(exit);
  }
}
