package dev.stagewalk.time;

import dev.stagewalk.event.Moment;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks back for what is {@linkplain Sought sought}: executes again from one checkpoint to the
 * next, the last stretch first, until there is a sighting in one of them.
 */
final class Search {
  private final Run run;
  private final Journey journey;

  Search(Run run, Journey journey) {
    this.run = run;
    this.journey = journey;
  }

  /** As {@link History#searchBack}, with moments of branch 1. */
  Found back(List<Sought> sought, boolean inclusive, boolean move, BooleanSupplier meanwhile) {
    Moment from = run.moment();
    Latest latest = new Latest(from, inclusive);
    Run.Stop stop = last(sought, latest, from, meanwhile);
    if (stop == Run.Stop.PAUSED) {
      return new Found(Optional.empty(), false);
    }
    Sighting last = latest.last;
    if (last != null && move) {
      stop = journey.to(last.moment(), meanwhile);
    } else {
      journey.to(from, () -> true);
    }
    return new Found(Optional.ofNullable(last), stop != Run.Stop.PAUSED);
  }

  private Run.Stop last(
      List<Sought> sought, Latest latest, Moment before, BooleanSupplier meanwhile) {
    Moment to = before;
    while (!to.equals(Moment.START) && latest.last == null) {
      long from = journey.checkpointBefore(to);
      Run.Stop stop = journey.toBoundary(from, meanwhile);
      if (stop == Run.Stop.REACHED) {
        run.lookOut(new Lookout(sought, false, Moment.START, latest));
        try {
          stop = through(to, meanwhile);
        } finally {
          run.lookOut(null);
        }
      }
      if (stop == Run.Stop.PAUSED) {
        return stop;
      }
      to = Moment.at(from);
    }
    return Run.Stop.REACHED;
  }

  /** From a boundary before a moment up to it. */
  private Run.Stop through(Moment to, BooleanSupplier meanwhile) {
    Run.Stop stop = Run.Stop.REACHED;
    while (stop == Run.Stop.REACHED && run.machine().instructions() < to.instruction()) {
      if (!meanwhile.getAsBoolean()) {
        return Run.Stop.PAUSED;
      }
      stop = journey.slice(to.instruction(), null);
    }
    return stop == Run.Stop.REACHED && !to.isBoundary() ? journey.inside(to.micro()) : stop;
  }

  /** Remembers the last sighting up to a moment. */
  private static final class Latest implements Consumer<Sighting> {
    private final Moment before;
    private final boolean inclusive;
    private @Nullable Sighting last;

    Latest(Moment before, boolean inclusive) {
      this.before = before;
      this.inclusive = inclusive;
    }

    @Override
    public void accept(Sighting sighting) {
      int order = sighting.moment().compareTo(before);
      if (order < 0 || (inclusive && order == 0)) {
        last = sighting;
      }
    }
  }
}
