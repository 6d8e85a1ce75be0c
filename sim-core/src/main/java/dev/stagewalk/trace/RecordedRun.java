package dev.stagewalk.trace;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.time.Archive;
import dev.stagewalk.time.Events;
import dev.stagewalk.time.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The run of a recording, read from its file as it is asked for: opening it reads the headers of
 * its members and little else.
 */
public final class RecordedRun implements Archive {
  /** Members whose lines are kept, of about 4096 events each. */
  private static final int REMEMBERED = 12;

  /** States that are kept: each shares its pages with others. */
  private static final int STATES = 4;

  private final Recording recording;
  private final List<RecordingMember> members;
  private final long events;
  private final Moment end;
  private final boolean finished;
  private final List<Given> inputs = new ArrayList<>();
  private final List<RecordedCheckpoint> checkpoints;
  private final List<Kept> kept;
  private final Map<Integer, MemberLines> lines = new Remembered<>(REMEMBERED);
  private final Map<Integer, History.Standing> states = new Remembered<>(STATES);

  /**
   * What came in from outside.
   *
   * @param kind {@code input} or {@code answer}
   * @param text as it is typed
   * @param moment when it came in
   */
  public record Given(String kind, String text, Moment moment) {}

  /** The entries last used. */
  private static final class Remembered<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;
    private final int most;

    Remembered(int most) {
      super(most, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > most;
    }
  }

  /**
   * Finds out how far a recording goes.
   *
   * @throws TraceException if what must be read for that is damaged; the message says where
   */
  public RecordedRun(Recording recording) throws TraceException {
    this.recording = recording;
    this.members = recording.members();
    Moment last = Moment.START;
    long count = 0;
    boolean ended = false;
    try {
      for (int m = 0; m < members.size(); m++) {
        boolean latest = m == members.size() - 1;
        if (!latest && !members.get(m).inputs()) {
          continue;
        }
        for (String line : recording.lines(m)) {
          if (EventReader.isEvent(line)) {
            if (latest) {
              count++;
              last = EventReader.moment(line);
            }
            continue;
          }
          JsonRecord control = JsonRecord.parse(line);
          ended |= control.has("end");
          last = latest ? later(last, momentOf(control)) : last;
          for (String kind : List.of("input", "answer")) {
            if (control.has(kind)) {
              inputs.add(new Given(kind, control.text(kind), momentOf(control)));
            }
          }
        }
      }
    } catch (IllegalArgumentException e) {
      throw new TraceException("'" + recording.path() + "' is damaged: " + e.getMessage(), e);
    }
    this.finished = ended;
    this.events = members.isEmpty() ? 0 : members.getLast().firstEvent() + count;
    this.checkpoints =
        recording.checkpoints().stream()
            .filter(c -> c.counts().events() <= events && c.moment().branch() == 1)
            .sorted(Comparator.comparing(RecordedCheckpoint::moment))
            .toList();
    for (RecordedCheckpoint checkpoint : checkpoints) {
      // All that happened before it is there, so that this much of the run is known.
      last = later(last, checkpoint.moment());
    }
    this.end = last;
    this.kept =
        checkpoints.stream()
            .map(c -> new Kept(c.moment().instruction(), c.counts().events(), c.counts().exits()))
            .toList();
  }

  private static Moment momentOf(JsonRecord control) {
    String key = control.has("end") ? "end" : "moment";
    return control.has(key) ? Moment.parse(control.text(key)) : Moment.START;
  }

  private static Moment later(Moment one, Moment other) {
    return one.isBefore(other) ? other : one;
  }

  /** The recording it is of. */
  public Recording recording() {
    return recording;
  }

  /** Whether the recording was ended, and not cut off. */
  public boolean finished() {
    return finished;
  }

  /** What came in from outside, in order. */
  public List<Given> inputs() {
    return List.copyOf(inputs);
  }

  @Override
  public long events() {
    return events;
  }

  @Override
  public Moment end() {
    return end;
  }

