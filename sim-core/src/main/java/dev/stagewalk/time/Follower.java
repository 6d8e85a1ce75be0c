package dev.stagewalk.time;

import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A second execution of a run that goes on behind the first, with somebody watching who cannot be
 * taken back. Every instruction is executed once more, whatever is asked how often.
 */
public final class Follower {
  private static final long SLICE = 1 << 13;

  private final Run run;
  private List<Input> inputs;
  private long number;
  private Rerun.@Nullable Watcher watcher;

  Follower(Run.Recipe recipe, List<Input> inputs, Function<Machine, Rerun.Watcher> watcher) {
    this.run = new Run(recipe, this::happened, () -> false);
    this.inputs = inputs;
    run.setInputs(inputs);
    this.watcher = watcher.apply(run.machine());
  }

  private void happened(long instruction, long micro, int pe, SimEvent event) {
    Rerun.Watcher told = watcher;
    if (told != null) {
      told.happened(new Event(number, Moment.at(instruction, micro), pe, event));
    }
    number++;
  }

  /** Instructions it has executed. */
  public long instructions() {
    return run.machine().instructions();
  }

  /**
   * Takes other inputs than it had.
   *
   * @return whether it could: they differ from those before only in what is still to come
   */
  boolean follow(List<Input> others) {
    if (inputs.equals(others)) {
      return true;
    }
    if (!before(inputs).equals(before(others))) {
      return false;
    }
    inputs = others;
    run.setInputs(others);
    return true;
  }

  private List<Input> before(List<Input> all) {
    return all.stream().filter(i -> i.moment().instruction() < instructions()).toList();
  }

  /**
   * Executes on until it has done all instructions up to a moment, the last one whole.
   *
   * @param meanwhile called every so often; false stops
   * @return whether it is there, or can go no further
   */
  public boolean to(Moment moment, BooleanSupplier meanwhile) {
    long wanted = moment.instruction() + (moment.isBoundary() ? 0 : 1);
    Run.Stop stop = Run.Stop.REACHED;
    while (stop == Run.Stop.REACHED && instructions() < wanted) {
      if (!meanwhile.getAsBoolean()) {
        return false;
      }
      stop = run.runTo(Math.min(wanted, instructions() + SLICE), null);
    }
    return true;
  }
}
