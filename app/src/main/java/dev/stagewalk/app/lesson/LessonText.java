package dev.stagewalk.app.lesson;

import dev.stagewalk.guests.lesson.Card;
import dev.stagewalk.guests.lesson.Course;
import dev.stagewalk.guests.lesson.Lesson;
import dev.stagewalk.guests.lesson.Outcome;
import dev.stagewalk.guests.lesson.Report;
import dev.stagewalk.guests.lesson.ZooCase;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Lessons as lines for people. */
final class LessonText {
  private static final int WIDTH = 88;

  private LessonText() {}

  static void list(PrintWriter out, Course course) {
    out.println("Lessons");
    course.lessons().forEach(lesson -> line(out, lesson));
    out.println();
    out.println("Bug zoo");
    course.cases().stream().map(ZooCase::story).forEach(story -> line(out, story));
  }

  private static void line(PrintWriter out, Lesson lesson) {
    String size = lesson.size() + (lesson.size() == 1 ? " step" : " steps");
    out.printf("  %-28s %-52s %8s%n", lesson.name(), lesson.title(), size);
  }

  /** The cards, without what would give the answers away. */
  static void cards(PrintWriter out, Report report) {
    Lesson lesson = report.lesson();
    out.println(lesson.name() + "  " + lesson.title());
    paragraphs(out, "", lesson.intro());
    for (Report.Done done : report.steps()) {
      out.println();
      card(out, done.card());
    }
  }

  static void card(PrintWriter out, Card card) {
    out.println(card.number() + "/" + card.of() + "  " + card.title());
    paragraphs(out, "  ", card.text());
    card.figure().forEach(line -> out.println("    " + line));
    if (card.asks()) {
      paragraphs(out, "  ", "? " + card.prompt());
      for (int i = 0; i < card.choices().size(); i++) {
        paragraphs(out, "    ", Card.letter(i) + ") " + card.choices().get(i));
      }
    }
  }

  static void outcome(PrintWriter out, Outcome outcome) {
    outcome.verdict().ifPresent(verdict -> paragraphs(out, "  ", words(verdict)));
    if (!outcome.see().isEmpty()) {
      paragraphs(out, "  ", "→ " + outcome.see());
    }
  }

  private static String words(Outcome.Verdict verdict) {
    String mark = verdict.right() ? "✓ " : "✗ It is " + verdict.expected() + ". ";
    String shows = verdict.misconception().isEmpty() ? "" : " [" + verdict.misconception() + "]";
    return (mark + verdict.feedback() + shows).strip();
  }

  static void grades(PrintWriter out, Report report) {
    Lesson lesson = report.lesson();
    out.println(lesson.name() + "  " + lesson.title());
    for (Report.Done done : report.steps()) {
      if (done.outcome().verdict().isEmpty()) {
        continue;
      }
      Outcome.Verdict verdict = done.outcome().verdict().get();
      out.println();
      out.println(done.card().number() + "  " + done.card().title());
      paragraphs(out, "   ", done.card().prompt());
      String given = verdict.given().isEmpty() ? "no answer" : verdict.given();
      out.println("   answered: " + given);
      paragraphs(out, "   ", words(verdict));
    }
    out.println();
    out.println(report.right() + " of " + report.asked() + " right");
  }

  /** Words in lines that fit, each behind an indentation. */
  static void paragraphs(PrintWriter out, String indent, String text) {
    for (String paragraph : text.split("\n")) {
      wrapped(paragraph, WIDTH - indent.length()).forEach(line -> out.println(indent + line));
    }
  }

  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
