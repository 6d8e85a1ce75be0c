package dev.stagewalk.guests.lesson;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.ask.Facts;
import dev.stagewalk.ask.Value;
import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A lesson on a session, card by card: {@link #open}, then {@link #act} or a student who does it,
 * then {@link #close}. It waits for the session, so it must not be called on the thread that shows
 * it; one thread at a time.
 */
public final class LessonRun {
  private final Lesson lesson;
  private final Session session;
  private final Map<String, Value> kept = new HashMap<>();
  private final Driver driver;
  private int number;
  private Moment opened = Moment.START;

  public LessonRun(Lesson lesson, Session session) {
    this.lesson = lesson;
    this.session = session;
    driver = new Driver(session, kept);
  }

  public Lesson lesson() {
    return lesson;
  }

  private Step step() {
    return lesson.steps().get(number - 1);
  }

  /**
   * Opens a card. All before it happen first, on a machine that begins anew, unless this is the
   * card after the one that is open.
   *
   * @param wanted from 1
   * @throws ContentException if the lesson cannot be carried out
   */
  public Card open(int wanted) {
    Objects.checkIndex(wanted - 1, lesson.size());
    if (number == 0 || wanted != number + 1) {
      restart();
      while (number < wanted - 1) {
        advance();
        act();
      }
    }
    advance();
    return guarded(() -> card(driver.facts()));
  }

  /** The open card once more, with the machine brought back to where it was opened. */
  public Card again() {
    int wanted = number;
    number = 0;
    return open(wanted);
  }

  private void restart() {
    kept.clear();
    number = 0;
    driver.perform(new Deed.Open(new Setup(lesson.scenario().name(), lesson.scenario())));
  }

  /** The next card's beginning. */
  private void advance() {
    number++;
    guarded(() -> {
      step().first().forEach(driver::perform);
      Facts facts = driver.facts();
      step().keeps().forEach((name, value) -> kept.put(name, value.at(facts)));
      return true;
    });
    opened = session.snapshot().moment();
  }

  private Card card(Facts facts) {
    Optional<Question> question = step().question();
    List<String> choices = new ArrayList<>();
    if (question.isPresent() && question.get() instanceof Question.Choose choose) {
      choose.choices().forEach(c -> choices.add(c.words().at(facts)));
    }
    return new Card(
        number,
        lesson.size(),
        step().title(),
        step().text().at(facts),
        step().figure().stream().map(line -> line.at(facts)).toList(),
        question.map(q -> q.prompt().at(facts)).orElse(""),
        choices,
        !step().then().isEmpty(),
        step().then().stream().map(Deed::hint).collect(Collectors.joining(", then ")),
        lit(step().show(), facts));
  }

  private static List<Lit> lit(List<Light> lights, Facts facts) {
    return lights.stream().map(light -> light.at(facts)).toList();
  }

  /** Whether a student who goes through the run by themselves has come where the card waits. */
  public boolean reached() {
    if (number == 0 || session.snapshot().moment().equals(opened)) {
      return false;
    }
    List<Deed> then = step().then();
    try {
      return then.size() == 1
          && then.getFirst() instanceof Deed.Go go
          && go.until() != null
          && Objects.requireNonNull(go.until()).holds(driver.facts());
    } catch (IllegalArgumentException nothingToAskAboutYet) {
      return false;
    }
  }

  /**
   * Does what the card waits for, from where it was opened.
   *
   * @throws ContentException if it cannot be done
   */
  public void act() {
    guarded(() -> {
      if (!step().then().isEmpty() && !session.snapshot().moment().equals(opened)) {
        driver.goTo(opened);
      }
      step().then().forEach(driver::perform);
      return true;
    });
  }

  /**
   * What is to be seen now, and what came of the prediction.
   *
   * @param answer a letter or a number; empty for none
   * @throws ContentException if the card's words cannot be filled in at this moment
   */
  public Outcome close(String answer) {
    return guarded(() -> {
      Facts facts = driver.facts();
      List<String> broken = new ArrayList<>();
      for (Step.Claim claim : step().claims()) {
        if (!claim.holds().holds(facts)) {
          broken.add(lesson.file() + ":" + claim.line() + ": it is not so that " + claim.words());
        }
      }
      Optional<Outcome.Verdict> verdict =
          step().question().map(q -> verdict(q, answer.strip(), facts, broken));
      return new Outcome(step().see().at(facts), verdict, lit(step().showAfter(), facts), broken);
    });
  }

  /** Every answer to the open card that the lesson has words for, after its step has happened. */
  public List<String> foreseen() {
    Optional<Question> question = step().question();
    if (question.isEmpty()) {
      return List.of();
    }
    Facts facts = driver.facts();
    return switch (question.get()) {
      case Question.Choose choose ->
          java.util.stream.IntStream.range(0, choose.choices().size())
              .mapToObj(Card::letter)
              .toList();
      case Question.Estimate estimate ->
          estimate.wrong().stream()
              .map(wrong -> Hex.plain(wrong.value().at(facts).number()))
              .toList();
    };
  }

  private Outcome.Verdict verdict(
      Question question, String answer, Facts facts, List<String> broken) {
    return switch (question) {
      case Question.Choose choose -> chosen(choose, answer, facts, broken);
      case Question.Estimate estimate -> estimated(estimate, answer, facts);
    };
  }

  private Outcome.Verdict chosen(
      Question.Choose choose, String answer, Facts facts, List<String> broken) {
    List<Question.Choice> choices = choose.choices();
    List<Integer> right = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      if (choices.get(i).when().holds(facts)) {
        right.add(i);
      }
    }
    if (right.size() != 1) {
      broken.add(
          lesson.file()
              + ":"
              + choices.getFirst().line()
              + ": "
              + right.size()
              + " choices are right");
    }
    String expected = right.stream().map(Card::letter).collect(Collectors.joining(" or "));
    for (int i = 0; i < choices.size(); i++) {
      if (Card.letter(i).equals(answer.toLowerCase(Locale.ROOT))) {
        Question.Choice choice = choices.get(i);
        boolean isRight = right.contains(i);
        return new Outcome.Verdict(
            isRight,
            Card.letter(i),
            expected,
            isRight ? "" : choice.misconception(),
            choice.says().at(facts));
      }
    }
    return new Outcome.Verdict(false, answer, expected, "", unanswered(answer));
  }

  private static String unanswered(String answer) {
    return answer.isEmpty() ? "Not answered." : "'" + answer + "' is none of the choices.";
  }

  private static Outcome.Verdict estimated(Question.Estimate estimate, String answer, Facts facts) {
    long right = estimate.answer().expression().at(facts).number();
    String expected = estimate.answer().at(facts);
    if (answer.isEmpty()) {
      return new Outcome.Verdict(false, "", expected, "", "Not answered.");
    }
    long given;
    try {
      given = Hex.parse(answer);
    } catch (NumberFormatException e) {
      return new Outcome.Verdict(false, answer, expected, "", String.valueOf(e.getMessage()));
    }
    if (given == right) {
      String words = estimate.right().at(facts);
      return new Outcome.Verdict(true, answer, expected, "", words);
    }
    for (Question.Wrong wrong : estimate.wrong()) {
      if (wrong.value().at(facts).number() == given) {
        return new Outcome.Verdict(
            false, answer, expected, wrong.misconception(), wrong.says().at(facts));
      }
    }
    return new Outcome.Verdict(false, answer, expected, "", estimate.otherwise().at(facts));
  }

  /** Adds the place in the lesson to what went wrong. */
  private <T> T guarded(java.util.function.Supplier<T> work) {
    try {
      return work.get();
    } catch (ContentException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new ContentException(lesson.file(), step().line(), String.valueOf(e.getMessage()));
    }
  }
}
