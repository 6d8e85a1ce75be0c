package dev.stagewalk.views;

import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.SimEvent.Lane;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Events;
import dev.stagewalk.trace.Gap;
import dev.stagewalk.trace.RecordedEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The run as the timeline draws it. Its axis is the number of instructions; the micro-steps of an
 * instruction share the room up to the next one.
 *
 * <p>A few thousand events in view are drawn one by one. More than that are counted in a histogram
 * of a bounded number of bins that is kept up as events arrive, so that drawing costs the same
 * however long the run is.
 */
final class TimelineModel {
  /** Events drawn one by one. */
  static final int EXACT = 3000;

  private static final int BINS = 1 << 14;

  /** Events taken up in one pulse. */
  private static final int AT_ONCE = 200_000;

  /** As long as a pulse may take, in nanoseconds; asked for now and then. */
  private static final long LONGEST_NANOS = 20_000_000;

  private static final int CHECKED_EVERY = 512;

  private static final int LANES = Lane.values().length;

  private final int[][] histogram = new int[LANES][BINS];
  private double binWidth = 1;
  private long indexed;
  private @Nullable Event lastIndexed;
  private @Nullable Snapshot snapshot;
  private TimelineRows rows = TimelineRows.LANES;

  /**
   * An event that is drawn by itself.
   *
   * @param position on the axis
   */
  record Item(double position, Event event) {}

  /** Takes up what happened since; true if there is more to take up than one pulse may cost. */
  boolean update(Snapshot now) {
    snapshot = now;
    Events events = now.events();
    rows = TimelineRows.of(now);
    if (indexed > events.size() || historyChanged(events)) {
      reset();
    }
    long until = Math.min(events.size(), indexed + AT_ONCE);
    if (events instanceof RecordedEvents recorded) {
      for (; indexed < until; indexed++) {
        count(rows.of(recorded, indexed), recorded.position(indexed));
      }
      lastIndexed = indexed == 0 ? null : events.get(indexed - 1);
      return indexed < events.size();
    }
    long deadline = System.nanoTime() + LONGEST_NANOS;
    while (indexed < until && (indexed % CHECKED_EVERY != 0 || System.nanoTime() < deadline)) {
      Optional<Events.Stretch> stretch = events.stretch(indexed);
      if (stretch.isPresent()) {
        count(stretch.get());
        indexed = stretch.get().end();
        lastIndexed = null;
      } else {
        Event event = events.get(indexed++);
        lastIndexed = event;
        count(event.what().lane().ordinal(), event.moment().instruction());
      }
    }
    if (lastIndexed == null && indexed > 0) {
      lastIndexed = events.get(indexed - 1);
    }
    return indexed < events.size();
  }

  /** Of a recorded run only lanes are known before it is looked at: they are spread evenly. */
  private void count(Events.Stretch stretch) {
    double instructions = (double) stretch.to() - stretch.from();
    for (Lane lane : Lane.values()) {
      int all = stretch.lanes().get(lane.ordinal());
      for (int n = 0; n < all; n++) {
        count(lane.ordinal(), stretch.from() + (long) (instructions * n / all));
      }
    }
  }

  private void count(int row, long position) {
    while (position >= binWidth * BINS) {
      halve();
    }
    histogram[row][(int) (position / binWidth)]++;
  }

  /** Whether an edit in the past has replaced events that were taken up. */
  private boolean historyChanged(Events events) {
    return lastIndexed != null && indexed > 0 && !lastIndexed.equals(events.get(indexed - 1));
  }

  private void reset() {
    for (int[] lane : histogram) {
      Arrays.fill(lane, 0);
    }
    indexed = 0;
    lastIndexed = null;
    binWidth = 1;
  }

  private void halve() {
    for (int[] lane : histogram) {
      for (int i = 0; i < BINS / 2; i++) {
        lane[i] = lane[2 * i] + lane[2 * i + 1];
      }
      Arrays.fill(lane, BINS / 2, BINS, 0);
    }
    binWidth *= 2;
  }

  /** What the rows of the timeline are. */
  TimelineRows rows() {
    return rows;
  }

  /** The row that an event stands in. */
  int row(Event event) {
    Snapshot now = snapshot;
    return now != null && now.recording().isPresent()
        ? rows.of(now.recording().get(), event.number())
        : event.what().lane().ordinal();
  }

  /** Where the axis ends: the end of what was executed in any branch, at least 1. */
  double end() {
    Snapshot now = snapshot;
    return now == null || now.recording().isPresent()
        ? endOfBranch()
        : Math.max(endOfBranch(), TimelineTails.end(now));
  }

  /** Where what was executed in the present branch ends, at least 1. */
  double endOfBranch() {
    Snapshot now = snapshot;
    if (now == null) {
      return 1;
    }
    Optional<RecordedEvents> recording = now.recording();
    if (recording.isPresent()) {
      long size = recording.get().size();
      return size == 0 ? 1 : Math.max(1, recording.get().position(size - 1));
    }
    Moment last = now.moment().isBefore(now.end()) ? now.end() : now.moment();
    return Math.max(1, last.instruction() + (last.micro() > 0 ? 1 : 0));
  }

  /** Where a moment stands on the axis. */
  double position(Moment moment) {
    Snapshot now = snapshot;
    if (now != null && now.recording().isPresent()) {
      long count = Math.min(moment.instruction(), now.events().size());
      return count == 0 ? 0 : now.recording().get().position(count - 1);
    }
    if (moment.micro() == 0) {
      return moment.instruction();
    }
    return moment.instruction()
        + moment.micro() / (1.0 + Math.max(moment.micro(), microsOf(moment.instruction())));
  }

