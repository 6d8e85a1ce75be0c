package dev.stagewalk.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BranchesTest {
  private final SmallGuest guest = new SmallGuest(SmallGuest.PAGES);
  private final History history = guest.history();

  private void goTo(int branch, long instruction) {
    history.goTo(new Moment(branch, instruction, 0), () -> true);
  }

  private static List<Event> all(Events events) {
    List<Event> list = new ArrayList<>();
    for (long n = 0; n < events.size(); n++) {
      list.add(events.get(n));
    }
    return list;
  }

  @Test
  void anEditInThePastKeepsTheOldFutureWithItsStatesAndEvents() {
    SmallGuest.toEnd(history);
    Moment end = history.moment();
    long hash = history.stateHash();
    List<Event> events = all(history.events());
    String console = history.hostConsole();
    goTo(1, 200);
    long shared = history.run().events();
    History.Edited edited = history.apply("unmap", guest.unmap(3));
    assertThat(edited.made()).isTrue();
    assertThat(edited.left()).isEqualTo(1);
    assertThat(edited.later()).isEqualTo(events.size() - shared);
    assertThat(history.moment().branch()).isEqualTo(2);
    SmallGuest.toEnd(history);
    assertThat(history.stateHash()).isNotEqualTo(hash);
    assertThat(all(history.events())).isNotEqualTo(events);
    long otherHash = history.stateHash();
    Moment otherEnd = history.end();

    history.goTo(end, () -> true);
    assertThat(history.stateHash()).isEqualTo(hash);
    assertThat(all(history.events())).isEqualTo(events);
    assertThat(history.hostConsole()).isEqualTo(console);
    assertThat(history.inputs()).isEmpty();
    history.goTo(otherEnd, () -> true);
    assertThat(history.stateHash()).isEqualTo(otherHash);
    assertThat(history.inputs()).hasSize(1);
  }

  @Test
  void theEventsOfABranchAreThoseOfTheWholeWayFromTheStart() {
    SmallGuest.toEnd(history);
    List<Event> first = all(history.events());
    goTo(1, 200);
    int shared = (int) history.run().events();
    history.apply("unmap", guest.unmap(3));
    SmallGuest.toEnd(history);
    List<Event> second = all(history.events());
    assertThat(second).allMatch(e -> e.moment().branch() == 2);
    for (int n = 0; n < shared; n++) {
      assertThat(second.get(n).what()).isEqualTo(first.get(n).what());
      assertThat(second.get(n).moment()).isEqualTo(first.get(n).moment().onBranch(2));
    }
    assertThat(second).extracting(Event::number).isSorted();
    assertThat(history.events().countAt(new Moment(2, 200, 0))).isEqualTo(shared);
  }

  @Test
  void anEditWhereThereIsNoFutureMakesNoBranch() {
    goTo(1, 200);
    assertThat(history.apply("a", guest.unmap(1)).made()).isFalse();
    assertThat(history.apply("b", guest.unmap(2)).made()).isFalse();
    SmallGuest.toEnd(history);
    assertThat(history.branches().all())
        .containsExactly(new Branch(1, 0, Moment.START, history.end(), "a"));
  }

  @Test
  void aBranchLeavesTheOneThatWentThroughItsMomentFirst() {
    SmallGuest.toEnd(history);
    goTo(1, 200);
    history.apply("a", guest.unmap(1));
    SmallGuest.toEnd(history);
    goTo(2, 300);
    history.apply("b", guest.unmap(2));
    SmallGuest.toEnd(history);
    goTo(3, 100);
    history.apply("c", guest.unmap(3));
    goTo(3, 250);
    history.apply("d", guest.unmap(4));
    assertThat(history.branches().all()).extracting(Branch::parent).containsExactly(0, 1, 2, 1, 2);
    assertThat(history.branches().all())
        .extracting(Branch::parting)
        .containsExactly(
            Moment.START,
            Moment.at(200),
            new Moment(2, 300, 0),
            Moment.at(100),
            new Moment(2, 250, 0));
    assertThat(history.branches().all())
        .extracting(Branch::words)
        .containsExactly("", "a", "b", "c", "d");
    assertThat(history.inputs()).extracting(Input::words).containsExactly("a", "d");

    Branches branches = history.branches();
    assertThat(branches.way(5)).extracting(Branch::number).containsExactly(1, 2, 5);
    assertThat(branches.parting(5, 3)).isEqualTo(new Moment(2, 250, 0));
    assertThat(branches.parting(3, 1)).isEqualTo(Moment.at(200));
    assertThat(branches.parting(4, 5)).isEqualTo(Moment.at(100));
    assertThat(branches.parting(2, 3)).isEqualTo(new Moment(2, 300, 0));
    assertThat(branches.parting(2, 2)).isEqualTo(branches.get(2).end());
  }

  @Test
  void aMomentBeforeAPartingHasANameInEachOfTheTwo() {
    SmallGuest.toEnd(history);
    goTo(1, 200);
    history.apply("a", guest.unmap(1));
    Branches branches = history.branches();
    assertThat(branches.origin(new Moment(2, 200, 0))).isEqualTo(Moment.at(200));
    assertThat(branches.origin(new Moment(2, 200, 1))).isEqualTo(new Moment(2, 200, 1));
    assertThat(branches.in(2, Moment.at(150, 2))).contains(new Moment(2, 150, 2));
    assertThat(branches.in(1, new Moment(2, 150, 2))).contains(Moment.at(150, 2));
    assertThat(branches.in(1, new Moment(2, 200, 1))).isEmpty();
    assertThat(branches.in(2, Moment.at(201))).isEmpty();
    assertThat(branches.in(2, new Moment(7, 0, 0))).isEmpty();
    goTo(1, 150);
    long hash = history.stateHash();
    goTo(2, 150);
    assertThat(history.stateHash()).isEqualTo(hash);
  }

  @Test
  void takingBackAnEditThatMadeABranchLeadsToTheOneItLeft() {
    SmallGuest.toEnd(history);
    long hash = history.stateHash();
    Moment end = history.moment();
    goTo(1, 200);
    history.apply("a", guest.unmap(1));
    long after = history.stateHash();
    SmallGuest.toEnd(history);
    Moment otherEnd = history.moment();
    assertThat(history.undo(() -> true).branch()).isEqualTo(1);
    assertThat(history.moment()).isEqualTo(Moment.at(200));
    assertThat(history.end()).isEqualTo(end);
    SmallGuest.toEnd(history);
    assertThat(history.stateHash()).isEqualTo(hash);
    assertThat(history.redo(() -> true).branch()).isEqualTo(2);
    assertThat(history.stateHash()).isEqualTo(after);
    assertThat(history.end()).isEqualTo(otherEnd);
    assertThat(history.branches().count()).isEqualTo(2);
  }

  @Test
  void takingBackAnEditAtTheEndKeepsTheRunWithItAndMakesOneBranchWithout() {
    goTo(1, 200);
    long before = history.stateHash();
    history.apply("a", guest.unmap(1));
    long after = history.stateHash();
    for (int i = 0; i < 3; i++) {
      assertThat(history.undo(() -> true).made()).isEqualTo(i == 0);
      assertThat(history.moment()).isEqualTo(new Moment(2, 200, 0));
      assertThat(history.stateHash()).isEqualTo(before);
      history.redo(() -> true);
      assertThat(history.moment().branch()).isEqualTo(1);
      assertThat(history.stateHash()).isEqualTo(after);
    }
    assertThat(history.branches().count()).isEqualTo(2);
    assertThat(history.branches().get(2).words()).isEqualTo("without a");

    // An edit there is one of that branch, and taken back goes on with neither.
    history.undo(() -> true);
    assertThat(history.apply("b", guest.unmap(2)).made()).isFalse();
    history.undo(() -> true);
    assertThat(history.moment()).isEqualTo(new Moment(3, 200, 0));
    assertThat(history.inputs()).isEmpty();
    SmallGuest.toEnd(history);
    History untouched = guest.history();
    SmallGuest.toEnd(untouched);
    assertThat(history.stateHash()).isEqualTo(untouched.stateHash());
  }

  @Test
  void aBranchIsEnteredWhereItWasLeft() {
    SmallGuest.toEnd(history);
    goTo(1, 200);
    history.apply("a", guest.unmap(1));
    history.advance(260, () -> Stops.NONE, () -> true);
    history.microStep();
    Moment there = history.moment();
    long hash = history.stateHash();
    goTo(1, 333);
    history.goToBranch(2, () -> true);
    assertThat(history.moment()).isEqualTo(there);
    assertThat(history.stateHash()).isEqualTo(hash);
    history.goToBranch(1, () -> true);
    assertThat(history.moment()).isEqualTo(Moment.at(333));
  }

  @Test
  void thereIsNoGoingToABranchThatWasNeverMade() {
    assertThat(history.hasBranch(2)).isFalse();
    assertThatThrownBy(() -> goTo(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(history.moment()).isEqualTo(Moment.START);
  }

  @Test
  void theMemoryOfAllBranchesIsCountedAndKeptWithinTheBudget() {
    long budget = 3 << 20;
    History small = new History(guest.recipe(), () -> false, budget);
    Map<Moment, Long> hashes = new HashMap<>();
    SmallGuest.toEnd(small);
    hashes.put(small.moment(), small.stateHash());
    long one = small.bytes();
    Random random = new Random(5);
    for (int i = 0; i < 40; i++) {
      int branch = 1 + random.nextInt(small.branches().count());
      long last = small.branches().get(branch).end().instruction();
      small.goTo(new Moment(branch, random.nextLong(1, last), 0), () -> true);
      small.apply("unmap", guest.unmap(random.nextInt(100)));
      SmallGuest.toEnd(small);
      hashes.put(small.moment(), small.stateHash());
      assertThat(small.bytes()).isLessThan(budget);
    }
    assertThat(small.branches().count()).isEqualTo(41);
    assertThat(40 * one).as("it did not fit").isGreaterThan(3 * budget);
    hashes.forEach((moment, hash) -> {
      small.goTo(moment, () -> true);
      assertThat(small.stateHash()).as("%s", moment).isEqualTo(hash);
    });
    // And the events of a branch, executed again, are those of its own way.
    small.goTo(small.branches().get(2).end(), () -> true);
    long edits =
        all(small.events()).stream()
            .filter(e -> e.what() instanceof dev.stagewalk.event.SimEvent.Edited)
            .count();
    assertThat(edits).isEqualTo(small.inputs().size());
  }

  @Test
  void nothingIsGivenUpBeforeTheBudgetIsReachedAndASmallerOneTakesEffectAtOnce() {
    SmallGuest endless = new SmallGuest(SmallGuest.LOOP);
    History run = new History(endless.recipe(), () -> false, History.BUDGET);
    run.advance(150_000_000, () -> Stops.NONE, () -> true);
    int laid = run.checkpoints();
    assertThat(laid).isBetween(100, 151);
    long taken = run.bytes();
    run.setBudget(taken);
    assertThat(run.checkpoints()).isEqualTo(laid);
    run.setBudget(taken / 2);
    assertThat(run.bytes()).isLessThanOrEqualTo(taken / 2);
    assertThat(run.checkpoints()).isLessThan(laid).isGreaterThan(20);
    run.goTo(Moment.at(1234), () -> true);
    assertThat(run.moment()).isEqualTo(Moment.at(1234));
  }
}
