package dev.stagewalk.time;

import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a run, from its start to a moment, that can be executed again on a machine of its
 * own: for whoever must see not only the events but the machine at each of them. Immutable; any
 * thread may ask.
 */
public final class Rerun {
  private final Run.Recipe recipe;
  private final List<Input> inputs;
  private final Moment end;

  /** Sees events in order, each right after its effect. */
  @FunctionalInterface
  public interface Watcher {
    void happened(Event event);
  }

  private static final class Listening implements Run.Listener {
    private final int branch;
    private @Nullable Watcher watcher;
    private long number;

    Listening(int branch) {
      this.branch = branch;
    }

    @Override
    public void happened(long instruction, long micro, int pe, SimEvent event) {
      Watcher told = watcher;
      if (told != null) {
        told.happened(new Event(number, new Moment(branch, instruction, micro), pe, event));
      }
      number++;
    }
  }

  Rerun(Run.Recipe recipe, List<Input> inputs, Moment end) {
    this.recipe = recipe;
    this.inputs = inputs;
    this.end = end;
  }

  /**
   * Executes it all again.
   *
   * @param watcher made for the machine that executes, before anything has happened to it
   */
  public void watch(Function<Machine, Watcher> watcher) {
    Listening listener = new Listening(end.branch());
    Run run = new Run(recipe, listener, () -> false);
    run.setInputs(inputs);
    listener.watcher = watcher.apply(run.machine());
    if (run.runTo(end.instruction(), null) == Run.Stop.REACHED && !end.isBoundary()) {
      run.runInside(end.micro());
    }
  }
}
