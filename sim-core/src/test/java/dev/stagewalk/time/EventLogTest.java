package dev.stagewalk.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private static final long LITTLE = 40_000;
  private final SmallGuest guest = new SmallGuest(SmallGuest.PAGES);

  private History withLittleAtHand() {
    return new History(guest.recipe(), () -> false, 4 * LITTLE);
  }

  private static List<Event> all(Events events) {
    List<Event> list = new ArrayList<>();
    for (long n = 0; n < events.size(); n++) {
      list.add(events.get(n));
    }
    return list;
  }

  private static List<Event> withoutBranch(List<Event> events) {
    return events.stream()
        .map(e -> new Event(e.number(), e.moment().onBranch(1), e.pe(), e.what()))
        .toList();
  }

  @Test
  void eventsThatAreExecutedAgainEqualThoseRecorded() {
    History full = guest.history();
    SmallGuest.toEnd(full);
    History little = withLittleAtHand();
    SmallGuest.toEnd(little);
    assertThat(little.eventBytes()).isLessThanOrEqualTo(LITTLE + 512 * 1000);
    assertThat(little.eventBytes()).isLessThan(full.eventBytes() / 2);
    assertThat(all(little.events())).isEqualTo(all(full.events()));
  }

  @Test
  void everyMomentHasAsManyEventsBeforeItWhetherTheyAreAtHandOrNot() {
    History full = guest.history();
    SmallGuest.toEnd(full);
    History little = withLittleAtHand();
    SmallGuest.toEnd(little);
    EventLog.View events = full.events();
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      Event event = events.get(random.nextLong(events.size()));
      for (long delta = -1; delta <= 1; delta++) {
        long micro = Math.max(0, event.moment().micro() + delta);
        Moment moment = Moment.at(event.moment().instruction(), micro);
        long expected = all(events, moment);
        assertThat(events.countAt(moment)).as("%s", moment).isEqualTo(expected);
        assertThat(little.events().countAt(moment)).as("%s", moment).isEqualTo(expected);
      }
    }
    assertThat(events.countAt(Moment.at(Long.MAX_VALUE))).isEqualTo(events.size());
  }

  private static long all(Events events, Moment moment) {
    long n = 0;
    while (n < events.size() && events.get(n).moment().compareTo(moment) <= 0) {
      n++;
    }
    return n;
  }

  @Test
  void theNumberOfEventsIsKnownAtEveryMomentWithoutAskingTheLog() {
    History history = guest.history();
    SmallGuest.toEnd(history);
    Random random = new Random(4);
    for (int i = 0; i < 100; i++) {
      Moment target = history.events().get(random.nextLong(history.events().size())).moment();
      history.goTo(target, () -> true);
      assertThat(history.run().events()).isEqualTo(history.events().countAt(target));
    }
  }

  @Test
  void aViewTakenBeforeAnEditKeepsTheOldRunEvenWhereItIsNotAtHand() {
    History history = withLittleAtHand();
    SmallGuest.toEnd(history);
    List<Event> old = all(history.events());
    EventLog.View view = history.events();
    history.goTo(Moment.at(200), () -> true);
    history.apply("unmap", guest.unmap(3));
    SmallGuest.toEnd(history);
    assertThat(all(view)).isEqualTo(old);
    assertThat(all(history.events())).isNotEqualTo(old);
    assertThat(all(view)).isEqualTo(old);
  }

  @Test
  void afterAnEditInAPartlyFilledBlockTheRecordIsThatOfARunWithTheInputFromTheStart() {
    for (long instruction : new long[] {1, 77, 200, 201, 400}) {
      for (long micro : new long[] {0, 1, 3}) {
        for (long budget : new long[] {4 * LITTLE, History.BUDGET}) {
          History edited = new History(guest.recipe(), () -> false, budget);
          SmallGuest.toEnd(edited);
          edited.goTo(Moment.at(instruction, micro), () -> true);
          edited.apply("unmap", guest.unmap(2));
          SmallGuest.toEnd(edited);

          History straight = guest.history();
          straight.goTo(edited.inputs().getFirst().moment(), () -> true);
          straight.apply("unmap", guest.unmap(2));
          SmallGuest.toEnd(straight);
          assertThat(edited.moment().branch()).isEqualTo(2);
          assertThat(withoutBranch(all(edited.events())))
              .isEqualTo(withoutBranch(all(straight.events())));
          assertThat(edited.stateHash()).isEqualTo(straight.stateHash());
        }
      }
    }
  }

  @Test
  void theEventsOfAnEndlessRunTakeNoMoreThanTheirBudgetAndTheFirstIsStillThere() {
    SmallGuest endless = new SmallGuest(SmallGuest.CALLS);
    History history = new History(endless.recipe(), () -> false, 4 << 20);
    history.advance(100_000, () -> Stops.NONE, () -> true);
    assertThat(history.events().size()).isGreaterThan(200_000);
    assertThat(history.bytes()).isLessThan(5 << 20);
    assertThat(history.events().get(0).what()).isInstanceOf(SimEvent.HostCallBegan.class);
    assertThat(history.events().get(100_000).number()).isEqualTo(100_000);
  }

  @Test
  void anEventThatIsNotThereIsRefusedByItsNumber() {
    EventLog.View none = guest.history().events();
    assertThatThrownBy(() -> none.get(0))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("no event 0");
  }

  @Test
  void readersOnOtherThreadsSeeTheSameEventsWhileTheRunGoesOnAndIsEdited() throws Exception {
    History full = guest.history();
    SmallGuest.toEnd(full);
    List<Event> expected = all(full.events());
    History history = withLittleAtHand();
    List<Thread> readers = new ArrayList<>();
    List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
    EventLog.View[] shared = new EventLog.View[20];
    for (int i = 0; i < shared.length; i++) {
      history.advance(history.moment().instruction() + 45, () -> Stops.NONE, () -> true);
      shared[i] = history.events();
      EventLog.View view = shared[i];
      long seed = i;
      readers.add(
          Thread.ofPlatform()
              .start(() -> {
                Random random = new Random(seed);
                for (int k = 0; k < 40; k++) {
                  long n = random.nextLong(view.size());
                  Event event = view.get(n);
                  if (!event.equals(expected.get((int) n))) {
                    wrong.add(n + ": " + event);
                  }
                  if (view.countAt(event.moment()) != n + 1) {
                    wrong.add(n + " counted as " + view.countAt(event.moment()));
                  }
                }
              }));
    }
    for (int i = 0; i < 5; i++) {
      history.goTo(Moment.at(300 - 50 * i), () -> true);
      history.apply("unmap", guest.unmap(1));
      SmallGuest.toEnd(history);
    }
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(wrong).isEmpty();
  }
}
