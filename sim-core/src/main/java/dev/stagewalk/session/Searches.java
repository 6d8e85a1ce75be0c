package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.RegisterWatch;
import dev.stagewalk.cpu.WatchedAccess;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.time.Found;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Run;
import dev.stagewalk.time.Sighting;
import dev.stagewalk.time.Stops;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Answers who wrote something last, when it was used last, when an IPA faults next. */
final class Searches {
  private final History history;
  private final Program program;

  Searches(History history, Program program) {
    this.history = history;
    this.program = program;
  }

  /**
   * Searches from the present moment. What happened right at it counts for a search back, so that
   * "who wrote this" asked right after the store answers with that store.
   *
   * @param text see {@link WatchGrammar}
   * @param stay whether to be at the present moment again afterwards
   * @param meanwhile called every so often; false stops
   * @throws Refused if it cannot be read, or means nothing at this moment
   */
  SearchResult perform(String text, boolean stay, BooleanSupplier meanwhile) {
    WatchGrammar.Search search = WatchGrammar.readSearch(text, program);
    WatchTarget target = WatchTarget.of(search.watch(), history.machine());
    return switch (search.direction()) {
      case LAST -> last(search, target, stay, meanwhile);
      case NEXT -> next(search, target, stay, meanwhile);
    };
  }

  private SearchResult last(
      WatchGrammar.Search search, WatchTarget target, boolean stay, BooleanSupplier meanwhile) {
    Found found = history.searchBack(List.of(target.sought()), true, !stay, meanwhile);
    String words =
        !found.complete()
            ? interrupted()
            : found
                .sighting()
                .map(s -> sentence(search, target, s))
                .orElseGet(() -> never(search.watch(), target));
    return new SearchResult(search.text(), words, found.sighting(), found.complete());
  }

  private SearchResult next(
      WatchGrammar.Search search, WatchTarget target, boolean stay, BooleanSupplier meanwhile) {
    Moment from = history.moment();
    Stops stops = new Stops(false, null, List.of(target.sought()));
    Run.Stop stop = history.advance(Long.MAX_VALUE, () -> stops, meanwhile);
    if (stop == Run.Stop.PAUSED) {
      return new SearchResult(search.text(), interrupted(), Optional.empty(), false);
    }
    Moment end = history.moment();
    Optional<Sighting> seen = history.sightings().stream().reduce((_, last) -> last);
    boolean waits = history.machine().awaitsInput();
    if (stay || seen.isEmpty()) {
      history.goTo(from, () -> true);
    }
    String words =
        seen.map(s -> sentence(search, target, s))
            .orElseGet(() ->
                capital(target.subject())
                    + " is not "
                    + done(search.watch())
                    + " any more before "
                    + (waits ? "the machine waits for input at " : "the run ends at ")
                    + end
                    + ".");
    return new SearchResult(search.text(), words, seen, true);
  }

  private String interrupted() {
    return "The search was stopped on the way, at " + history.moment() + ".";
  }

  private static String done(Watch watch) {
    return switch (watch) {
      case Watch.Register _ -> "changed";
      case Watch.Fault _ -> "the address of a stage-2 fault";
      case Watch.Memory m -> done(m.use());
      case Watch.Entry e -> done(e.use());
    };
  }

  private static String done(Watch.Use use) {
    return switch (use) {
      case WRITE -> "written";
      case READ -> "read";
      case ACCESS -> "accessed";
      case USE -> "used";
    };
  }

  private String sentence(WatchGrammar.Search search, WatchTarget target, Sighting found) {
    boolean back = search.direction() == WatchGrammar.Direction.LAST;
    String when = back ? "last" : "next";
    String subject = capital(target.subject());
    String at = " at " + found.moment();
    String by = " by " + found.author();
    return switch (found.what()) {
      case Sighting.Change c ->
          subject
              + (back ? " last changed" : " changes next")
              + at
              + by
              + ": "
              + Hex.plain(c.old())
              + " became "
              + Hex.plain(c.value())
              + ".";
      case Sighting.Happened h ->
          subject
              + (back ? " last faulted" : " faults next")
              + at
              + fault(h.what())
              + instruction(found)
              + ".";
      case Sighting.Walked _ ->
          subject
              + (back ? " was " : " is ")
              + when
              + " "
              + done(search.watch())
              + at
              + ": "
              + found.words()
              + ".";
      case Sighting.Access a ->
          subject
              + (back ? " was " : " is ")
              + when
              + " "
              + done(search.watch())
              + at
              + (isTheWord(a.access(), target)
                  ? by + ": " + values(a.access())
                  : ": " + found.words())
              + ".";
    };
  }

  private static boolean isTheWord(WatchedAccess access, WatchTarget target) {
    return access.pa() == target.start()
        && access.bytes() == Long.BYTES
        && access.kind() == WatchedAccess.Kind.WRITE
        && access.old().isPresent();
  }

  private static String values(WatchedAccess access) {
    return Hex.plain(access.old().orElse(0)) + " became " + Hex.plain(access.value().orElse(0));
  }

  private static String fault(SimEvent event) {
    if (!(event instanceof SimEvent.ExceptionTaken taken)) {
      return "";
    }
    return taken
        .fault()
        .map(f ->
            ": "
                + f.kind().at(f.level())
                + (f.onStage1Walk() ? " on a stage-1 walk," : ",")
                + (taken.cause() == null ? "" : " " + taken.cause().access().kind().words()))
        .orElse("");
  }

  private static String instruction(Sighting found) {
    Instruction by = found.author().instruction();
    return by == null ? "" : " by " + by.words();
  }

  private String never(Watch watch, WatchTarget target) {
    return switch (watch) {
      case Watch.Register r ->
          capital(target.subject()) + " has not changed since the start" + value(r) + ".";
      case Watch.Fault _ -> capital(target.subject()) + " has not faulted since the start.";
      case Watch.Memory m -> never(m.use(), target);
      case Watch.Entry e -> never(e.use(), target);
    };
  }

  private String never(Watch.Use use, WatchTarget target) {
    if (use != Watch.Use.WRITE) {
      return capital(target.subject()) + " has not been " + done(use) + " since the start.";
    }
    Long holds = target.holds(history.machine());
    String why =
        holds == null
            ? "what is there is what the run began with"
            : holds == 0
                ? "it holds the zero that memory begins with"
                : Hex.plain(holds) + " is in the image";
    return "Nobody has written " + target.subject() + " since the start: " + why + ".";
  }

  private String value(Watch.Register r) {
    Machine machine = history.machine();
    if (r.pe() < 0 && machine.pes().size() > 1) {
      return "";
    }
    Pe pe = machine.pes().get(Math.max(0, r.pe()));
    return ": it is " + Hex.plain(RegisterWatch.value(r.name(), pe));
  }

  private static String capital(String subject) {
    return subject.substring(0, 1).toUpperCase(Locale.ROOT) + subject.substring(1);
  }
}
