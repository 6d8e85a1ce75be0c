package dev.stagewalk.session;

import dev.stagewalk.ask.Condition;
import dev.stagewalk.ask.EventWords;
import dev.stagewalk.ask.Facts;
import dev.stagewalk.ask.Present;
import dev.stagewalk.check.Finding;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.time.EventStop;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Sighting;
import dev.stagewalk.time.Sought;
import dev.stagewalk.time.Stops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The breakpoints of a run, and whether the machine is at one of them. */
final class Breakpoints {
  private final LoadedScenario loaded;
  private final BreakpointList list = new BreakpointList();

  /** Why the condition of a breakpoint could not be told when it was last asked. */
  private final Map<Integer, String> troubles = new HashMap<>();

  private final Judge judge;

  /** Numbers of the breakpoints that a run was last asked to watch for, in order. */
  private List<Integer> watched = List.of();

  Breakpoints(LoadedScenario loaded) {
    this.loaded = loaded;
    this.judge = new Judge(loaded.history());
  }

  /** Tells when findings arose. */
  Judge judge() {
    return judge;
  }

  /**
   * Sets one.
   *
   * @throws IllegalArgumentException if the text cannot be read, with the place
   */
  void add(String text) {
    list.add(read(text));
  }

  private BreakpointGrammar.Typed read(String text) {
    BreakpointGrammar.Typed typed = BreakpointGrammar.parse(text, loaded.program());
    if (typed.stop() instanceof Stop.Watched(Watch watch, _)) {
      WatchTarget target = WatchTarget.of(watch, loaded.history().machine());
      typed =
          new BreakpointGrammar.Typed(
              new Stop.Watched(watch, Optional.of(target)), typed.condition());
    }
    return typed;
  }

