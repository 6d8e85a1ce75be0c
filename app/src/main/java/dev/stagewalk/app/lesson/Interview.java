package dev.stagewalk.app.lesson;

import dev.stagewalk.guests.lesson.Card;
import dev.stagewalk.guests.lesson.Lesson;
import dev.stagewalk.guests.lesson.LessonRun;
import dev.stagewalk.guests.lesson.Outcome;
import dev.stagewalk.session.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;

/** A lesson at a terminal: card by card, a question, an answer, what came of it. */
final class Interview {
  private Interview() {}

  /**
   * Goes through a lesson, or until the input ends.
   *
   * @return whether every prediction was right
   */
  static boolean of(Lesson lesson, BufferedReader in, PrintWriter out) throws IOException {
    out.println(lesson.name() + "  " + lesson.title());
    LessonText.paragraphs(out, "", lesson.intro());
    boolean allRight = true;
    try (Session session = Session.open(lesson.scenario())) {
      LessonRun run = new LessonRun(lesson, session);
      for (int number = 1; number <= lesson.size(); number++) {
        Card card = run.open(number);
        out.println();
        LessonText.card(out, card);
        out.print(card.asks() ? "  your prediction: " : "  [Enter] ");
        out.flush();
        String answer = in.readLine();
        while (answer != null && !card.accepts(answer)) {
          out.print("  that is " + (card.asksForNumber() ? "no number" : "none of them") + ": ");
          out.flush();
          answer = in.readLine();
        }
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
}
