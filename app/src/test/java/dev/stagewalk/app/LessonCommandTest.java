package dev.stagewalk.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LessonCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int lesson(Object... arguments) {
    String[] words = new String[arguments.length + 1];
    words[0] = "lesson";
    for (int i = 0; i < arguments.length; i++) {
      words[i + 1] = arguments[i].toString();
    }
    return StagewalkCommand.commandLine(Display.ofThisMachine(), new StagewalkFaces())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("ada.txt"), text);
  }

  @Test
  void theListNamesEveryLessonAndEveryCase() {
    assertThat(lesson("--list")).isZero();
    assertThat(out.toString())
        .contains("L7 ", "Demand paging: unmap, fault, map, resume", "hpfar-without-shift");
  }

  @Test
  void aLessonIsPrintedWithItsQuestionsAndWithoutTheirAnswers() {
    assertThat(lesson("L7")).isZero();
    assertThat(out.toString())
        .contains("? At which level of lookup will the walk stop?", "a) The one after the store")
        .doesNotContain("Yes.", "→");
  }

  @Test
  void rightAnswersAreExitCodeZeroAndAnyWrongOneIsOne() throws IOException {
    Path right = file("1: 2\n2: 0x40200000\n3: 2\n4: b\n5: c\n6: A\n7: 3\n");
    assertThat(lesson("l7", "--answers", right)).isZero();
    assertThat(out.toString()).contains("7 of 7 right");
    Path wrong = file("1: 2\n2: 0x402000\n3: 2\n4: b\n5: c\n6: a\n");
    assertThat(lesson("L7", "--answers", wrong)).isEqualTo(1);
    assertThat(out.toString())
        .contains("5 of 7 right", "✗ It is 0x4020_0000. That is the register as it reads.", "[M8]")
        .contains("answered: no answer");
  }

  @Test
  void gradesAreJsonForThoseWhoGradeAClass() throws IOException {
    assertThat(lesson("L7", "--json", "--answers", file("1: 3\n"))).isEqualTo(1);
    JsonNode grades = new ObjectMapper().readTree(out.toString());
    assertThat(grades.get("asked").asInt()).isEqualTo(7);
    assertThat(grades.get("right").asInt()).isZero();
    assertThat(grades.get("answers").get(0).get("given").asText()).isEqualTo("3");
    assertThat(grades.get("answers").get(0).get("expected").asText()).isEqualTo("2");
    assertThat(grades.get("answers").get(0).get("feedback").asText()).isNotEmpty();
  }

  @Test
  void aTerminalIsAskedUntilItAnswersAndToldWhatCameOfIt() {
    java.io.InputStream before = System.in;
    try {
      System.setIn(
          new java.io.ByteArrayInputStream(
              "many\n2\n0x40200000\n2\nx\nb\nc\na\n3\n\n".getBytes(UTF_8)));
      assertThat(lesson("L7", "--ask")).isZero();
    } finally {
      System.setIn(before);
    }
    assertThat(out.toString())
        .contains("that is no number", "that is none of them", "✓ Yes. The entry L2[1] is invalid")
        .contains("→ The guest has ended, and it printed");
  }

  @Test
  void aTerminalThatNeverAnswersComesToTheEndOfTheLessonAllTheSame() {
    java.io.InputStream before = System.in;
    try {
      System.setIn(new java.io.ByteArrayInputStream("no\n".repeat(1000).getBytes(UTF_8)));
      assertThat(lesson("L7", "--ask")).isOne();
    } finally {
      System.setIn(before);
    }
    assertThat(out.toString())
        .contains("that is no number, for the 5th time: it counts as not answered.")
        .contains("✗ It is 2. Not answered.")
        .contains("→ The guest has ended, and it printed");
  }

  @Test
  void aLineThatDoesNotEndIsTheEndOfTheInput() {
    java.io.InputStream before = System.in;
    try {
      System.setIn(
          new java.io.InputStream() {
            @Override
            public int read() {
              return 'a';
            }
          });
      assertThat(lesson("L7", "--ask")).isOne();
    } finally {
      System.setIn(before);
    }
    assertThat(out.toString())
        .contains("a line of more than 4096 characters is no answer: the lesson ends here");
  }

  @Test
  void theTemplateIsAFileOfAnswersWithNone() throws IOException {
    assertThat(lesson("L7", "--template")).isZero();
    Path empty = file(out.toString());
    out.getBuffer().setLength(0);
    assertThat(lesson("L7", "--answers", empty)).isEqualTo(1);
    assertThat(out.toString()).contains("0 of 7 right");
  }

  @Test
  void whatIsWrongWithAnAnswersFileIsOneLineAndExitCodeTwo() throws IOException {
    Path bad = file("1: 2\n4: z\n");
    assertThat(lesson("L7", "--answers", bad)).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("ada.txt:2: 'z' is none of the choices a, b, c");
    err.getBuffer().setLength(0);
    assertThat(lesson("L7", "--answers", folder.resolve("none.txt"))).isEqualTo(2);
    assertThat(err.toString()).contains("there is no such file; --template prints an empty one");
  }

  @Test
  void anUnknownLessonIsAnsweredWithThoseThereAre() {
    assertThat(lesson("L77")).isEqualTo(2);
    assertThat(err.toString()).contains("there is no lesson 'L77'; did you mean L7");
    assertThat(lesson()).isEqualTo(2);
    assertThat(err.toString()).contains("which lesson? --list names them all");
  }

  @Test
  void aLessonOfOnesOwnIsReadFromItsFileAndItsMistakesAreNamed() throws IOException {
    Path own = Files.writeString(folder.resolve("own.lesson"), "title: Mine\n");
    assertThat(lesson(own)).isEqualTo(2);
    assertThat(err.toString()).contains("own.lesson: no line 'step: …'");
    Files.writeString(own, "title: Mine\nmachine: hvc\nintro: x\nstep: One\ntext: {exits} exits\n");
    assertThat(lesson(own)).isZero();
    assertThat(out.toString()).contains("0 exits");
  }
}
