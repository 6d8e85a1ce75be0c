package dev.stagewalk.guests.lesson;

import dev.stagewalk.arch.Hex;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One card as it is read at a moment, all numbers filled in.
 *
 * @param number from 1
 * @param of how many there are
 * @param title of the card
 * @param text paragraphs, a line each
 * @param figure lines in type of one width; empty if there is none
 * @param prompt the question; empty if nothing is to be predicted
 * @param choices what can be chosen, named a, b, c in this order; empty if a number is asked for
 * @param happens whether something happens before there is anything to see
 * @param hint the keys with which a student brings it about; empty where only the lesson can
 * @param lights what is lit
 */
public record Card(
    int number,
    int of,
    String title,
    String text,
    List<String> figure,
    String prompt,
    List<String> choices,
    boolean happens,
    String hint,
    List<Lit> lights) {
  public Card {
    figure = List.copyOf(figure);
    choices = List.copyOf(choices);
    lights = List.copyOf(lights);
  }

  /** Whether something is to be predicted. */
  public boolean asks() {
    return !prompt.isEmpty();
  }

  /** Whether a number is asked for. */
  public boolean asksForNumber() {
    return asks() && choices.isEmpty();
  }

  /** Whether an answer is one: a letter of a choice or a number, or nothing. */
  public boolean accepts(String answer) {
    if (answer.isBlank() || !asks()) {
      return true;
    }
    if (!asksForNumber()) {
      return IntStream.range(0, choices.size())
          .anyMatch(i -> letter(i).equals(answer.strip().toLowerCase(Locale.ROOT)));
    }
    try {
      Hex.parse(answer);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** The letter of a choice, from 0. */
  public static String letter(int choice) {
    return String.valueOf((char) ('a' + choice));
  }
}