  /**
   * Those of a program that has begun anew: labels, lines and descriptors are where they are now.
   * Another program begins without any.
   *
   * @param lost gets a sentence for each that means nothing there
   */
  Breakpoints over(LoadedScenario fresh, Consumer<String> lost) {
    Breakpoints again = new Breakpoints(fresh);
    if (fresh.scenario().name().equals(loaded.scenario().name())) {
      for (Breakpoint b : list.all()) {
        try {
          again.list.addAgain(b, again.read(b.text()));
        } catch (Refused e) {
          lost.accept("breakpoint " + b.number() + " is gone: " + b.text() + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
          lost.accept("breakpoint " + b.number() + " is gone: " + e.getMessage());
        }
      }
    }
    return again;
  }

  BreakpointList list() {
    return list;
  }

  /** All, and which of them the machine stands at. */
  List<Breakpoint> seen() {
    return list.all().stream()
        .map(b -> b.seen(b.enabled() && isHere(b), troubles.getOrDefault(b.number(), "")))
        .toList();
  }

  /** All, of a machine that runs. */
  List<Breakpoint> passing() {
    return list.all().stream().map(b -> b.seen(false, "")).toList();
  }

  /** The findings that some of them stop at; empty if none does. */
  Optional<Predicate<Finding>> findings(Predicate<Breakpoint> which) {
    return list.all().stream()
        .filter(Breakpoint::enabled)
        .filter(which)
        .<Predicate<Finding>>mapMulti((b, to) -> {
          if (b.stop() instanceof Stop.Arises arises) {
            to.accept(arises::includes);
          }
        })
        .reduce(Predicate::or);
  }

  /** Whether the present moment is one at which one of them stops. */
  boolean isAtOne(Predicate<Breakpoint> which) {
    return list.all().stream().anyMatch(b -> b.enabled() && which.test(b) && isHere(b));
  }

  /** Where the step of one instruction stops before its end. */
  Stops stopsInside(boolean atExits) {
    Stops whole = stops(atExits, _ -> true);
    return new Stops(whole.atExits(), null, whole.event(), whole.sought());
  }

  /** Where a run is to stop, for those that are enabled and asked for. */
  Stops stops(boolean atExits, Predicate<Breakpoint> which) {
    List<Breakpoint> asked = list.all().stream().filter(Breakpoint::enabled).filter(which).toList();
    return asked.isEmpty()
        ? new Stops(atExits, null)
        : new Stops(atExits, instructions(asked), events(asked), sought(asked));
  }

  private List<Sought> sought(List<Breakpoint> asked) {
    List<Sought> all = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    for (Breakpoint b : asked) {
      if (b.stop() instanceof Stop.Watched w && w.target().isPresent()) {
        Sought sought = w.target().get().sought();
        all.add(b.condition().isEmpty() ? sought : sought.where(s -> holds(b, at(s))));
        numbers.add(b.number());
      }
    }
    watched = numbers;
    return all;
  }

  private Present at(Sighting sighting) {
    return LivePresent.on(sighting.pe(), loaded.history(), loaded.program());
  }

  /** What was seen at the present moment of what a breakpoint watches. */
  private List<Sighting> sightings(Breakpoint b) {
    return loaded.history().sightings().stream()
        .filter(s -> s.number() < watched.size() && watched.get(s.number()) == b.number())
        .toList();
  }

  private @Nullable LongPredicate instructions(List<Breakpoint> asked) {
    Map<Long, List<Breakpoint>> at = new HashMap<>();
    for (Breakpoint b : asked) {
      if (b.stop() instanceof Stop.At stop) {
        at.computeIfAbsent(stop.address(), _ -> new ArrayList<>()).add(b);
      }
    }
    if (at.isEmpty()) {
      return null;
    }
    long[] sorted = at.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    return pc ->
        Arrays.binarySearch(sorted, pc) >= 0
            && at.getOrDefault(pc, List.of()).stream().anyMatch(b -> holds(b, before()));
  }

  private @Nullable EventStop events(List<Breakpoint> asked) {
    List<Breakpoint> on = asked.stream().filter(b -> b.stop() instanceof Stop.On).toList();
    if (on.isEmpty()) {
      return null;
    }
    boolean alone = on.stream().allMatch(Breakpoint::asksEventAlone);
    return new EventStop() {
      @Override
      public boolean stopsAfter(Event event) {
        Present now = after(event);
        return on.stream().anyMatch(b -> isAfter(b, event, now));
      }

      @Override
      public boolean asksEventAlone() {
        return alone;
      }
    };
  }

  private Present before() {
    return LivePresent.beforeInstruction(loaded.history(), loaded.program());
  }

  private Present after(Event event) {
    return LivePresent.after(event, loaded.history(), loaded.program());
  }

  private boolean isAfter(Breakpoint b, Event event, Present now) {
    return b.stop() instanceof Stop.On on && on.filter().matches(event, now) && holds(b, now);
  }

  /** A condition that cannot be told, because there is nothing where it looks, is not true. */
  private boolean holds(Breakpoint b, Present now) {
    Condition condition = b.condition().orElse(null);
    if (condition == null) {
      return true;
    }
    try {
      boolean is = condition.expression().holds(new Facts(now));
      troubles.remove(b.number());
      return is;
    } catch (IllegalArgumentException e) {
      troubles.put(b.number(), String.valueOf(e.getMessage()));
      return false;
    }
  }

  private boolean isHere(Breakpoint b) {
    History history = loaded.history();
    Moment moment = history.moment();
    return switch (b.stop()) {
      case Stop.At at ->
          moment.isBoundary()
              && history.machine().isAt(pc -> pc == at.address())
              && holds(b, before());
      case Stop.On _ -> lastEvent().filter(event -> isAfter(b, event, after(event))).isPresent();
      case Stop.Watched _ -> !sightings(b).isEmpty();
      case Stop.Arises arises ->
          judge.at(moment).stream().anyMatch(arises::includes)
              && holds(b, lastEvent().map(this::after).orElseGet(this::before));
    };
  }

  /** The event that the present moment is right after; empty where it is after none. */
  private Optional<Event> lastEvent() {
    History history = loaded.history();
    long count = history.run().events();
    if (count == 0) {
      return Optional.empty();
    }
    Event event = history.events().get(count - 1);
    return Optional.of(event).filter(e -> e.moment().equals(history.moment()));
  }

  /**
   * Counts those that a run has stopped at, and says which and why; empty if it is at none.
   *
   * @param which those that it was to stop at
   */
  String arrived(Predicate<Breakpoint> which) {
    List<String> lines = new ArrayList<>();
    for (Breakpoint b : list.all()) {
      if (b.enabled() && which.test(b) && isHere(b)) {
        list.change(b.number(), Breakpoint::hit);
        lines.add("breakpoint " + b.number() + ": " + why(b));
      }
    }
    return String.join("; ", lines);
  }

  private String words(Sighting sighting) {
    return sighting.what() instanceof Sighting.Happened happened
        ? lastEvent()
            .filter(event -> event.number() == happened.event())
            .map(event -> EventWords.of(event, after(event)))
            .orElseGet(sighting::words)
        : sighting.words();
  }

  private String why(Breakpoint b) {
    String what =
        switch (b.stop()) {
          case Stop.At at ->
              (at.place().isEmpty() ? "at " : at.text() + ", ")
                  + loaded.program().names().shown(at.address());
          case Stop.On _ ->
              lastEvent().map(event -> EventWords.of(event, after(event))).orElse(b.text());
          case Stop.Watched w ->
              w.target().map(WatchTarget::subject).orElse(w.text())
                  + ": "
                  + words(sightings(b).getLast());
          case Stop.Arises arises ->
              judge.at(loaded.history().moment()).stream()
                  .filter(arises::includes)
                  .map(Finding::words)
                  .collect(Collectors.joining("; "));
        };
    return what + b.condition().map(c -> ", where " + c.text()).orElse("");
  }
}
