package dev.stagewalk.ask;

import org.jspecify.annotations.Nullable;

/** An expression and how its number is written; null for its own form. */
public record Filled(Expression expression, Value.@Nullable Form form) {

  /**
   * Reads an expression, and what stands after the word {@code as} behind it.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Filled parse(String text) {
    return new ExpressionReader(text).filled();
  }

  /** What it comes to at a moment, in words. */
  public String at(Facts facts) {
    Value value = expression.at(facts);
    return form != null ? form.text(value.number()) : value.text();
  }
}
