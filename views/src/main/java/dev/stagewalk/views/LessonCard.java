package dev.stagewalk.views;

import java.util.List;

/**
 * What the lesson pane shows of one card.
 *
 * @param lesson "L7"
 * @param number of the card, from 1
 * @param of how many cards there are
 * @param title of the card
 * @param text paragraphs, a line each
 * @param figure lines in type of one width
 * @param prompt the question; empty if nothing is to be predicted
 * @param choices what can be chosen; empty if a number is asked for
 * @param answer what was predicted: a letter or a number; empty if nothing yet
 * @param stage how far the card is
 * @param hint the keys that bring about what the card waits for; empty if only its button does
 * @param verdict what came of the prediction
 * @param see what is to be seen now
 */
public record LessonCard(
    String lesson,
    int number,
    int of,
    String title,
    String text,
    List<String> figure,
    String prompt,
    List<String> choices,
    String answer,
    Stage stage,
    String hint,
    Verdict verdict,
    String see) {

  public LessonCard {
    figure = List.copyOf(figure);
    choices = List.copyOf(choices);
  }

  /** How far a card is: predict, then step, then see. */
  public enum Stage {
    /** It waits for a prediction. */
    ASKS,
    /** It waits for something to happen in the run. */
    WAITS,
    /** The machine works for it. */
    WORKS,
    /** It has happened. */
    SEEN
  }

  /**
   * What came of a prediction.
   *
   * @param words feedback; empty if there was no prediction
   */
  public record Verdict(boolean right, String words) {
    /** There was no prediction. */
    public static final Verdict NONE = new Verdict(true, "");
  }

  /** Whether this is the last card. */
  public boolean isLast() {
    return number == of;
  }

  boolean asks() {
    return !prompt.isEmpty();
  }

  LessonCard at(Stage other) {
    return new LessonCard(
        lesson, number, of, title, text, figure, prompt, choices, answer, other, hint, verdict,
        see);
  }

  /** The same card while the machine works for it, with the prediction that was made. */
  public LessonCard working(String predicted) {
    return new LessonCard(
        lesson,
        number,
        of,
        title,
        text,
        figure,
        prompt,
        choices,
        predicted,
        Stage.WORKS,
        hint,
        verdict,
        see);
  }

  /** The same card waiting for something to happen. */
  public LessonCard waiting() {
    return at(Stage.WAITS);
  }

  /** The same card after it has happened. */
  public LessonCard seen(Verdict came, String words) {
    return new LessonCard(
        lesson,
        number,
        of,
        title,
        text,
        figure,
        prompt,
        choices,
        answer,
        Stage.SEEN,
        hint,
        came,
        words);
  }
}
