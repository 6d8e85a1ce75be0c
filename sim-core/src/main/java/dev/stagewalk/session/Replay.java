package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.time.History;
import dev.stagewalk.trace.EventLine;
import dev.stagewalk.trace.JsonRecord;
import dev.stagewalk.trace.LineDifference;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.TraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Executes a recorded run again, with its inputs, and compares it with what was recorded. */
public final class Replay {

  /**
   * What came of it.
   *
   * @param end the run where the recording ends, or where it parts from it
   * @param events that were recorded
   * @param equalEvents events compared and found equal
   * @param equalHashes hashes of the state compared and found equal
   * @param difference what differs first, and at which moment; empty if nothing does, or nothing
   *     was compared
   * @param branches of the run; events and hashes are those of all that were compared
   * @param finished whether the recording was ended, and not cut off
   * @param lostBytes bytes behind its last whole member
   */
  public record Report(
      Snapshot end,
      long events,
      long equalEvents,
      long equalHashes,
      Optional<String> difference,
      int branches,
      boolean finished,
      long lostBytes) {}

  /** A line that is no event. */
  private record Control(JsonRecord line, Moment moment) {}

  private final Recording recording;

  /** The branch of it; executed here it is the first, which has no other beside it. */
  private final int branch;

  private final Debugger debugger;
  private final EventLine lines = new EventLine();
  private final List<Control> controls = new ArrayList<>();
  private String lastEvent = "";
  private long events;
  private boolean finished;
  private int next;
  private long compared;
  private long equalEvents;
  private long equalHashes;
  private Optional<String> difference = Optional.empty();

  private Replay(Recording recording, int branch, Scenario scenario, Engine engine) {
    this.recording = recording;
    this.branch = branch;
    this.debugger = new Debugger(scenario, engine, () -> false, null);
    debugger.perform(new Command.StopAtExits(false), () -> true);
  }

  /**
   * Executes a recording again.
   *
   * @param verify whether to compare events and hashes, up to the first difference
   * @throws TraceException if the recording cannot be read or its inputs cannot be given
   */
  public static Report of(Recording recording, Engine engine, boolean verify)
      throws TraceException {
    return of(recording, engine, verify, _ -> List.of());
  }

  /**
   * As above, and goes elsewhere in it then.
   *
   * @param afterwards what is done after the end has been reached, by the moment of the end
   * @throws IllegalArgumentException if one of those cannot be done
   */
  public static Report of(
      Recording recording,
      Engine engine,
      boolean verify,
      Function<Moment, List<Command>> afterwards)
      throws TraceException {
    Scenario scenario = RecordedScenario.read(recording);
    Replay replay = begun(recording, 1, scenario, engine);
    replay.find();
    replay.execute(verify);
    for (Command command : afterwards.apply(replay.history().moment())) {
      replay.debugger.perform(command, () -> true);
    }
    List<Replay> all = new ArrayList<>(List.of(replay));
    List<OpenedBranch> branches = OpenedBranch.of(recording);
    for (Recording further : recording.branches()) {
      int number = all.size() + 1;
      Replay other = begun(further, number, scenario, engine);
      OpenedBranch from = branches.get(number - 2);
      all.get(from.parent() - 1).inputsBefore(from.parting(), other.controls);
      other.compared = from.before();
      other.events = from.before();
      other.find();
      if (verify && all.stream().allMatch(r -> r.difference.isEmpty())) {
        other.begin(from.parting().onBranch(1));
        other.execute(true);
      }
      all.add(other);
    }
    return new Report(
        replay.debugger.standing(),
        replay.events,
        all.stream().mapToLong(r -> r.equalEvents).sum(),
        all.stream().mapToLong(r -> r.equalHashes).sum(),
        all.stream().flatMap(r -> r.difference.stream()).findFirst(),
        all.size(),
        all.stream().allMatch(r -> r.finished) && !recording.lacksBranches(),
        all.stream().mapToLong(r -> r.recording.lostBytes()).sum());
  }

  private static Replay begun(Recording recording, int branch, Scenario scenario, Engine engine)
      throws TraceException {
    try {
      return new Replay(recording, branch, scenario, engine);
    } catch (IllegalArgumentException e) {
      throw new TraceException("'" + recording.path() + "' is damaged: " + e.getMessage(), e);
    }
  }

  /** All that comes in before a moment, from the start. */
  private void inputsBefore(Moment parting, List<Control> to) {
    for (Control control : controls) {
      boolean input = control.line.has("input") || control.line.has("answer");
      if (input && control.moment.isBefore(parting.onBranch(1))) {
        to.add(control);
      }
    }
  }

