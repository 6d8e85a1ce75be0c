package dev.stagewalk.session;

import dev.stagewalk.check.ObservedMachine;
import dev.stagewalk.check.Referee;
import dev.stagewalk.check.Ruling;
import dev.stagewalk.event.Event;
import dev.stagewalk.time.Rerun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the break-before-make referee says of a run up to a moment.
 *
 * @param rulings in order of time: every store to a live descriptor, and what else was wrong
 * @param outstanding what TLBs may hold at that moment though it stands in the tables no more
 */
public record Judgement(List<Judged> rulings, List<Referee.Outstanding> outstanding) {

  /** A ruling and the event it is about. */
  public record Judged(Event event, Ruling ruling) {}

  public Judgement {
    rulings = List.copyOf(rulings);
    outstanding = List.copyOf(outstanding);
  }

  /** The rulings that name a violation. */
  public List<Judged> violations() {
    return rulings.stream().filter(j -> j.ruling().isViolation()).toList();
  }

  /** Executes a run again with the referee watching. */
  static Judgement of(Rerun rerun) {
    List<Judged> found = new ArrayList<>();
    List<Referee> referee = new ArrayList<>(1);
    rerun.watch(machine -> {
      Referee watching = new Referee(new ObservedMachine(machine));
      referee.add(watching);
      return event ->
          watching
              .happened(event.pe(), event.what())
              .forEach(ruling -> found.add(new Judged(event, ruling)));
    });
    return new Judgement(found, referee.getFirst().outstanding());
  }

  /** The last ruling on an event up to this moment; empty if nothing was said of it. */
  public Optional<Judged> of(long event) {
    return rulings.stream().filter(j -> j.event().number() == event).reduce((_, b) -> b);
  }
}
