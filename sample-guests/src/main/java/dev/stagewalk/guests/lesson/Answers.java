package dev.stagewalk.guests.lesson;

import dev.stagewalk.arch.Hex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A student's answers to a lesson: lines of {@code step: answer}, a letter or a number. Empty lines
 * and lines that begin with {@code #} say nothing; an empty answer is none.
 *
 * @param byStep answers by number of the step; those not given are missing
 */
public record Answers(Map<Integer, String> byStep) {
  /** No answer at all. */
  public static final Answers NONE = new Answers(Map.of());

  public Answers {
    byStep = Map.copyOf(byStep);
  }

  /** The answer to a step's question; empty if there is none. */
  public String to(int step) {
    return byStep.getOrDefault(step, "");
  }

  /**
   * Reads a file of answers.
   *
   * @param file its name, for errors
   * @throws ContentException naming file, line, cause and what was expected
   */
  public static Answers parse(String file, String text, Lesson lesson) {
    Map<Integer, String> found = new TreeMap<>();
    int line = 0;
    for (String row : text.lines().toList()) {
      line++;
      if (row.isBlank() || row.strip().startsWith("#")) {
        continue;
      }
      int colon = row.indexOf(':');
      if (colon < 0) {
        throw new ContentException(file, line, "expected 'step: answer', such as '2: b'");
      }
      int step = step(file, line, row.substring(0, colon).strip(), lesson);
      String answer = row.substring(colon + 1).strip();
      check(file, line, answer, lesson.steps().get(step - 1));
      if (found.put(step, answer) != null) {
        throw new ContentException(file, line, "step " + step + " is answered a second time");
      }
    }
    return new Answers(found);
  }

  private static int step(String file, int line, String word, Lesson lesson) {
    int number;
    try {
      number = Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw new ContentException(file, line, "'" + word + "' is not the number of a step");
    }
    if (!lesson.questions().contains(number)) {
      throw new ContentException(
          file,
          line,
          "step "
              + number
              + " of "
              + lesson.name()
              + " asks nothing; steps that do are "
              + String.join(", ", lesson.questions().stream().map(String::valueOf).toList()));
    }
    return number;
  }

  private static void check(String file, int line, String answer, Step step) {
    if (answer.isEmpty()) {
      return;
    }
    switch (step.question().orElseThrow()) {
      case Question.Choose choose -> {
        List<String> letters = letters(choose);
        if (!letters.contains(answer.toLowerCase(java.util.Locale.ROOT))) {
          throw new ContentException(
              file, line, "'" + answer + "' is none of the choices " + String.join(", ", letters));
        }
      }
      case Question.Estimate _ -> {
        try {
          Hex.parse(answer);
        } catch (NumberFormatException e) {
          throw new ContentException(file, line, String.valueOf(e.getMessage()));
        }
      }
    }
  }

  private static List<String> letters(Question.Choose choose) {
    List<String> letters = new ArrayList<>();
    for (int i = 0; i < choose.choices().size(); i++) {
      letters.add(Card.letter(i));
    }
    return letters;
  }

  /** An empty file of answers, with the questions as comments. */
  public static String template(Lesson lesson, List<Card> cards) {
    StringBuilder out = new StringBuilder();
    out.append("# Lesson ").append(lesson.name()).append(": ").append(lesson.title()).append('\n');
    out.append("# Write a letter or a number behind each colon.\n");
    for (Card card : cards) {
      if (!card.asks()) {
        continue;
      }
      out.append("\n# ").append(card.number()).append(". ").append(card.prompt()).append('\n');
      for (int i = 0; i < card.choices().size(); i++) {
        out.append("#    ").append(Card.letter(i)).append(") ").append(card.choices().get(i));
        out.append('\n');
      }
      out.append(card.number()).append(":\n");
    }
    return out.toString();
  }
}