  /** Micro-steps of an instruction, as far as they are recorded. */
  private long microsOf(long instruction) {
    Snapshot now = snapshot;
    if (now == null) {
      return 0;
    }
    Events events = now.events();
    long last = events.countAt(new Moment(now.moment().branch(), instruction, Long.MAX_VALUE)) - 1;
    if (last < 0) {
      return 0;
    }
    Moment moment = events.momentOf(last);
    return moment.instruction() == instruction ? moment.micro() : 0;
  }

  /** The moment at a place of the axis, within what was executed. */
  Moment momentAt(double position) {
    Snapshot now = snapshot;
    if (now == null) {
      return Moment.START;
    }
    double held = Math.clamp(position, 0, end());
    Optional<RecordedEvents> recording = now.recording();
    if (recording.isPresent()) {
      return Moment.at(recording.get().countAtPosition(held));
    }
    long instruction = (long) Math.floor(held);
    long micros = microsOf(instruction);
    long micro = Math.round((held - instruction) * (micros + 1));
    Moment moment =
        micro > micros
            ? new Moment(now.moment().branch(), instruction + 1, 0)
            : new Moment(now.moment().branch(), instruction, micro);
    Moment last = now.moment().isBefore(now.end()) ? now.end() : now.moment();
    return last.isBefore(moment) ? last : moment;
  }

  /** Events of a part of the axis, each by itself; null if there are too many for that. */
  @Nullable List<Item> items(double from, double to) {
    Snapshot now = snapshot;
    if (now == null) {
      return List.of();
    }
    Events events = now.events();
    if (events instanceof RecordedEvents recorded) {
      return recordedItems(recorded, from, to);
    }
    int branch = now.moment().branch();
    long first =
        from <= 0 ? 0 : events.countAt(new Moment(branch, (long) Math.max(0, from - 1), 0));
    long last =
        Math.min(
            events.size(),
            events.countAt(new Moment(branch, (long) Math.ceil(to), Long.MAX_VALUE)));
    if (last - first > EXACT) {
      return null;
    }
    List<Item> items = new ArrayList<>();
    long n = first;
    while (n < last) {
      // Events of one instruction share its room evenly.
      Event event = events.get(n);
      long instruction = event.moment().instruction();
      List<Event> group = new ArrayList<>();
      while (n < last) {
        Event next = events.get(n);
        if (next.moment().instruction() != instruction) {
          break;
        }
        group.add(next);
        n++;
      }
      double micros = 1.0 + group.getLast().moment().micro();
      for (Event one : group) {
        double position = instruction + one.moment().micro() / micros;
        if (position >= from && position <= to) {
          items.add(new Item(position, one));
        }
      }
    }
    return items;
  }

  private static @Nullable List<Item> recordedItems(RecordedEvents events, double from, double to) {
    long first = from <= 0 ? 0 : events.countAtPosition(Math.nextDown(from));
    long last = events.countAtPosition(to);
    if (last - first > EXACT) {
      return null;
    }
    List<Item> items = new ArrayList<>();
    for (long n = first; n < last; n++) {
      items.add(new Item(events.position(n), events.get(n)));
    }
    return items;
  }

  /** Where the source of a recording lost events, from the last one before to the next one. */
  List<double[]> gaps(double from, double to) {
    Snapshot now = snapshot;
    if (now == null || now.recording().isEmpty()) {
      return List.of();
    }
    RecordedEvents events = now.recording().get();
    List<double[]> found = new ArrayList<>();
    for (Gap gap : events.trace().gaps()) {
      double begin = gap.before() <= 0 ? 0 : events.position(gap.before() - 1);
      double end = gap.before() >= events.size() ? end() : events.position(gap.before());
      if (end >= from && begin <= to) {
        found.add(new double[] {begin, end});
      }
    }
    return found;
  }

  /** A place of the axis in words, for a tooltip. */
  String words(double position) {
    Snapshot now = snapshot;
    return now != null && now.recording().isPresent()
        ? now.recording().get().positionInWords(Math.clamp(position, 0, end()))
        : "moment " + momentAt(position);
  }

  /** Events in each of {@code count} equal parts of a part of the axis, one row a lane. */
  int[][] counts(double from, double to, int count) {
    int[][] out = new int[LANES][count];
    double step = (to - from) / count;
    for (int lane = 0; lane < LANES; lane++) {
      int first = (int) Math.clamp((long) Math.floor(from / binWidth), 0, BINS - 1);
      int last = (int) Math.clamp((long) Math.ceil(to / binWidth), 0, BINS - 1);
      for (int bin = first; bin <= last; bin++) {
        int events = histogram[lane][bin];
        if (events > 0) {
          int at = (int) Math.floor((bin * binWidth - from) / step);
          if (at >= 0 && at < count) {
            out[lane][at] += events;
          }
        }
      }
    }
    return out;
  }

  private static Token recordedHue(SimEvent.Recorded what) {
    if (what.on() != Lane.EXITS) {
      return Token.LEVEL_2;
    }
    return what.esr().isPresent()
        ? Syndrome.of(what.esr().getAsLong())
            .fault()
            .flatMap(fault -> fault.kind())
            .map(Levels::hue)
            .orElse(Token.LEVEL_1)
        : Token.LEVEL_1;
  }

  /** The colour of an event on its lane. */
  static Token hue(SimEvent what) {
    return switch (what) {
      case SimEvent.ExceptionTaken e ->
          e.fault().map(f -> Levels.hue(f.kind())).orElse(Token.LEVEL_1);
      case SimEvent.Edited _, SimEvent.Withheld _ -> Token.TEXT;
      case SimEvent.GuestStopped s -> s.ok() ? Token.GOOD : Token.FAULT_OTHER;
      case SimEvent.Recorded r -> recordedHue(r);
      default -> Token.LEVEL_2;
    };
  }
}
