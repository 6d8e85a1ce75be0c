package dev.stagewalk.guests.lesson;

import dev.stagewalk.ask.Expression;
import dev.stagewalk.ask.Filled;
import java.util.List;

/**
 * A prediction. Whether an answer is right is decided by the machine, after the step has happened.
 */
sealed interface Question {
  Template prompt();

  /** What is said to a right answer; empty where the step itself shows it. */
  Template right();

  /** One of several; choices are named a, b, c in this order. */
  record Choose(Template prompt, Template right, List<Choice> choices) implements Question {
    public Choose {
      choices = List.copyOf(choices);
    }
  }

  /**
   * One that can be chosen.
   *
   * @param line of the file, for errors
   * @param when true after the step if this is the right one
   * @param misconception M1 to M17, of a wrong one; empty if it is none of them
   * @param says what a student who chose it is told
   */
  record Choice(int line, Template words, Expression when, String misconception, Template says) {}

  /**
   * A number.
   *
   * @param answer the right one, asked of the machine after the step
   * @param wrong numbers that say what somebody thought
   * @param otherwise what is said to all other wrong ones
   */
  record Estimate(
      Template prompt, Template right, Filled answer, List<Wrong> wrong, Template otherwise)
      implements Question {
    public Estimate {
      wrong = List.copyOf(wrong);
    }
  }

  /** A wrong number that is worth an answer of its own. */
  record Wrong(int line, Expression value, String misconception, Template says) {}
}
