package dev.stagewalk.app.lesson;

import dev.stagewalk.guests.lesson.Card;
import dev.stagewalk.guests.lesson.Lesson;
import dev.stagewalk.guests.lesson.LessonRun;
import dev.stagewalk.guests.lesson.Outcome;
import dev.stagewalk.session.OpenedSession;
import dev.stagewalk.session.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** A lesson at a terminal: card by card, a question, an answer, what came of it. */
final class Interview {
  /** Lines that are no answer, one after the other, before the question is left open. */
  private static final int MOST_ATTEMPTS = 5;

  private static final int LONGEST_LINE = 4096;

  private Interview() {}

  /**
   * Goes through a lesson, or until the input ends. A question to which five lines in a row are no
   * answer counts as not answered, so that the lesson ends whatever comes in.
   *
   * @return whether every prediction was right
   */
  static boolean of(Lesson lesson, BufferedReader in, PrintWriter out) throws IOException {
    out.println(lesson.name() + "  " + lesson.title());
    LessonText.paragraphs(out, "", lesson.intro());
    boolean allRight = true;
    try (Session session = OpenedSession.of(Session.open(lesson.scenario()))) {
      LessonRun run = new LessonRun(lesson, session);
      for (int number = 1; number <= lesson.size(); number++) {
        Card card = run.open(number);
        out.println();
        LessonText.card(out, card);
        out.print(card.asks() ? "  your prediction: " : "  [Enter] ");
        out.flush();
        String answer = answer(card, in, out);
        if (answer == null) {
          out.println();
          return false;
        }
        run.act();
        Outcome outcome = run.close(answer);
        LessonText.outcome(out, outcome);
        allRight &= outcome.verdict().map(Outcome.Verdict::right).orElse(true);
      }
    }
    return allRight;
  }

  /** What is answered to a card, empty after too many lines that are no answer; null at the end. */
  private static @Nullable String answer(Card card, BufferedReader in, PrintWriter out)
      throws IOException {
    String line = line(in, out);
    for (int attempts = 1; line != null && !card.accepts(line); attempts++) {
      String what = "that is " + (card.asksForNumber() ? "no number" : "none of them");
      if (attempts == MOST_ATTEMPTS) {
        out.println("  " + what + ", for the " + attempts + "th time: it counts as not answered.");
        return "";
      }
      out.print("  " + what + ": ");
      out.flush();
      line = line(in, out);
    }
    return line;
  }

  /** The next line; null at the end, and where a line is too long to be one. */
  private static @Nullable String line(BufferedReader in, PrintWriter out) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = in.read();
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (line.length() == LONGEST_LINE) {
        out.print(
            "\n  a line of more than "
                + LONGEST_LINE
                + " characters is no answer: the lesson ends here");
        return null;
      }
      line.append((char) next);
    }
    return next < 0 && line.isEmpty() ? null : line.toString().stripTrailing();
  }
}