  /** To where the branch begins. */
  private void begin(Moment parting) {
    while (next < controls.size() && controls.get(next).moment.isBefore(parting)) {
      advance();
      perform();
    }
    goTo(parting);
  }

  private void execute(boolean verify) throws TraceException {
    try {
      if (verify) {
        recording.read(this::verify);
      } else {
        while (next < controls.size()) {
          advance();
          perform();
        }
      }
      if (difference.isEmpty()) {
        advance();
      }
    } catch (IllegalArgumentException e) {
      throw new TraceException("'" + recording.path() + "' is damaged: " + e.getMessage(), e);
    }
  }

  private static boolean isEvent(String line) {
    return line.startsWith("{\"seq\"");
  }

  private static boolean isControl(JsonRecord line) {
    return line.has("hash") || line.has("input") || line.has("answer");
  }

  private static Moment moment(JsonRecord line) {
    return Moment.parse(line.text("moment")).onBranch(1);
  }

  private void find() throws TraceException {
    try {
      recording.read(this::found);
    } catch (IllegalArgumentException e) {
      throw new TraceException("'" + recording.path() + "' is damaged: " + e.getMessage(), e);
    }
  }

  private boolean found(String line) {
    if (isEvent(line)) {
      lastEvent = line;
      events++;
      return true;
    }
    JsonRecord control = JsonRecord.parse(line);
    if (control.has("end")) {
      finished = true;
    } else if (isControl(control)) {
      controls.add(new Control(control, moment(control)));
    }
    return true;
  }

  /** To the moment of the next line that is no event; behind all of them to the last event. */
  private void advance() {
    if (next < controls.size()) {
      Control control = controls.get(next);
      boolean halted = control.line.has("halted");
      goTo(halted ? Moment.at(control.moment.instruction() + 1) : control.moment);
    } else if (!lastEvent.isEmpty() && history().run().events() < events) {
      goTo(moment(JsonRecord.parse(lastEvent)));
    }
  }

  private void goTo(Moment moment) {
    if (history().moment().isBefore(moment)) {
      debugger.perform(new Command.GoTo(moment), () -> true);
    }
  }

  private History history() {
    return debugger.history();
  }

  private boolean verify(String line) {
    if (isEvent(line)) {
      if (history().run().events() <= compared) {
        advance();
      }
      compare(line);
    } else if (next < controls.size() && isControl(JsonRecord.parse(line))) {
      advance();
      compare(controls.get(next));
      if (difference.isEmpty()) {
        perform();
      }
    }
    return difference.isEmpty();
  }

  private void compare(String recorded) {
    if (history().run().events() <= compared) {
      differs("event " + compared + " was recorded as " + recorded + ", and does not happen");
      return;
    }
    Event happens = history().events().get(compared);
    Moment at = happens.moment().onBranch(branch);
    Event event = new Event(happens.number(), at, happens.pe(), happens.what());
    String now = lines.of(event);
    if (now.equals(recorded)) {
      compared++;
      equalEvents++;
    } else {
      differs(
          "event "
              + compared
              + " at "
              + event.moment()
              + " ("
              + JsonRecord.parse(now).text("kind")
              + ") differs: "
              + LineDifference.words(recorded, now));
    }
  }

  private void compare(Control control) {
    Moment now = history().moment();
    long happened = history().run().events();
    if (!now.equals(control.moment)) {
      differs("the recording comes to " + control.moment + ", and the run to " + now);
    } else if (happened != control.line.number("events")) {
      differs(
          "at "
              + now
              + " there were "
              + control.line.number("events")
              + " events, and are "
              + happened);
    } else if (control.line.has("hash")) {
      String hash = Hex.plain(history().stateHash());
      if (hash.equals(control.line.text("hash"))) {
        equalHashes++;
      } else {
        differs(
            "the state at "
                + now
                + " has hash "
                + hash
                + ", and was recorded with "
                + control.line.text("hash")
                + "; the "
                + compared
                + " events before it are equal");
      }
    }
  }

  private void differs(String what) {
    difference = Optional.of(branch == 1 ? what : "in branch " + branch + ", " + what);
  }

  private void perform() {
    JsonRecord line = controls.get(next).line;
    if (line.has("input")) {
      debugger.perform(new Command.Inject(InjectionGrammar.parse(line.text("input"))), () -> true);
    } else if (line.has("answer")) {
      debugger.perform(new Command.AnswerExit(Answer.valueOf(line.text("answer"))), () -> true);
    }
    next++;
  }
}
