package dev.stagewalk.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.check.Findings;
import dev.stagewalk.check.Severity;
import dev.stagewalk.explain.Explainer;
import dev.stagewalk.guests.lesson.Course;
import dev.stagewalk.guests.lesson.LessonRun;
import dev.stagewalk.guests.lesson.Outcome;
import dev.stagewalk.guests.lesson.ZooCase;
import dev.stagewalk.hyp.Defect;
import dev.stagewalk.session.Scenes;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every case of the bug zoo on the real machine, and its mended twin. */
final class ZooTest {

  @TestFactory
  Stream<DynamicTest> aCaseYieldsItsFindingsAndNoOtherAndIsExplained() {
    return each(zoo -> {
      try (Session session = Session.open(zoo.story().scenario())) {
        LessonRun run = new LessonRun(zoo.story(), session);
        for (int card = 1; card <= zoo.story().size(); card++) {
          assertThat(run.open(card).text()).doesNotContain("{");
          run.act();
          Outcome outcome = run.close("");
          assertThat(outcome.broken()).isEmpty();
        }
        Snapshot now = session.snapshot();
        assertThat(ids(now))
            .as(String.join("\n", words(now)))
            .containsExactlyInAnyOrderElementsOf(zoo.findings());
        assertThat(zoo.explained()).isNotEmpty();
        for (ZooCase.Explained explained : zoo.explained()) {
          assertThat(Explainer.explain(Scenes.of(ZooCase.event(explained, now), now)).asText())
              .contains(explained.words());
        }
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> inAMendedTwinNothingIsFound() {
    return each(zoo -> {
      try (Session session = Session.open(zoo.twin())) {
        assertThat(words(zoo.playTwin(session))).isEmpty();
      }
    });
  }

  @Test
  void eachDefectThatCanBeSimulatedHasACase() {
    Set<String> shown =
        Course.standard().cases().stream()
            .flatMap(zoo -> Pattern.compile("\\bD\\d+\\b").matcher(zoo.seen()).results())
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Defect.values())
                .filter(defect -> defect.shown() != Defect.Shown.NEVER)
                .map(Defect::id)
                .toList());
  }

  private static Stream<DynamicTest> each(Consumer<ZooCase> test) {
    return Course.standard().cases().stream()
        .map(zoo -> DynamicTest.dynamicTest(zoo.name(), () -> test.accept(zoo)));
  }

  private static List<Findings.Group> serious(Snapshot snapshot) {
    return snapshot.checks().ofRun().groups().stream()
        .filter(group -> group.kind().severity() != Severity.INFO)
        .toList();
  }

  private static List<String> ids(Snapshot snapshot) {
    return serious(snapshot).stream().map(group -> group.kind().id()).toList();
  }

  private static List<String> words(Snapshot snapshot) {
    return serious(snapshot).stream()
        .flatMap(group -> group.first().stream())
        .map(finding -> finding.words())
        .toList();
  }
}
