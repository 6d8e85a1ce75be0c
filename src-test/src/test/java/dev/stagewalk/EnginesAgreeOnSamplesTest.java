package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Travel;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine takes a sample through the same states and the same events. */
class EnginesAgreeOnSamplesTest {
  private static final long MOST = 200_000;

  static Stream<Arguments> samples() {
    return Catalogue.standard().scenarios().stream()
        .flatMap(sample ->
            Stream.of(Engine.SUPERBLOCK, Engine.EAGER).map(engine -> Arguments.of(sample, engine)));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void atRandomInstructionsTheStateIsTheSame(Scenario sample, Engine engine) {
    Travel reference = Travel.begin(sample, Engine.REFERENCE);
    Travel other = Travel.begin(sample, engine);
    Random random = new Random(11);
    long at = 0;
    while (!reference.isEnded() && at < MOST) {
      at += random.nextInt(1, at < 400 ? 8 : 4000);
      agree(reference, other, Moment.at(at));
    }
    sameEvents(reference, other);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void afterEditsInsideInstructionsTheStateIsTheSame(Scenario sample, Engine engine) {
    Travel reference = Travel.begin(sample, Engine.REFERENCE);
    Travel other = Travel.begin(sample, engine);
    Random random = new Random(12);
    for (int i = 0; i < 12 && !reference.isEnded(); i++) {
      long at = reference.moment().instruction() + random.nextInt(1, 40);
      agree(reference, other, Moment.at(at, random.nextInt(3)));
      Edit edit = new Edit.SetRegister("x" + (20 + random.nextInt(8)), random.nextLong());
      if (!reference.isEnded()) {
        reference.inject(edit);
        other.inject(edit);
      }
    }
    agree(reference, other, Moment.at(reference.moment().instruction() + 1000));
    sameEvents(reference, other);
  }

  private static void agree(Travel reference, Travel other, Moment moment) {
    reference.goTo(moment);
    other.goTo(moment);
    assertThat(other.moment()).isEqualTo(reference.moment());
    assertThat(other.stateHash()).as("state at %s", moment).isEqualTo(reference.stateHash());
  }

  private static void sameEvents(Travel reference, Travel other) {
    assertThat(other.events().size()).isEqualTo(reference.events().size()).isPositive();
    for (long i = 0; i < reference.events().size(); i++) {
      assertThat(other.events().get(i)).isEqualTo(reference.events().get(i));
    }
  }
}
