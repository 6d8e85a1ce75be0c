package dev.stagewalk.time;

import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.StopHere;
import java.util.LinkedHashMap;
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
  private @Nullable Run run;
  private EventLog.@Nullable Content filling;
  private long toSkip;
  private int filled;
  private int wanted;

  private final Map<BlockOfLine, EventLog.Content> blocks = new Remembered<>();
  private final Map<MomentOfLine, Long> counts = new Remembered<>();

  private record BlockOfLine(long first, int count, Line line) {}

  private record MomentOfLine(Moment moment, Line line) {}

  /** The entries last used. */
  private static final class Remembered<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    Remembered() {
      super(REMEMBERED, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > REMEMBERED;
    }
  }

  Replica(Run.Recipe recipe, Checkpoints checkpoints) {
    this.recipe = recipe;
    this.checkpoints = checkpoints;
  }

  @Override
  public synchronized EventLog.Content events(long first, int count, Line line, Moment end) {
    BlockOfLine key = new BlockOfLine(first, count, line);
    EventLog.Content content = blocks.get(key);
    if (content == null) {
      content = new EventLog.Content();
      Run again = at(checkpoints.beforeEvent(line, first), line);
      filling = content;
      toSkip = first - again.events();
      filled = 0;
      wanted = count;
      again.runTo(end.instruction() + 1, null);
      filling = null;
      if (filled < count) {
        throw new IllegalStateException(
            "executed again, the run has " + (first + filled) + " events and not " + wanted);
      }
      blocks.put(key, content);
    }
    return content;
  }

  @Override
  public synchronized long countAt(Moment moment, Line line) {
    MomentOfLine key = new MomentOfLine(moment, line);
    Long known = counts.get(key);
    if (known == null) {
      Run again = at(checkpoints.atOrBefore(line, moment.instruction()), line);
      if (again.runTo(moment.instruction(), null) == Run.Stop.REACHED && !moment.isBoundary()) {
        again.runInside(moment.micro());
      }
      known = again.events();
      counts.put(key, known);
    }
    return known;
  }

  private Run at(Checkpoints.Checkpoint start, Line line) {
    Run again = run;
    if (again == null) {
      again = new Run(recipe, this::capture, () -> false);
      run = again;
    }
    again.setInputs(line.inputs());
    again.restore(start.point());
    return again;
  }

  private void capture(long instruction, long micro, int pe, SimEvent event) {
    EventLog.Content content = filling;
    if (content == null || toSkip-- > 0) {
      return;
    }
    content.set(filled++, instruction, micro, pe, event);
    if (filled == wanted) {
      throw StopHere.STOP;
    }
  }
}
