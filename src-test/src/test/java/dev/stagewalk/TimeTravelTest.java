package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Travel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A moment has one state however it is reached: forward, backward or by executing the run again on
 * another machine; at instructions and at micro-steps; in the branches that edits have made.
 */
class TimeTravelTest {
  private static final int WALKS = 1000;
  private static final int BRANCHES = 4;

  /** Instructions a branch is executed for: an edit may lead into a loop without end. */
  private static final int FURTHER = 2000;

  static Stream<Scenario> samples() {
    return Catalogue.standard().scenarios().stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void someMomentsHaveOneStateForwardBackwardAndThroughReplay(Scenario sample) {
    forwardBackwardAndReplayed(sample, 20);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("samples")
  void aThousandMomentsHaveOneStateForwardBackwardAndThroughReplay(Scenario sample) {
    forwardBackwardAndReplayed(sample, 1000);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyMomentHasOneStateHashHoweverItIsReached(Scenario sample) {
    assertThat(new Walk(sample, 8).moves(60)).isGreaterThan(10);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("samples")
  void aThousandRandomWalksFindOneStateHashAMoment(Scenario sample) {
    long compared = 0;
    for (int seed = 0; seed < WALKS; seed++) {
      compared += new Walk(sample, seed).moves(20);
    }
    assertThat(compared).isGreaterThan(5 * WALKS);
  }

  /** Compares as many random moments, in all branches; of a short run some are the same. */
  private static void forwardBackwardAndReplayed(Scenario sample, int wanted) {
    Random random = new Random(sample.name().hashCode());
    Travel travel = Travel.begin(sample);
    travel.toEnd();
    List<Made> edits = new ArrayList<>();
    for (int i = 0; i < 4 * BRANCHES && travel.branches().count() < BRANCHES; i++) {
      travel.goTo(randomMoment(travel, random));
      Optional<Made> made = edit(travel, sample, random);
      if (made.isPresent()) {
        edits.add(made.get());
        travel.step(FURTHER);
      }
    }
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      moments.add(randomMoment(travel, random));
    }
    Collections.sort(moments);

    Map<Moment, Long> backward = new HashMap<>();
    for (Moment moment : moments.reversed()) {
      travel.goTo(moment);
      backward.put(moment, travel.stateHash());
    }
    assertThat(forward(travel, moments)).as("forward").isEqualTo(backward);
    Travel replay = Travel.begin(sample, Engine.REFERENCE);
    replay.toEnd();
    for (Made made : edits) {
      replay.goTo(made.at);
      replay.inject(made.edit);
      replay.step(FURTHER);
    }
    assertThat(replay.branches()).isEqualTo(travel.branches());
    assertThat(forward(replay, moments)).as("executed again").isEqualTo(backward);
  }

  private static Map<Moment, Long> forward(Travel travel, List<Moment> moments) {
    Map<Moment, Long> hashes = new HashMap<>();
    for (Moment moment : moments) {
      if (travel.moment().branch() != moment.branch() || moment.isBefore(travel.moment())) {
        travel.goTo(Moment.START.onBranch(moment.branch()));
      }
      travel.step((int) (moment.instruction() - travel.moment().instruction()));
      travel.goTo(moment);
      assertThat(travel.moment()).isEqualTo(moment);
      hashes.put(moment, travel.stateHash());
    }
    return hashes;
  }

  /** An instruction of any branch, or a place inside one that has micro-steps. */
  private static Moment randomMoment(Travel travel, Random random) {
    int branch = 1 + random.nextInt(travel.branches().count());
    Moment end = travel.branches().get(branch).end();
    if (random.nextBoolean()) {
      return new Moment(branch, random.nextLong(end.instruction() + 1), 0);
    }
    if (travel.moment().branch() != branch) {
      travel.goTo(end);
    }
    return travel.events().get(random.nextLong(travel.events().size())).moment();
  }

  private record Made(Moment at, Edit edit) {}

  /** Makes an edit, unless there is nothing that could be edited now. */
  private static Optional<Made> edit(Travel travel, Scenario sample, Random random) {
    Moment here = travel.moment();
    if (travel.isEnded() || here.instruction() == 0) {
      return Optional.empty();
    }
    Scenario.Region region = sample.regions().get(random.nextInt(sample.regions().size()));
    long page = random.nextLong(region.size() / 4096) * 4096;
    Edit edit =
        switch (random.nextInt(4)) {
          case 0 -> new Edit.SetRegister("x" + random.nextInt(31), random.nextLong());
          case 1 -> new Edit.MapFresh(region.ipa() + page, 4096);
          default -> new Edit.Unmap(region.ipa() + page, 4096);
        };
    try {
      travel.inject(edit);
      return Optional.of(new Made(here, edit));
    } catch (IllegalArgumentException e) {
      assertThat(e)
          .hasMessageMatching(
              ".*(no guest at this moment|there is no hypervisor|multiples of the granule).*");
      assertThat(travel.moment()).isEqualTo(here);
      return Optional.empty();
    }
  }

  /** One random walk through a run and its branches. */
  private static final class Walk {
    private final Travel travel;
    private final Random random;
    private final Scenario sample;
    private final Map<Moment, Long> hashes = new HashMap<>();
    private int compared;

    Walk(Scenario sample, long seed) {
      this.sample = sample;
      this.random = new Random(seed);
      this.travel = Travel.begin(sample);
      travel.toEnd();
      note();
    }

    /** Makes so many moves; how often a moment was reached again and its state compared. */
    int moves(int count) {
      for (int i = 0; i < count; i++) {
        switch (random.nextInt(8)) {
          case 0 -> travel.goTo(randomMoment(travel, random));
          case 1 -> travel.step(random.nextInt(1, 20));
          case 2 -> travel.stepBack(random.nextInt(1, 20));
          case 3 -> travel.microStep(random.nextInt(1, 9));
          case 4 -> travel.microStepBack(random.nextInt(1, 9));
          case 5 -> thereAndBack();
          case 6 -> edit(travel, sample, random);
          default -> travel.undo();
        }
        note();
      }
      return compared;
    }

    private void thereAndBack() {
      Moment here = travel.moment();
      note();
      travel.microStep(random.nextInt(1, 12));
      Moment there = travel.moment();
      note();
      travel.goTo(here);
      note();
      travel.goTo(there);
    }

    private void note() {
      long hash = travel.stateHash();
      Long known = hashes.putIfAbsent(travel.branches().origin(travel.moment()), hash);
      if (known != null) {
        compared++;
        assertThat(hash).as("state hash at %s", travel.moment()).isEqualTo(known);
      }
    }
  }
}
