package dev.stagewalk.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.guests.lesson.Answers;
import dev.stagewalk.guests.lesson.Card;
import dev.stagewalk.guests.lesson.Course;
import dev.stagewalk.guests.lesson.Lesson;
import dev.stagewalk.guests.lesson.LessonRun;
import dev.stagewalk.guests.lesson.Outcome;
import dev.stagewalk.guests.lesson.Outcome.Verdict;
import dev.stagewalk.guests.lesson.Report;
import dev.stagewalk.session.OpenedSession;
import dev.stagewalk.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every lesson on the real machine, with right answers and with every wrong one. */
final class LessonsTest {
  /** What a student may answer who thinks of nothing the lesson foresees. */
  private static final String FAR_OFF = "0x7ac3_91e5";

  @TestFactory
  Stream<DynamicTest> whatALessonSaysIsSoRightAnswersAreRightAndEveryWrongOneIsToldWhy() {
    return each(lesson -> {
      for (Played played : play(lesson)) {
        assertThat(played.none().broken()).isEmpty();
        assertThat(played.card().text()).doesNotContain("{");
        if (!played.card().asks()) {
          continue;
        }
        assertThat(played.none().verdict().orElseThrow().right()).isFalse();
        String expected = played.none().verdict().orElseThrow().expected();
        assertThat(played.verdict(expected).right()).as(played.name()).isTrue();
        for (String wrong : played.wrongAnswers(lesson, expected)) {
          Verdict verdict = played.verdict(wrong);
          assertThat(verdict.right()).as(played.name() + " " + wrong).isFalse();
          assertThat(verdict.feedback()).as(played.name() + " " + wrong).hasSizeGreaterThan(15);
        }
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> gradingCountsWhatIsRight() {
    return each(lesson -> {
      Report empty = Report.of(lesson, Answers.NONE);
      assertThat(empty.right()).isZero();
      assertThat(empty.asked()).isGreaterThanOrEqualTo(2);
      Map<Integer, String> right = new java.util.HashMap<>();
      for (Report.Done done : empty.steps()) {
        done.outcome().verdict().ifPresent(v -> right.put(done.card().number(), v.expected()));
      }
      Report full = Report.of(lesson, new Answers(right));
      assertThat(full.allRight()).isTrue();
      assertThat(full.broken()).isEmpty();
    });
  }

  private static Stream<DynamicTest> each(java.util.function.Consumer<Lesson> test) {
    return Course.standard().lessons().stream()
        .map(lesson -> DynamicTest.dynamicTest(lesson.name(), () -> test.accept(lesson)));
  }

  /** A card and what came of every answer to it, all at the same moment. */
  private record Played(Card card, Outcome none, Map<String, Outcome> byAnswer) {
    String name() {
      return "step " + card.number();
    }

    Verdict verdict(String answer) {
      return byAnswer.get(answer).verdict().orElseThrow();
    }

    List<String> wrongAnswers(Lesson lesson, String expected) {
      List<String> wrong = new ArrayList<>(byAnswer.keySet());
      wrong.remove(expected);
      return wrong;
    }
  }

  private static List<Played> play(Lesson lesson) {
    List<Played> played = new ArrayList<>();
    try (Session session = OpenedSession.of(Session.open(lesson.scenario()))) {
      LessonRun run = new LessonRun(lesson, session);
      for (int number = 1; number <= lesson.size(); number++) {
        Card card = run.open(number);
        run.act();
        Outcome none = run.close("");
        Map<String, Outcome> byAnswer = new java.util.TreeMap<>();
        if (card.asks()) {
          List<String> answers = new ArrayList<>(run.foreseen());
          answers.add(none.verdict().orElseThrow().expected());
          if (card.asksForNumber()) {
            answers.add(FAR_OFF);
          }
          answers.forEach(answer -> byAnswer.put(answer, run.close(answer)));
        }
        played.add(new Played(card, none, byAnswer));
      }
    }
    return played;
  }
}
