package dev.stagewalk.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private final SmallGuest guest = new SmallGuest(SmallGuest.PAGES);
  private final History history = guest.history();

  /** The first moment of an event of a kind, at or after an instruction. */
  private Moment first(Class<? extends SimEvent> kind, long from) {
    for (long n = history.events().countAt(Moment.at(from)); n < history.events().size(); n++) {
      Event event = history.events().get(n);
      if (kind.isInstance(event.what())) {
        return event.moment();
      }
    }
    throw new AssertionError("no " + kind);
  }

  private static Moment at(Moment base, long delta) {
    return Moment.at(base.instruction(), base.micro() + delta);
  }

  /** Applies an input at a moment, and goes forward, back and forward by micro-steps around it. */
  private void editAndWalkAround(Moment moment, Input.Action action) {
    history.goTo(moment, () -> true);
    assertThat(history.moment()).isEqualTo(moment);
    history.apply("edit", action);
    Moment after = history.moment();
    assertThat(moment.onBranch(after.branch()).isBefore(after)).isTrue();
    long hashAfter = history.stateHash();
    Map<Moment, Long> seen = new HashMap<>();
    for (int i = 0; i < 40 && !history.machine().isHalted(); i++) {
      seen.put(history.moment(), history.stateHash());
      history.microStep();
    }
    for (int i = 0; i < 60 && history.moment().instruction() > 0; i++) {
      history.microStepBack();
      long hash = history.stateHash();
      Long known = seen.putIfAbsent(history.moment(), hash);
      if (known != null) {
        assertThat(hash).as("%s", history.moment()).isEqualTo(known);
      }
    }
    assertThat(seen).containsKey(moment.onBranch(after.branch()));
    history.goTo(after, () -> true);
    assertThat(history.stateHash()).isEqualTo(hashAfter);
  }

  @Test
  void anInputAtAnyKindOfMomentIsAppliedThereEveryTime() {
    SmallGuest.toEnd(history);
    Moment end = history.moment();
    Moment walk = first(SimEvent.Translated.class, 100);
    Moment exit = first(SimEvent.ExceptionTaken.class, 140);
    Moment store = first(SimEvent.DescriptorStored.class, 180);
    Moment eret = first(SimEvent.ExceptionReturned.class, 220);
    editAndWalkAround(Moment.at(end.instruction() - 1), guest.unmap(100));
    editAndWalkAround(Moment.at(260), guest.unmap(3));
    editAndWalkAround(eret, guest.unmap(3));
    editAndWalkAround(store, guest.map(60, 2));
    editAndWalkAround(exit, guest.unmap(3));
    editAndWalkAround(at(walk, -2), guest.unmap(3));
    editAndWalkAround(Moment.at(90), guest.unmap(3));
    assertThat(history.inputs()).hasSize(1);
    assertThat(history.branches().count()).isEqualTo(8);
  }

  @Test
  void aPageUnmappedInTheMiddleOfItsWalkFaults() {
    SmallGuest.toEnd(history);
    // The last walk of a data page: the load or store that succeeds after its page was mapped.
    Moment walk = first(SimEvent.Translated.class, 150);
    while (true) {
      long n = history.events().countAt(walk) - 1;
      if (history.events().get(n).what() instanceof SimEvent.Translated t
          && t.translation().outcome() instanceof dev.stagewalk.event.Translation.Output
          && t.translation().input() >= SmallGuest.HEAP) {
        break;
      }
      walk = first(SimEvent.Translated.class, walk.instruction() + 1);
    }
    SimEvent.Translated found =
        (SimEvent.Translated) history.events().get(history.events().countAt(walk) - 1).what();
    int page = (int) (found.translation().input() - SmallGuest.HEAP >>> 12);
    history.goTo(at(walk, -1), () -> true);
    long exits = history.run().exits();
    history.apply("unmap", guest.unmap(page));
    history.advance(walk.instruction() + 1, () -> Stops.NONE, () -> true);
    assertThat(history.run().exits()).isEqualTo(exits + 1);
    SmallGuest.toEnd(history);
  }

  @Test
  void inputsStandInOrderAndOneInThePastGoesOnWithThoseBeforeIt() {
    history.goTo(Moment.at(100), () -> true);
    history.apply("a", guest.unmap(1));
    history.goTo(Moment.at(200), () -> true);
    history.apply("b", guest.unmap(2));
    history.goTo(Moment.at(200, 3), () -> true);
    assertThat(history.apply("c", guest.unmap(3)).later()).isPositive();
    assertThat(history.inputs()).extracting(Input::words).containsExactly("a", "b", "c");
    history.goTo(Moment.at(150).onBranch(2), () -> true);
    history.apply("d", guest.unmap(2));
    assertThat(history.inputs()).extracting(Input::words).containsExactly("a", "d");
    assertThat(history.end()).isEqualTo(history.moment());
    history.goTo(history.branches().get(1).end(), () -> true);
    assertThat(history.inputs()).extracting(Input::words).containsExactly("a", "b");
  }

  @Test
  void undoAndRedoOfSeveralEditsGoBackToTheStatesTheyCameFrom() {
    history.goTo(Moment.at(120), () -> true);
    long untouched = history.stateHash();
    history.apply("a", guest.unmap(1));
    long afterA = history.stateHash();
    history.goTo(Moment.at(400), () -> true);
    Moment inWalk = at(first(SimEvent.Translated.class, 300), -1);
    history.goTo(inWalk, () -> true);
    long beforeB = history.stateHash();
    history.apply("b", guest.unmap(2));
    long afterB = history.stateHash();
    SmallGuest.toEnd(history);

    assertThat(history.undo(() -> true).later()).isPositive();
    assertThat(history.moment()).isEqualTo(inWalk);
    assertThat(history.stateHash()).isEqualTo(beforeB);
    history.undo(() -> true);
    assertThat(history.stateHash()).isEqualTo(untouched);
    assertThat(history.lastInput()).isEmpty();
    history.redo(() -> true);
    assertThat(history.stateHash()).isEqualTo(afterA);
    SmallGuest.toEnd(history);
    assertThat(history.redo(() -> true).complete()).isTrue();
    assertThat(history.stateHash()).isEqualTo(afterB);
    assertThat(history.canRedo()).isFalse();
  }

  @Test
  void breakpointsAreMetAlsoWhereAnInputStandsAndInTheSliceAfterIt() {
    long loop = SmallGuest.CODE + 8;
    LongPredicate breakpoint = pc -> pc == loop;
    Stops stops = new Stops(false, breakpoint);
    history.advance(Long.MAX_VALUE, () -> stops, () -> true);
    history.advance(Long.MAX_VALUE, () -> stops, () -> true);
    Moment second = history.moment();
    history.goTo(Moment.at(second.instruction() - 1), () -> true);
    history.apply("x9", Input.Action.atOnce(run -> run.machine().pe().setX(9, 1)));
    assertThat(history.advance(Long.MAX_VALUE, () -> stops, () -> true))
        .isEqualTo(Run.Stop.BREAKPOINT);
    assertThat(history.moment()).isEqualTo(second.onBranch(2));
  }

  @Test
  void aBreakpointBehindTheInstructionThatExitedIsMet() {
    SmallGuest calls = new SmallGuest("nop\n hvc #1\n nop\n hvc #0\n");
    History run = calls.history();
    LongPredicate breakpoint = pc -> pc == SmallGuest.CODE + 8;
    run.advance(Long.MAX_VALUE, () -> new Stops(true, breakpoint), () -> true);
    assertThat(run.run().openExit()).isPresent();
    assertThat(run.advance(Long.MAX_VALUE, () -> new Stops(true, breakpoint), () -> true))
        .isEqualTo(Run.Stop.BREAKPOINT);
    assertThat(run.machine().pe().pc()).isEqualTo(SmallGuest.CODE + 8);
  }

  @Test
  void backToABreakpointIsTheLastPlaceItStoodBefore() {
    SmallGuest.toEnd(history);
    Moment end = history.moment();
    LongPredicate breakpoint = pc -> pc == SmallGuest.CODE + 8;
    history.goToStopBefore(new Stops(false, breakpoint), Moment.START, end, () -> true);
    Moment found = history.moment();
    assertThat(history.machine().pe().pc()).isEqualTo(SmallGuest.CODE + 8);
    while (history.moment().instruction() + 1 < end.instruction()) {
      history.advance(history.moment().instruction() + 1, () -> Stops.NONE, () -> true);
      assertThat(history.machine().pe().pc()).isNotEqualTo(SmallGuest.CODE + 8);
    }
    history.goToStopBefore(new Stops(false, breakpoint), found, end, () -> true);
    assertThat(history.moment()).isEqualTo(found);
    history.goToStopBefore(new Stops(false, pc -> pc == 4), found, end, () -> true);
    assertThat(history.moment()).isEqualTo(found);
  }

  @Test
  void previousExitGoesThroughAllOfThemToTheFirst() {
    SmallGuest.toEnd(history);
    long exits = history.run().exits();
    assertThat(exits).isEqualTo(120 + 15 + 1);
    for (long e = exits; e > 0; e--) {
      assertThat(history.goToPreviousExit(() -> true)).isTrue();
      assertThat(history.run().exits()).isEqualTo(e);
      assertThat(history.run().openExit()).isPresent();
    }
    assertThat(history.goToPreviousExit(() -> true)).isFalse();
  }

  @Test
  void anExitIsOpenOnlyUntilSomebodyBeginsToAnswerIt() {
    Stops atExits = new Stops(true, null);
    history.advance(Long.MAX_VALUE, () -> atExits, () -> true);
    assertThat(history.run().openExit()).isPresent();
    history.microStep();
    assertThat(history.run().openExit()).isEmpty();
    history.microStepBack();
    assertThat(history.run().openExit()).isPresent();
  }

  @Test
  void anInterruptedWayEndsSomewhereOnItAndItsEditWasNotMade() {
    boolean[] stop = {false};
    History interruptible = new History(guest.recipe(), () -> stop[0]);
    SmallGuest.toEnd(interruptible);
    Moment end = interruptible.moment();
    stop[0] = true;
    assertThat(interruptible.goTo(end, () -> false)).isIn(Run.Stop.REACHED, Run.Stop.HALTED);
    interruptible.goTo(Moment.START, () -> true);
    assertThat(interruptible.goTo(end, () -> true)).isEqualTo(Run.Stop.PAUSED);
    assertThat(interruptible.moment().isBefore(end)).isTrue();
    stop[0] = false;
    interruptible.goTo(end, () -> true);
    assertThat(interruptible.moment()).isEqualTo(end);
  }

  @Test
  void randomWalksThroughBranchesFindOneStateAMoment() {
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      History walked = guest.history();
      SmallGuest.toEnd(walked);
      Map<Moment, Long> seen = new HashMap<>();
      for (int i = 0; i < 60; i++) {
        int branch = 1 + random.nextInt(walked.branches().count());
        long last = walked.branches().get(branch).end().instruction();
        switch (random.nextInt(5)) {
          case 0 -> walked.goTo(new Moment(branch, random.nextLong(last + 1), 0), () -> true);
          case 1 ->
              walked.goTo(
                  new Moment(branch, random.nextLong(last + 1), random.nextInt(9)), () -> true);
          case 2 -> walked.microStepBack();
          case 3 -> {
            if (!walked.machine().isHalted()) {
              walked.microStep();
            }
          }
          default -> {
            if (!walked.machine().isHalted() && walked.moment().instruction() > 0) {
              walked.apply("unmap", guest.unmap(random.nextInt(120)));
              SmallGuest.toEnd(walked);
            }
          }
        }
        long hash = walked.stateHash();
        Moment origin = walked.branches().origin(walked.moment());
        Long known = seen.putIfAbsent(origin, hash);
        if (known != null) {
          assertThat(hash).as("seed %s at %s", seed, walked.moment()).isEqualTo(known);
        }
      }
    }
  }
}