  @Override
  public Event event(long number) {
    int member = memberOf(number);
    MemberLines of = lines(member);
    long at = number - members.get(member).firstEvent();
    if (at < 0 || at >= of.events()) {
      throw new IllegalStateException("event " + number + " is missing in " + where());
    }
    try {
      return EventReader.read(of.event((int) at));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "event " + number + " of " + where() + " is damaged: " + e.getMessage(), e);
    }
  }

  private String where() {
    return "'" + recording.path() + "'";
  }

  /** The last member whose first event is not after one. */
  private int memberOf(long number) {
    int low = 0;
    int high = members.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (members.get(middle).firstEvent() <= number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      throw new IllegalStateException("event " + number + " is missing in " + where());
    }
    return low - 1;
  }

  /** The lines of events in a member. */
  private synchronized MemberLines lines(int member) {
    MemberLines known = lines.get(member);
    if (known == null) {
      try {
        known = new MemberLines(recording.unpacked(member));
      } catch (TraceException e) {
        throw new IllegalStateException(String.valueOf(e.getMessage()), e);
      }
      lines.put(member, known);
    }
    return known;
  }

  @Override
  public long countAt(Moment moment) {
    if (end.compareTo(moment) <= 0) {
      return events;
    }
    int low = 0;
    int high = members.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (members.get(middle).firstInstruction() <= moment.instruction()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    // Several may begin in the same instruction, which has many events.
    for (int member = low - 1; member >= 0; member--) {
      MemberLines of = lines(member);
      if (of.events() > 0 && EventReader.moment(of.event(0)).compareTo(moment) <= 0) {
        return members.get(member).firstEvent() + countIn(of, moment);
      }
    }
    return 0;
  }

  private static int countIn(MemberLines of, Moment moment) {
    int low = 0;
    int high = of.events();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (EventReader.moment(of.event(middle)).compareTo(moment) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public Optional<Events.Stretch> stretch(long number) {
    int member = memberOf(number);
    RecordingMember of = members.get(member);
    RecordingMember.Holds holds = of.holds();
    if (holds == null || of.firstEvent() != number || holds.events() == 0) {
      return Optional.empty();
    }
    long to =
        member + 1 < members.size()
            ? members.get(member + 1).firstInstruction()
            : end.instruction();
    return Optional.of(
        new Events.Stretch(
            number,
            number + holds.events(),
            of.firstInstruction(),
            to,
            Arrays.stream(SimEvent.Lane.values()).map(holds::in).toList()));
  }

  @Override
  public List<Kept> kept() {
    return kept;
  }

  @Override
  public synchronized Optional<History.Standing> state(int number) {
    History.Standing known = states.get(number);
    if (known == null) {
      RecordedCheckpoint checkpoint = checkpoints.get(number);
      try {
        known =
            new History.Standing(
                recording.state(checkpoint),
                checkpoint.counts().events(),
                checkpoint.counts().exits(),
                checkpoint.counts().microSteps());
      } catch (TraceException _) {
        // The run is executed from further back instead.
        return Optional.empty();
      }
      states.put(number, known);
    }
    return Optional.of(known);
  }

  @Override
  public void printed(long first, long until, Printed to) {
    if (first >= until) {
      return;
    }
    for (int member = memberOf(first); member <= memberOf(until - 1); member++) {
      RecordingMember of = members.get(member);
      RecordingMember.Holds holds = of.holds();
      if (holds != null && holds.printed() == 0) {
        continue;
      }
      MemberLines lines = lines(member);
      int begin = (int) Math.max(0, first - of.firstEvent());
      int end = (int) Math.min(lines.events(), until - of.firstEvent());
      for (int i = begin; i < end; i++) {
        String line = lines.event(i);
        if (line.contains("\"kind\":\"uart\"") || line.contains("\"kind\":\"printed\"")) {
          Event event = EventReader.read(line);
          to.printed(event.moment(), event.what());
        }
      }
    }
  }
}
