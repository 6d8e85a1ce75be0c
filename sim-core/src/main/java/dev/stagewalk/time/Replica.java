package dev.stagewalk.time;

import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A second machine that executes parts of a run again to fetch events that are no longer at hand.
 * Any thread may ask; one is served at a time.
 */
final class Replica implements EventLog.Refetch {
  private static final int REMEMBERED = 32;

  private final Run.Recipe recipe;
  private final Checkpoints checkpoints;
  private volatile List<Input> inputs = List.of();
  private @Nullable Run run;
  private EventLog.@Nullable Content filling;
  private int filled;
  private Moment from = Moment.START;
  private Moment to = Moment.START;

  private final Map<Moment, EventLog.Content> remembered =
      new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Moment, EventLog.Content> eldest) {
          return size() > REMEMBERED;
        }
      };

  Replica(Run.Recipe recipe, Checkpoints checkpoints) {
    this.recipe = recipe;
    this.checkpoints = checkpoints;
  }

  synchronized void setInputs(List<Input> newInputs) {
    inputs = newInputs;
    remembered.clear();
  }

  @Override
  public synchronized EventLog.Content between(Moment first, Moment last) {
    EventLog.Content known = remembered.get(first);
    if (known != null) {
      return known;
    }
    Run again = run;
    if (again == null) {
      again = new Run(recipe, this::capture);
      run = again;
    }
    EventLog.Content content = new EventLog.Content();
    filling = content;
    filled = 0;
    from = first;
    to = last;
    again.setInputs(inputs);
    again.restore(checkpoints.atOrBefore(first.instruction()).getValue().state());
    again.runTo(last.instruction() + 1, null);
    filling = null;
    remembered.put(first, content);
    return content;
  }

  private void capture(long instruction, long micro, SimEvent event) {
    EventLog.Content content = filling;
    if (content == null || filled == EventLog.CHUNK) {
      return;
    }
    Moment moment = new Moment(1, instruction, micro);
    if (from.compareTo(moment) <= 0 && moment.compareTo(to) <= 0) {
      content.instructions[filled] = instruction;
      content.micros[filled] = micro;
      content.events[filled] = event;
      filled++;
    }
  }
}
