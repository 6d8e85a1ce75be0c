package dev.stagewalk.session;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.cpu.Activity;
import dev.stagewalk.cpu.RegisterFile;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.time.Branches;
import dev.stagewalk.trace.RecordedEvents;
import dev.stagewalk.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A session over what a real machine recorded: its events are there to be looked at, and nothing
 * can be executed. A snapshot has the events; of the registers it names those alone that the newest
 * event states, and memory, TLB and tables are unknown.
 */
public final class TraceSession implements Session {
  private static final String NOTHING_RUNS =
      "this is a recording of a real machine: nothing can be executed; go from event to event with"
          + " step (F10) and to exits with next exit";

  private static final String NOTHING_CHANGES =
      "this is a recording of a real machine: nothing in it can be changed";

  private final RecordedEvents events;
  private final Scenario scenario;
  private final Program program;
  private final MemoryImage memory;
  private final Marks marks = new Marks();
  private final TraceStops stops;
  private final AtomicReference<@Nullable Command> newest = new AtomicReference<>();
  private long version;
  private Optional<SearchResult> search = Optional.empty();
  private volatile Snapshot snapshot;

  /** A session that stands before the first event. */
  public TraceSession(Trace trace) {
    this(trace, 1);
  }

  /**
   * @param firstVersion of its snapshots; they are to differ from those of other sessions that the
   *     same panes show
   */
  TraceSession(Trace trace, long firstVersion) {
    events = new RecordedEvents(trace);
    version = firstVersion;
    scenario =
        new Scenario(
            trace.name(),
            trace.name(),
            "Recorded elsewhere: " + trace.kind().words() + ".",
            trace.name(),
            "",
            Granule.K4,
            40,
            "none",
            List.of(),
            BoardPlan.USUAL,
            true);
    program = new Program(trace.name(), "", 0, 0, Map.of(), Map.of());
    memory = new PhysicalMemory(0, 4096).image();
    stops = new TraceStops(events, program);
    snapshot = at(0, "");
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public CompletableFuture<Snapshot> submit(Command command) {
    // Whatever else is wanted ends a search.
    newest.set(command);
    if (isSearch(command)) {
      return CompletableFuture.supplyAsync(() -> perform(command), Thread::startVirtualThread);
    }
    try {
      return CompletableFuture.completedFuture(perform(command));
    } catch (Refused e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static boolean isSearch(Command command) {
    return switch (command) {
      case Command.Run _, Command.RunBack _ -> true;
      case Command.NextBreakpoint _, Command.PreviousBreakpoint _ -> true;
      default -> false;
    };
  }

  private boolean goesOn() {
    Command command = newest.get();
    return command != null && isSearch(command);
  }

  @Override
  public void close() {
    // No thread and no file is held.
  }

  private synchronized Snapshot perform(Command command) {
    if (command instanceof Command.Glance(Place place)) {
      return at(target(place.from(snapshot)), "");
    }
    search = Optional.empty();
    long next = target(command);
    String arrived = isSearch(command) ? stops.arrived(next) : "";
    Snapshot made = at(next, search.map(SearchResult::words).orElse(arrived));
    snapshot = made;
    return made;
  }

  /** How many events have happened where a command leads to. */
  private long target(Command command) {
    long now = snapshot.eventCount();
    return switch (command) {
      case Command.Pause _ -> now;
      case Command.Step _, Command.MicroStep _, Command.MicroFinish _ -> forward(now);
      case Command.StepBack _, Command.MicroStepBack _, Command.MicroBegin _ -> back(now);
      case Command.NextExit _ -> exit(events.exitsAmong(now) + 1);
      case Command.PreviousExit _ -> previousExit(now);
      case Command.GoToExit to -> exit(to.number());
      case Command.Search wanted -> search(wanted, now);
      case Command.ToStart _ -> 0;
      case Command.ToPresent _ -> events.size();
      case Command.GoTo to -> known(to.moment());
      case Command.AddMark mark -> {
        marks.add(snapshot.moment(), mark.note());
        yield now;
      }
      case Command.NameMark mark -> {
        marks.name(mark.moment(), mark.note());
        yield now;
      }
      case Command.RemoveMark mark -> {
        marks.remove(mark.moment());
        yield now;
      }
      case Command.GoToBranch to when to.number() == 1 -> now;
      case Command.GoToBranch to -> throw new Refused("a recording has no branch " + to.number());
      case Command.HistoryBudget _ -> now;
      case Command.NextEvent _ -> forward(now);
      case Command.PreviousEvent _ -> back(now);
      case Command.AddBreakpoint _, Command.RemoveBreakpoint _, Command.EnableBreakpoint _ -> {
        stops.settle(command);
        yield now;
      }
      case Command.Run _, Command.RunBack _ when stops.isEmpty() -> throw new Refused(NOTHING_RUNS);
      case Command.Run _ -> stops.next(0, now, this::goesOn);
      case Command.RunBack _ -> stops.previous(0, now, this::goesOn);
      case Command.NextBreakpoint to -> stops.next(to.number(), now, this::goesOn);
      case Command.PreviousBreakpoint to -> stops.previous(to.number(), now, this::goesOn);
      case Command.StopAtExits _, Command.Breakpoint _ -> throw new Refused(NOTHING_RUNS);
      case Command.Inject _, Command.AnswerExit _, Command.Undo _, Command.Redo _ ->
          throw new Refused(NOTHING_CHANGES);
      case Command.Record _, Command.EndRecording _ -> throw new Refused(NOTHING_RUNS);
      case Command.Restart _,
          Command.OpenRun _,
          Command.OpenTrace _,
          Command.SeeFrom _,
          Command.Glance _ ->
          throw new Refused(NOTHING_RUNS);
    };
  }

  private long search(Command.Search wanted, long now) {
    SearchResult result = new TraceSearch(events, program).perform(wanted.text(), now);
    search = Optional.of(result);
    return wanted.stay() ? now : result.sighting().map(s -> s.moment().instruction()).orElse(now);
  }

  private long forward(long now) {
    if (now >= events.size()) {
      throw new Refused("the recording ends here");
    }
    return now + 1;
  }

  private static long back(long now) {
    if (now == 0) {
      throw new Refused("the recording begins here");
    }
    return now - 1;
  }

  private long exit(long number) {
    if (number < 1 || number > events.exits()) {
      throw new Refused(
          events.exits() == 0
              ? "this recording has no exit from a guest"
              : "there is no exit " + number + ": the recording has " + events.exits());
    }
    return events.exit(number) + 1;
  }

  private long previousExit(long now) {
    long number = events.exitsAmong(now);
    boolean onIt = number > 0 && events.exit(number) + 1 == now;
    if (number < (onIt ? 2 : 1)) {
      throw new Refused("there is no exit before this one");
    }
    return exit(onIt ? number - 1 : number);
  }

  private long known(Moment moment) {
    Moment end = Moment.at(events.size());
    if (moment.branch() != 1 || end.isBefore(moment)) {
      throw new Refused("there is no moment " + moment + ": the recording ends at " + end);
    }
    return moment.instruction();
  }

  private Snapshot at(long count, String notice) {
    PeState pe = stated(count);
    boolean ended = count >= events.size() && count > 0;
    return new Snapshot(
        version++,
        scenario,
        program,
        ended ? RunState.ENDED : RunState.PAUSED,
        ended ? "end of the recording" : "recording",
        notice,
        search,
        Moment.at(count),
        Moment.at(events.size()),
        pe,
        pe,
        List.of(pe),
        List.of(pe),
        memory,
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Branches.one(Moment.at(events.size())),
        events,
        count,
        events.exitsAmong(count),
        "",
        "",
        marks.all(),
        stops.seen(count),
        false,
        false,
        false,
        0,
        events.bytes(),
        events.bytes(),
        Checks.standing(List.of(), 0, memory, List.of()));
  }

  /** The registers that the event before a moment states, and no other. */
  private PeState stated(long count) {
    Map<String, Long> known = new LinkedHashMap<>();
    long pc = 0;
    if (count > 0 && events.get(count - 1).what() instanceof SimEvent.Recorded last) {
      if (last.level() == 1 || last.level() == 2) {
        put(known, "ESR_EL" + last.level(), last.esr());
        put(known, "FAR_EL" + last.level(), last.far());
      }
      pc = last.pc().orElse(0);
    }
    Map<String, Integer> places = new LinkedHashMap<>();
    known.keySet().forEach(name -> places.put(name, places.size()));
    long[] values = known.values().stream().mapToLong(Long::longValue).toArray();
    return new PeState(
        0, Activity.OFF, 1, pc, 0, 0, new RegisterFile(new long[31], places, values));
  }

  private static void put(Map<String, Long> known, String register, OptionalLong value) {
    if (value.isPresent()) {
      known.put(register, value.getAsLong());
    }
  }
}
