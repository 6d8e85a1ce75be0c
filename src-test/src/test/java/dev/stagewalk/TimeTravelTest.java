package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Travel;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forward, back and forward again gives the same state, at instructions and at micro-steps. */
class TimeTravelTest {

  static Stream<Scenario> samples() {
    return Catalogue.standard().scenarios().stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyMomentHasOneStateHashHoweverItIsReached(Scenario sample) {
    walk(sample, 60, 7);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("samples")
  void aThousandRandomWalksFindOneStateHashAMoment(Scenario sample) {
    for (int seed = 0; seed < 10; seed++) {
      walk(sample, 100, seed);
    }
  }

  private static void walk(Scenario sample, int moves, long seed) {
    Travel travel = Travel.begin(sample);
    Map<Moment, Long> hashes = new HashMap<>();
    Random random = new Random(seed);
    travel.toEnd();
    long last = travel.moment().instruction();
    note(travel, hashes);
    for (int i = 0; i < moves; i++) {
      switch (random.nextInt(6)) {
        case 0 -> travel.goTo(Moment.at(random.nextLong(last + 1)));
        case 1 -> travel.step(random.nextInt(1, 20));
        case 2 -> travel.stepBack(random.nextInt(1, 20));
        case 3 -> travel.microStep(random.nextInt(1, 9));
        case 4 -> travel.microStepBack(random.nextInt(1, 9));
        default -> {
          Moment here = travel.moment();
          int n = random.nextInt(1, 12);
          travel.microStep(n);
          Moment there = travel.moment();
          travel.goTo(here);
          note(travel, hashes);
          travel.goTo(there);
        }
      }
      note(travel, hashes);
    }
    assertThat(hashes).isNotEmpty();
  }

  private static void note(Travel travel, Map<Moment, Long> hashes) {
    long hash = travel.stateHash();
    Long known = hashes.putIfAbsent(travel.moment(), hash);
    if (known != null) {
      assertThat(hash).as("state hash at %s", travel.moment()).isEqualTo(known);
    }
  }
}
