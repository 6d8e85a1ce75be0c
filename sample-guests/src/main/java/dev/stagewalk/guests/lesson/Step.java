package dev.stagewalk.guests.lesson;

import dev.stagewalk.ask.Expression;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One card: read, predict, do, see.
 *
 * @param line of the file, for errors
 * @param title of the card
 * @param first what the lesson does when the card is opened
 * @param keeps values that are remembered then, by their names
 * @param text what is read then
 * @param figure lines in type of one width, such as a log
 * @param show what is lit then
 * @param question what is to be predicted
 * @param then what happens after that, by the student or for them
 * @param see what is to be seen afterwards; empty where there is nothing
 * @param showAfter what is lit afterwards
 * @param claims what the words say, as conditions that hold afterwards
 */
record Step(
    int line,
    String title,
    List<Deed> first,
    Map<String, Expression> keeps,
    Template text,
    List<Template> figure,
    List<Light> show,
    Optional<Question> question,
    List<Deed> then,
    Template see,
    List<Light> showAfter,
    List<Claim> claims) {

  Step {
    first = List.copyOf(first);
    keeps = Map.copyOf(keeps);
    figure = List.copyOf(figure);
    show = List.copyOf(show);
    then = List.copyOf(then);
    showAfter = List.copyOf(showAfter);
    claims = List.copyOf(claims);
  }

  /** A condition the machine has to fulfil, or the text is wrong. */
  record Claim(int line, String words, Expression holds) {}
}
