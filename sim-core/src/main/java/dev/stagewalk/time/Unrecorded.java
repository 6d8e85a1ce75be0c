package dev.stagewalk.time;

import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An execution that only goes forward and remembers nothing: every event is handed on as it
 * happens, numbered and with its moment, as a recording of the same run would have it.
 */
public final class Unrecorded {
  private final Run run;
  private long number;

  /**
   * @param machine builds the machine, which reports to the sink it is given
   * @param events gets every event
   */
  public Unrecorded(Function<EventSink, Machine> machine, Consumer<Event> events) {
    run =
        new Run(
            new Run.Recipe(machine),
            (instruction, micro, pe, event) -> hand(events, instruction, micro, pe, event),
            () -> false);
  }

  private void hand(Consumer<Event> events, long instruction, long micro, int pe, SimEvent event) {
    events.accept(new Event(number++, Moment.at(instruction, micro), pe, event));
  }

  public Machine machine() {
    return run.machine();
  }

  /** Executes until so many instructions have been started, or the machine halts. */
  public void runTo(long instruction) {
    run.runTo(instruction, null);
  }

  /** Reports something as the latest event of the run. */
  public void report(SimEvent event) {
    run.report(event);
  }
}
