package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Travel;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Forward, back and forward again gives the same state, at instructions and at micro-steps, with
 * edits on the way and without.
 */
class TimeTravelTest {
  private static final int WALKS = 1000;

  static Stream<Scenario> samples() {
    return Catalogue.standard().scenarios().stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyMomentHasOneStateHashHoweverItIsReached(Scenario sample) {
    assertThat(new Walk(sample, 7, false).moves(60)).isGreaterThan(20);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyMomentHasOneStateHashUntilAnEditBeforeIt(Scenario sample) {
    assertThat(new Walk(sample, 8, true).moves(60)).isGreaterThan(10);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("samples")
  void aThousandRandomWalksFindOneStateHashAMoment(Scenario sample) {
    long compared = 0;
    for (int seed = 0; seed < WALKS; seed++) {
      compared += new Walk(sample, seed, seed % 2 == 1).moves(20);
    }
    assertThat(compared).isGreaterThan(10 * WALKS);
  }

  /** One random walk through a run. */
  private static final class Walk {
    private final Travel travel;
    private final Random random;
    private final boolean edits;
    private final Scenario sample;
    private final Map<Moment, Long> hashes = new HashMap<>();
    private long last;
    private int compared;

    Walk(Scenario sample, long seed, boolean edits) {
      this.sample = sample;
      this.random = new Random(seed);
      this.edits = edits;
      this.travel = Travel.begin(sample);
      travel.toEnd();
      last = travel.moment().instruction();
      note();
    }

    /** Makes so many moves; how often a moment was reached again and its state compared. */
    int moves(int count) {
      for (int i = 0; i < count; i++) {
        switch (random.nextInt(edits ? 8 : 6)) {
          case 0 -> travel.goTo(Moment.at(random.nextLong(last + 1)));
          case 1 -> travel.step(random.nextInt(1, 20));
          case 2 -> travel.stepBack(random.nextInt(1, 20));
          case 3 -> travel.microStep(random.nextInt(1, 9));
          case 4 -> travel.microStepBack(random.nextInt(1, 9));
          case 5 -> thereAndBack();
          case 6 -> edit();
          default -> undo();
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

    private void edit() {
      if (travel.isEnded() || travel.moment().instruction() == 0) {
        return;
      }
      Moment here = travel.moment();
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
      } catch (IllegalArgumentException e) {
        assertThat(e)
            .hasMessageMatching(
                ".*(no guest at this moment|there is no hypervisor|multiples of the granule).*");
        assertThat(travel.moment()).isEqualTo(here);
      }
      forgetAfter(here);
    }

    private void undo() {
      travel.undo();
      forgetAfter(travel.moment());
    }

    private void forgetAfter(Moment moment) {
      hashes.keySet().removeIf(m -> moment.isBefore(m));
    }

    private void note() {
      long hash = travel.stateHash();
      Long known = hashes.putIfAbsent(travel.moment(), hash);
      if (known != null) {
        compared++;
        assertThat(hash).as("state hash at %s", travel.moment()).isEqualTo(known);
      }
    }
  }
}
