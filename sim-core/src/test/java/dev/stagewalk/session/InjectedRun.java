package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/** Runs into which something is injected, as tests look at them. */
final class InjectedRun {
  /** What a run is let go on for: enough for the guest to end. */
  static final int INSTRUCTIONS = 60;

  private InjectedRun() {}

  /**
   * Makes edits at a moment and lets the guest run on, in every engine.
   *
   * @return the events after the edits, the same in all of them
   */
  static List<SimEvent> after(Scenario scenario, Moment moment, String... edits) {
    List<SimEvent> events = null;
    Set<Long> hashes = new HashSet<>();
    for (Engine engine : Engine.values()) {
      Travel travel = Travel.begin(scenario, engine);
      travel.goTo(moment);
      long before = travel.stateHash();
      long known = travel.events().size();
      travel.step(INSTRUCTIONS);
      long without = travel.stateHash();
      travel.goTo(moment);
      List<Moment> made = new ArrayList<>();
      for (String edit : edits) {
        made.add(travel.moment());
        travel.inject(InjectionGrammar.parse(edit));
      }
      int branch = travel.moment().branch();
      travel.goTo(new Moment(branch, moment.instruction() + INSTRUCTIONS, 0));
      Moment end = travel.moment();
      long with = travel.stateHash();
      hashes.add(with);
      List<SimEvent> found = whats(travel, known);
      assertThat(events == null ? found : events).isEqualTo(found);
      events = found;

      travel.goTo(moment.onBranch(branch));
      assertThat(travel.stateHash()).as("back, %s", engine).isEqualTo(before);
      travel.goTo(end);
      assertThat(travel.stateHash()).as("again, %s", engine).isEqualTo(with);
      assertThat(whats(travel, known)).isEqualTo(found);
      for (int i = edits.length; i > 0; i--) {
        travel.undo();
        assertThat(travel.branches().origin(travel.moment()))
            .isEqualTo(travel.branches().origin(made.get(i - 1)));
      }
      assertThat(travel.stateHash()).as("undone, %s", engine).isEqualTo(before);
      travel.step(INSTRUCTIONS);
      assertThat(travel.stateHash()).as("without, %s", engine).isEqualTo(without);
    }
    assertThat(hashes).hasSize(1);
    assertThat(events).isNotNull();
    assertThat(events.stream().filter(SimEvent.Edited.class::isInstance)).hasSize(edits.length);
    return events;
  }

  static List<SimEvent> whats(Travel travel, long from) {
    return LongStream.range(from, travel.events().size())
        .mapToObj(travel.events()::get)
        .map(Event::what)
        .toList();
  }

  static List<String> withheld(List<SimEvent> events) {
    return events.stream()
        .filter(SimEvent.Withheld.class::isInstance)
        .map(e -> ((SimEvent.Withheld) e).words())
        .toList();
  }

  static void refused(Travel travel, String edit, String words) {
    Moment moment = travel.moment();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> travel.inject(InjectionGrammar.parse(edit)))
        .withMessageContaining(words);
    assertThat(travel.moment()).isEqualTo(moment);
  }
}
