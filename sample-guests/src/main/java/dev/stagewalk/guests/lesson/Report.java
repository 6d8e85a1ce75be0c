package dev.stagewalk.guests.lesson;

import dev.stagewalk.session.OpenedSession;
import dev.stagewalk.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A lesson gone through from its first card to its last.
 *
 * @param steps each card and what came of it
 */
public record Report(Lesson lesson, List<Done> steps) {
  public Report {
    steps = List.copyOf(steps);
  }

  /** A card and its outcome. */
  public record Done(Card card, Outcome outcome) {}

  /**
   * Goes through a lesson without a screen.
   *
   * @throws ContentException if the lesson cannot be carried out: its text is wrong
   */
  public static Report of(Lesson lesson, Answers answers) {
    List<Done> done = new ArrayList<>();
    try (Session session = OpenedSession.of(Session.open(lesson.scenario()))) {
      LessonRun run = new LessonRun(lesson, session);
      for (int step = 1; step <= lesson.size(); step++) {
        Card card = run.open(step);
        run.act();
        done.add(new Done(card, run.close(answers.to(step))));
      }
    }
    return new Report(lesson, done);
  }

  /** Predictions asked for. */
  public int asked() {
    return (int) verdicts().count();
  }

  /** Predictions that were right. */
  public int right() {
    return (int) verdicts().filter(Outcome.Verdict::right).count();
  }

  public boolean allRight() {
    return right() == asked();
  }

  private java.util.stream.Stream<Outcome.Verdict> verdicts() {
    return steps.stream().map(d -> d.outcome().verdict()).flatMap(Optional::stream);
  }

  /** What the lesson says that is not so on the machine; empty unless the lesson is wrong. */
  public List<String> broken() {
    return steps.stream().flatMap(d -> d.outcome().broken().stream()).toList();
  }
}
