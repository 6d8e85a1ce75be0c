package dev.stagewalk.guests.lesson;

import java.util.List;
import java.util.Optional;

/**
 * What is to be seen after a card's step has happened.
 *
 * @param see what to look at; empty where the card has nothing more to say
 * @param verdict what came of the prediction; empty if there was none
 * @param lights what is lit
 * @param broken what the card says that is not so on this machine; empty unless the run was led
 *     elsewhere, or the lesson is wrong
 */
public record Outcome(
    String see, Optional<Verdict> verdict, List<Lit> lights, List<String> broken) {
  public Outcome {
    lights = List.copyOf(lights);
    broken = List.copyOf(broken);
  }

  /**
   * What came of a prediction.
   *
   * @param right whether it was right
   * @param given the answer; empty if there was none
   * @param expected the right one: a letter, or a number as people write it
   * @param misconception M1 to M17 where the wrong answer shows one, otherwise empty
   * @param feedback what the student is told
   */
  public record Verdict(
      boolean right, String given, String expected, String misconception, String feedback) {}
}
