package dev.stagewalk.time;

import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * A branch as the history keeps it: all that came in from the start to its end, what was recorded
 * on the whole way, and the checkpoints that lie behind its parting. Those before lie on the lines
 * it goes back to.
 *
 * <p>It only grows. One thread does that; others may read inputs and checkpoints.
 */
final class Line {
  /** What a line takes by itself, roughly: a block of events begun, two chunks of text. */
  static final long FIXED_BYTES = 16 << 10;

  private final int number;
  private final @Nullable Line parent;
  private final Moment parting;
  private final String without;
  private final EventLog log;
  private final Transcript guestConsole;
  private final Transcript hostConsole;
  private final ConcurrentSkipListMap<Long, Checkpoints.Checkpoint> checkpoints =
      new ConcurrentSkipListMap<>();
  private volatile List<Input> inputs;
  private Moment end;
  private long endWork;
  private Moment left;

  /** The first line of a run. */
  Line(EventLog log) {
    this(1, null, Moment.START, "", List.of(), log, new Transcript(), new Transcript(), 0);
  }

  private Line(
      int number,
      @Nullable Line parent,
      Moment parting,
      String without,
      List<Input> inputs,
      EventLog log,
      Transcript guestConsole,
      Transcript hostConsole,
      long endWork) {
    this.number = number;
    this.parent = parent;
    this.parting = parting;
    this.without = without;
    this.inputs = inputs;
    this.log = log;
    this.guestConsole = guestConsole;
    this.hostConsole = hostConsole;
    this.end = parting;
    this.endWork = endWork;
    this.left = parting;
  }

  /**
   * A line that leaves this one, or the one that this one was still part of.
   *
   * @param newNumber its number
   * @param here where it leaves
   * @param events events before that moment
   * @param work work before it
   * @param withoutWords the edit that it goes without; empty if it begins with one
   */
  Line leaveAt(int newNumber, Moment here, long events, long work, String withoutWords) {
    return new Line(
        newNumber,
        through(here),
        here,
        withoutWords,
        inputsBefore(here),
        log.fork(events, here),
        guestConsole.fork(here),
        hostConsole.fork(here),
        work);
  }

  /** The line that went through a moment of this one first. */
  Line through(Moment moment) {
    Line line = this;
    while (line.parent != null && moment.compareTo(line.parting) <= 0) {
      line = line.parent;
    }
    return line;
  }

  /** The line that has the checkpoint of an instruction of this one. */
  Line throughBoundary(long instruction) {
    Line line = this;
    while (line.parent != null && instruction <= line.parting.instruction()) {
      line = line.parent;
    }
    return line;
  }

  int number() {
    return number;
  }

  /** The line it left; null for the first. */
  @Nullable Line parent() {
    return parent;
  }

  Moment parting() {
    return parting;
  }

  EventLog log() {
    return log;
  }

  Transcript guestConsole() {
    return guestConsole;
  }

  Transcript hostConsole() {
    return hostConsole;
  }

  /** Its own checkpoints, by instruction. */
  NavigableMap<Long, Checkpoints.Checkpoint> checkpoints() {
    return checkpoints;
  }

  /** All inputs from the start, in order of time. */
  List<Input> inputs() {
    return inputs;
  }

  List<Input> inputsBefore(Moment moment) {
    return inputs.stream().filter(i -> i.moment().isBefore(moment)).toList();
  }

  /** Keeps what an event has printed, if it has printed anything. */
  void print(long instruction, long micro, SimEvent event) {
    switch (event) {
      case SimEvent.UartByte b -> guestConsole.append(instruction, micro, (char) b.value());
      case SimEvent.Printed p -> {
        for (int i = 0; i < p.text().length(); i++) {
          hostConsole.append(instruction, micro, p.text().charAt(i));
        }
        hostConsole.append(instruction, micro, '\n');
      }
      default -> {
        // Nothing else is printed.
      }
    }
  }

  /** One more input, at the end. */
  void add(Input input) {
    List<Input> more = new ArrayList<>(inputsBefore(input.moment()));
    more.add(input);
    inputs = List.copyOf(more);
  }

  /** Whether it left its parent because of this input. */
  private boolean leftFor(Input input) {
    return parent != null
        && without.isEmpty()
        && input.moment().equals(parting)
        && inputs.contains(input);
  }

  /**
   * The line among all that has gone through the moment of an input of this one, and on without it;
   * null if there is none.
   */
  @Nullable Line without(Input last, List<Line> all) {
    if (parent != null && leftFor(last)) {
      return parent;
    }
    List<Input> before = inputsBefore(last.moment());
    for (Line other : all) {
      boolean there = last.moment().compareTo(other.end) <= 0;
      List<Input> upToHere =
          other.inputs.stream().filter(i -> i.moment().compareTo(last.moment()) <= 0).toList();
      if (there && upToHere.equals(before)) {
        return other;
      }
    }
    return null;
  }

  /** The furthest moment executed. */
  Moment end() {
    return end;
  }

  /** Work up to the end. */
  long endWork() {
    return endWork;
  }

  void arrived(Moment moment, long work) {
    if (end.isBefore(moment)) {
      end = moment;
      endWork = work;
    }
  }

  /** Where somebody was on it last. */
  Moment left() {
    return left;
  }

  void leave(Moment moment) {
    left = moment;
  }

  /** Bytes of host memory it takes, beside events and checkpoints. */
  long bytes() {
    return FIXED_BYTES + guestConsole.bytes() + hostConsole.bytes();
  }

  /** As others may know it. */
  Branch branch() {
    Line from = parent;
    return new Branch(
        number,
        from == null ? 0 : from.number,
        parting.onBranch(from == null ? 1 : from.number),
        end.onBranch(number),
        words());
  }

  private String words() {
    if (!without.isEmpty()) {
      return "without " + without;
    }
    Optional<Input> first =
        inputs.stream()
            .filter(i -> parent == null || parting.compareTo(i.moment()) <= 0)
            .findFirst();
    return first.map(Input::words).orElse("");
  }
}
