package dev.stagewalk.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.explain.Explainer;
import dev.stagewalk.guests.lesson.Course;
import dev.stagewalk.guests.lesson.LessonRun;
import dev.stagewalk.guests.lesson.ZooCase;
import dev.stagewalk.session.Scenes;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every case of the bug zoo on the real machine. */
final class ZooTest {

  @TestFactory
  Stream<DynamicTest> aCaseTellsTheTruthAndIsExplainedAsItSays() {
    return cases(zooCase -> {
      try (Session session = Session.open(zooCase.story().scenario())) {
        LessonRun run = new LessonRun(zooCase.story(), session);
        for (int card = 1; card <= zooCase.story().size(); card++) {
          run.open(card);
          run.act();
          assertThat(run.close("").broken()).isEmpty();
        }
        Snapshot now = session.snapshot();
        for (ZooCase.Explained explained : zooCase.explained()) {
          assertThat(Explainer.explain(Scenes.of(ZooCase.event(explained, now), now)).asText())
              .contains(explained.words());
        }
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> aMendedTwinComesAsFar() {
    return cases(zooCase -> {
      try (Session session = Session.open(zooCase.twin())) {
        Snapshot now = zooCase.playTwin(session);
        assertThat(now.moment().instruction()).isPositive();
        assertThat(now.scenario().name()).isEqualTo(zooCase.twin().name());
      }
    });
  }

  private static Stream<DynamicTest> cases(java.util.function.Consumer<ZooCase> test) {
    return Course.standard().cases().stream()
        .map(zooCase -> DynamicTest.dynamicTest(zooCase.name(), () -> test.accept(zooCase)));
  }
}
