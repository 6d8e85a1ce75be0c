package dev.stagewalk.ask;

/**
 * An expression as it was typed.
 *
 * @param text as it is typed
 * @param expression what it asks
 */
public record Condition(String text, Expression expression) {

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with the place and what may stand there
   */
  public static Condition parse(String text) {
    return new Condition(text.strip(), Expression.parse(text));
  }

  /** Whether it can be told from the last event alone, with the machine elsewhere. */
  public boolean asksEventAlone() {
    return asksEventAlone(expression);
  }

  private static boolean asksEventAlone(Expression expression) {
    return switch (expression) {
      case Expression.Literal _ -> true;
      case Expression.Name name -> FactNames.asksEventAlone(name.name());
      case Expression.Call _, Expression.Memory _ -> false;
      case Expression.BitRange range -> asksEventAlone(range.of());
      case Expression.Unary unary -> asksEventAlone(unary.of());
      case Expression.Binary binary ->
          asksEventAlone(binary.left()) && asksEventAlone(binary.right());
    };
  }
}
