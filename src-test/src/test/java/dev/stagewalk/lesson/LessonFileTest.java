package dev.stagewalk.lesson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.guests.lesson.Answers;
import dev.stagewalk.guests.lesson.ContentException;
import dev.stagewalk.guests.lesson.Course;
import dev.stagewalk.guests.lesson.Lesson;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a lesson's reader says to files with a mistake in them. */
final class LessonFileTest {
  private static final String HEAD =
      """
      title: A lesson
      machine: hvc
      intro: Nothing.
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          titel: A                              | L.lesson:1: unknown key 'titel'; did you mean title?
          ~~goes on                             | L.lesson:1: an indented line goes on with nothing
          nonsense                              | L.lesson:1: expected 'key: value'
          title: a\\ntitle: b                   | L.lesson:2: 'title' stands here a second time
          title: a                              | L.lesson: no line 'step: …'
          finding: x                            | L.lesson:1: unknown key 'finding'
          """)
  void aHeadIsRefusedWithFileLineAndCause(String text, String message) {
    assertThatThrownBy(() -> Course.read("L.lesson", text.replace("\\n", "\n").replace('~', ' ')))
        .isInstanceOf(ContentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text: {fault.levle}                   | 5: text: there is no 'fault.levle'; did you mean fault.level
          text: {walk.reads                     | 5: text: '{' is not closed
          text: {entry(2)}                      | 5: text: 'entry' takes 2 arguments, not 1
          text: {mappd(1)}                      | 5: text: there is no 'mappd(…)'; did you mean mapped?
          text: {exits as octal}                | 5: text: numbers are written as dec, hex
          text: {1 +}                           | 5: text: expected a number, a name, '[' or '(' instead of the end
          text: {ESR_EL9}                       | 5: text: there is no 'ESR_EL9'
          text: {kept.tlbis}                    | 5: no step before has kept 'tlbis'
          then: walk until exits                | 5: then: nothing is done by 'walk'
          then: exits until                     | 5: then: expected 'until CONDITION' or a number
          first: open demand-pagin              | 5: first: there is no scenario 'demand-pagin'; did you mean
          first: open hvc granule=4             | 5: first:
          first: open hvc rooms=4               | 5: first: a machine has no 'rooms'
          show: entry 3                         | 5: show: an entry is 'LEVEL, IPA'
          show: colour blue                     | 5: show: nothing is lit by 'colour'
          show: event birthday                  | 5: show: the newest exit, fault, walk, tlbi, exception, failure, line, stop can be lit
          keep: 7                               | 5: expected 'keep: name = expression'
          says: no                              | 5: 'says' stands below a 'choice' or a 'wrong' number
          ask: why?                             | 5: a question has a 'number', or at least two choices
          colour: blue                          | 5: unknown key 'colour'
          """)
  void aStepIsRefusedWithFileLineAndCause(String line, String message) {
    String text = HEAD + "step: One\n" + line + "\n" + (line.startsWith("text") ? "" : "text: x\n");
    assertThatThrownBy(() -> Course.read("L.lesson", text))
        .isInstanceOf(ContentException.class)
        .hasMessageContaining("L.lesson:" + message);
  }

  @Test
  void aQuestionNeedsItsFeedback() {
    String text =
        HEAD + "step: One\ntext: x\nask: why?\nchoice: a\nwhen: 1\nchoice: b\nwhen: 0\nsays: no\n";
    assertThatThrownBy(() -> Course.read("L.lesson", text))
        .hasMessageContaining("L.lesson:7: a choice needs 'when: condition' and 'says: feedback'");
    String number = HEAD + "step: One\ntext: x\nask: why?\nnumber: exits\n";
    assertThatThrownBy(() -> Course.read("L.lesson", number))
        .hasMessageContaining("L.lesson:6: a question for a number has 'otherwise: feedback'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1                | a.txt:1: expected 'step: answer'
          one: b           | a.txt:1: 'one' is not the number of a step
          99: b            | a.txt:1: step 99 of L7 asks nothing; steps that do are
          4: z             | a.txt:1: 'z' is none of the choices a, b, c
          1: many          | a.txt:1: 'many' is not a number
          1: 2\\n1: 3      | a.txt:2: step 1 is answered a second time
          """)
  void anAnswersFileIsRefusedWithFileLineAndCause(String text, String message) {
    Lesson lesson = Course.standard().find("l7").orElseThrow();
    assertThatThrownBy(() -> Answers.parse("a.txt", text.replace("\\n", "\n"), lesson))
        .isInstanceOf(ContentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void answersLeftOutAreNone() {
    Lesson lesson = Course.standard().find("L7").orElseThrow();
    Answers answers = Answers.parse("a.txt", "# of a student\n\n1: 2\n4:\n", lesson);
    assertThat(answers.byStep()).isEqualTo(Map.of(1, "2", 4, ""));
    assertThat(answers.to(2)).isEmpty();
  }
}
