package dev.stagewalk.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a run stops on its way forward it stops on its way back, however little is at hand. */
final class StopsBothWaysTest {
  private static final LongPredicate LOOP = pc -> pc == SmallGuest.CODE + 8;
  private static final Predicate<SimEvent> STORES = SimEvent.DescriptorStored.class::isInstance;

  private final SmallGuest guest = new SmallGuest(SmallGuest.PAGES);

  private static EventStop on(Predicate<SimEvent> kind, boolean alone) {
    return new EventStop() {
      @Override
      public boolean stopsAfter(Event event) {
        return kind.test(event.what());
      }

      @Override
      public boolean asksEventAlone() {
        return alone;
      }
    };
  }

  private static Stops stops(@Nullable LongPredicate at, boolean alone) {
    return new Stops(false, at, on(STORES, alone));
  }

  private static List<Moment> forward(History history, Stops stops) {
    List<Moment> found = new ArrayList<>();
    while (true) {
      Run.Stop stop = history.advance(Long.MAX_VALUE, () -> stops, () -> true);
      if (stop != Run.Stop.BREAKPOINT && stop != Run.Stop.EVENT) {
        return found;
      }
      found.add(history.moment());
    }
  }

  private static List<Moment> backward(History history, Stops stops) {
    List<Moment> found = new ArrayList<>();
    Moment floor = Moment.START.onBranch(history.moment().branch());
    while (history.goToStopBefore(stops, floor, history.moment(), () -> true) != Run.Stop.REACHED) {
      found.addFirst(history.moment());
    }
    assertThat(history.moment()).isEqualTo(floor);
    return found;
  }

  @ParameterizedTest
  @ValueSource(longs = {History.BUDGET, 96 << 10})
  void theSameMomentsWhetherTheRecordIsAskedOrTheRunExecutedAgain(long budget) {
    History history = new History(guest.recipe(), () -> false, budget);
    List<Moment> forward = forward(history, stops(null, true));
    assertThat(forward).hasSizeGreaterThan(10).isSorted();
    SmallGuest.toEnd(history);
    assertThat(backward(history, stops(null, true))).isEqualTo(forward);
    SmallGuest.toEnd(history);
    assertThat(backward(history, stops(null, false))).isEqualTo(forward);
  }

  @Test
  void instructionsAndEventsAreMetInOneOrder() {
    History history = guest.history();
    List<Moment> forward = forward(history, stops(LOOP, true));
    assertThat(forward).isSorted().anyMatch(Moment::isBoundary).anyMatch(m -> !m.isBoundary());
    SmallGuest.toEnd(history);
    assertThat(backward(history, stops(LOOP, true))).isEqualTo(forward);
  }

  @Test
  void inABranchOneGoesBackThroughWhatIsCommonToBoth() {
    History history = guest.history();
    List<Moment> before = forward(history, stops(LOOP, true));
    SmallGuest.toEnd(history);
    Moment parting = Moment.at(before.get(before.size() / 2).instruction(), 1);
    history.goTo(parting, () -> true);
    history.apply("unmap", guest.unmap(2));
    assertThat(history.moment().branch()).isEqualTo(2);
    SmallGuest.toEnd(history);
    List<Moment> backward = backward(history, stops(LOOP, true));
    assertThat(backward).allMatch(m -> m.branch() == 2).isSorted();
    history.goTo(Moment.START.onBranch(2), () -> true);
    assertThat(forward(history, stops(LOOP, true))).isEqualTo(backward);
    Predicate<Moment> common = m -> m.onBranch(1).isBefore(parting);
    assertThat(backward.stream().map(m -> m.onBranch(1)).filter(common))
        .isEqualTo(before.stream().filter(common).toList());
  }

  @Test
  void theSearchOnTheWayBackRecordsNothingBeyondWhatWasExecuted() {
    History history = guest.history();
    history.advance(Long.MAX_VALUE, () -> new Stops(true, null), () -> true);
    history.advance(Long.MAX_VALUE, () -> new Stops(true, null), () -> true);
    Moment end = history.end();
    long events = history.events().size();
    history.goToStopBefore(stops(LOOP, false), Moment.START, history.moment(), () -> true);
    assertThat(history.end()).isEqualTo(end);
    assertThat(history.events().size()).isEqualTo(events);
  }

  @Test
  void aSearchThroughTheRecordCanBePausedAndStaysWhereItIs() {
    History history = guest.history();
    SmallGuest.toEnd(history);
    Moment end = history.moment();
    Stops never = new Stops(false, null, on(_ -> false, true));
    assertThat(history.goToStopBefore(never, Moment.START, end, () -> false))
        .isEqualTo(Run.Stop.PAUSED);
    assertThat(history.moment()).isEqualTo(end);
  }
}
