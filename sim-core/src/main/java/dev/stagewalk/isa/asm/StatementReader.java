package dev.stagewalk.isa.asm;

import dev.stagewalk.isa.OperandReader;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one statement from left to right, and remembers what was expected at the rightmost place
 * that any attempt reached: that is the place the error belongs to.
 */
final class StatementReader implements OperandReader {
  private static final int MOST_EXPECTATIONS = 4;

  private final List<Token> tokens;
  private final Names names;
  private final Set<String> expectations = new LinkedHashSet<>();
  private int position;
  private int furthest;
  private int halfword;
  private Expression.@Nullable Sign sign;
  private @Nullable String cause;

  StatementReader(List<Token> tokens, Names names) {
    this.tokens = tokens;
    this.names = names;
  }

  @Override
  public int mark() {
    return position;
  }

  @Override
  public void reset(int mark) {
    position = mark;
  }

  @Override
  public boolean atEnd() {
    return position >= tokens.size();
  }

  @Override
  public boolean accept(String symbol) {
    if (!isNext(symbol)) {
      expected("'" + symbol + "'");
      return false;
    }
    position++;
    return true;
  }

  @Override
  public boolean isNext(String symbol) {
    Token token = peek();
    return token != null
        && (token.is(symbol)
            || (token.kind() == Token.Kind.WORD && token.text().equalsIgnoreCase(symbol)));
  }

  @Override
  public @Nullable String word() {
    Token token = peek();
    return token != null && token.kind() == Token.Kind.WORD
        ? token.text().toLowerCase(Locale.ROOT)
        : null;
  }

  @Override
  public void next() {
    position++;
  }

  /** The word that is next as it is written, or null where something else is. */
  @Nullable String rawWord() {
    Token token = peek();
    return token != null && token.kind() == Token.Kind.WORD ? token.text() : null;
  }

  /** Passes over a comma if one is next. */
  boolean comma() {
    if (!isNext(",")) {
      return false;
    }
    position++;
    return true;
  }

  /** Passes over all that is left. */
  void skip() {
    position = tokens.size();
  }

  /** Whether {@code register, =} is next. */
  boolean literalFollows() {
    return position + 2 < tokens.size()
        && tokens.get(position + 1).is(",")
        && tokens.get(position + 2).is("=");
  }

  /** The tokens that are left. */
  List<Token> rest() {
    return tokens.subList(position, tokens.size());
  }

  /** Makes the error of a reader of this one's tokens from {@code start} on this one's. */
  void takeOver(StatementReader other, int start) {
    furthest = start + other.furthest;
    expectations.clear();
    expectations.addAll(other.expectations);
    cause = other.cause;
  }

  /** The token that is next, or null at the end. */
  @Nullable Token peek() {
    return atEnd() ? null : tokens.get(position);
  }

  @Override
  public OptionalLong expression() {
    Value value = value();
    return value == null ? OptionalLong.empty() : OptionalLong.of(value.number());
  }

  /** An expression with or without #; null, with the cause noted, where it has no value. */
  @Nullable Value value() {
    if (isNext("#")) {
      position++;
    }
    Expression expression = new Expression(this, names);
    Value value = expression.read();
    halfword = expression.halfword();
    sign = expression.sign();
    return value;
  }

  /** Which of MOVZ and MOVN the last expression asks for, or null where it does not say. */
  Expression.@Nullable Sign sign() {
    return sign;
  }

  @Override
  public OptionalDouble real() {
    int start = position;
    if (isNext("#")) {
      position++;
    }
    boolean negative = isNext("-");
    if (negative) {
      position++;
    }
    Token token = peek();
    if (token == null || (token.kind() != Token.Kind.REAL && token.kind() != Token.Kind.NUMBER)) {
      position = start;
      return OptionalDouble.empty();
    }
    position++;
    double value =
        token.kind() == Token.Kind.REAL ? Double.parseDouble(token.text()) : token.value();
    return OptionalDouble.of(negative ? -value : value);
  }

  @Override
  public int halfword() {
    return halfword;
  }

  @Override
  public long pc() {
    return names.dot().number();
  }

  @Override
  public OptionalInt systemRegister(String name) {
    return names.systemRegister(name);
  }

  @Override
  public void expected(String what) {
    if (position > furthest) {
      furthest = position;
      expectations.clear();
      cause = null;
    }
    if (position == furthest) {
      expectations.add(what);
    }
  }

  /** Notes a cause that is no matter of syntax. */
  void wrong(int place, String what) {
    if (place > furthest) {
      furthest = place;
      expectations.clear();
    }
    if (place == furthest) {
      cause = what;
    }
  }

  /** How far any attempt came, as a {@link #mark}. */
  int furthest() {
    return furthest;
  }

  /** The error at the rightmost place reached. */
  AsmError error(Place place) {
    Token last = tokens.getLast();
    Token at = furthest < tokens.size() ? tokens.get(furthest) : null;
    int column = at != null ? at.column() : last.column() + last.end() - last.start();
    int line = at != null ? at.line() : last.line();
    if (at != null && at.kind() == Token.Kind.BROKEN) {
      return place.error(line, column, at.text());
    }
    List<String> all = List.copyOf(expectations);
    String wanted = String.join(", or ", all.subList(0, Math.min(MOST_EXPECTATIONS, all.size())));
    if (cause != null) {
      String message = all.isEmpty() ? cause : "expected " + wanted + "; " + cause;
      return place.error(line, column, message);
    }
    String found = at == null ? "the end of the statement" : "'" + found(at) + "'";
    return place.error(line, column, "expected " + wanted + "; found " + found);
  }

  /** A token; of a number that does not fit all that makes it up, not its # alone. */
  private String found(Token at) {
    if (!at.is("#")) {
      return at.text();
    }
    StringBuilder number = new StringBuilder(at.text());
    for (int next = furthest + 1; next < tokens.size(); next++) {
      Token token = tokens.get(next);
      if (token.is(",") || token.is("]") || token.is("}") || token.is("!")) {
        break;
      }
      number.append(token.text());
    }
    return number.toString();
  }
}
