package dev.stagewalk.isa.asm;

import dev.stagewalk.isa.RegisterNames;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates an expression with the operators and precedences of GNU as, in 64 bits. The relocation
 * operators {@code :lo12:}, {@code :pg_hi21:} and {@code :abs_g0:} to {@code :abs_g3:} take part of
 * an address, and refuse one that has more bits than they say.
 */
final class Expression {
  private static final List<List<String>> LEVELS =
      List.of(
          List.of("||"),
          List.of("&&"),
          List.of("==", "!=", "<>", "<", ">", "<=", ">="),
          List.of("+", "-"),
          List.of("|", "&", "^", "!"),
          List.of("*", "/", "%", "<<", ">>"));

  /** Nesting that only a broken or malicious source has; deeper would end the stack. */
  private static final int DEEPEST = 200;

  /** What {@code :abs_gN_s:} found: a negative value is moved inverted, by MOVN. */
  enum Sign {
    NON_NEGATIVE,
    NEGATIVE
  }

  private final StatementReader in;
  private final Names names;
  private int halfword;
  private @Nullable Sign sign;
  private int depth;

  Expression(StatementReader in, Names names) {
    this.in = in;
    this.names = names;
  }

  /** The value, or null with the cause noted in the reader. */
  @Nullable Value read() {
    return in.isNext(":") ? part() : level(0);
  }

  /** Which 16 bits {@code :abs_gN:} took, else 0. */
  int halfword() {
    return halfword;
  }

  /** Of {@code :abs_gN_s:} the sign of the whole, else null. */
  @Nullable Sign sign() {
    return sign;
  }

  private @Nullable Value part() {
    in.next();
    String operator = in.word();
    if (operator == null || !operator.matches("lo12|pg_hi21(_nc)?|abs_g[0-2](_nc|_s)?|abs_g3")) {
      in.expected(
          "lo12, pg_hi21, abs_g0 to abs_g3, abs_g0_nc to abs_g2_nc or abs_g0_s to abs_g2_s");
      return null;
    }
    in.next();
    if (!in.accept(":")) {
      return null;
    }
    int place = in.mark();
    Value whole = level(0);
    if (whole == null || operator.startsWith("pg_hi21")) {
      return whole;
    }
    long value = whole.number();
    if (operator.equals("lo12")) {
      return Value.of(value & 0xfff);
    }
    halfword = operator.charAt(5) - '0';
    boolean signed = operator.endsWith("_s");
    long above = 16L * (halfword + 1);
    boolean fits =
        operator.endsWith("_nc")
            || above == 64
            || (signed ? value >> above == value >> 63 : value >>> above == 0);
    if (!fits) {
      in.wrong(place, "0x%x has more than the %d bits of :%s:".formatted(value, above, operator));
      return null;
    }
    if (signed) {
      sign = value < 0 ? Sign.NEGATIVE : Sign.NON_NEGATIVE;
      value = value < 0 ? ~value : value;
    }
    return Value.of(value >>> (16 * halfword) & 0xffff);
  }

  private @Nullable Value level(int level) {
    if (level == LEVELS.size()) {
      return unary();
    }
    Value left = level(level + 1);
    while (left != null) {
      Token operator = operator(level);
      if (operator == null) {
        return left;
      }
      int place = in.mark();
      in.next();
      Value right = level(level + 1);
      if (right == null) {
        return null;
      }
      if (right.number() == 0 && (operator.is("/") || operator.is("%"))) {
        in.wrong(place, "division by zero");
        return null;
      }
      left =
          new Value(
              apply(operator.text(), left.number(), right.number()),
              section(operator.text(), left, right));
    }
    return null;
  }

  private @Nullable Token operator(int level) {
    Token token = in.peek();
    return token != null
            && token.kind() == Token.Kind.PUNCTUATION
            && LEVELS.get(level).contains(token.text())
        ? token
        : null;
  }

  /** An address plus or minus a number is an address; the distance of two is none. */
  private static @Nullable String section(String operator, Value left, Value right) {
    boolean distance = left.isAddress() && right.isAddress() && !operator.equals("+");
    return distance ? null : left.isAddress() ? left.section() : right.section();
  }

  private static long apply(String operator, long left, long right) {
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      case "%" -> left % right;
      case "<<" -> right < 0 || right > 63 ? 0 : left << right;
      case ">>" -> right < 0 || right > 63 ? 0 : left >>> right;
      case "|" -> left | right;
      case "&" -> left & right;
      case "^" -> left ^ right;
      case "!" -> left | ~right;
      case "==" -> truth(left == right);
      case "!=", "<>" -> truth(left != right);
      case "<" -> truth(left < right);
      case ">" -> truth(left > right);
      case "<=" -> truth(left <= right);
      case ">=" -> truth(left >= right);
      case "&&" -> left != 0 && right != 0 ? 1 : 0;
      default -> left != 0 || right != 0 ? 1 : 0;
    };
  }

  /** GNU as: a comparison that holds is all ones. */
  private static long truth(boolean holds) {
    return holds ? -1 : 0;
  }

  private @Nullable Value unary() {
    for (String operator : List.of("-", "~", "+", "!")) {
      if (in.isNext(operator)) {
        int place = in.mark();
        in.next();
        if (++depth > DEEPEST) {
          in.wrong(place, "nested too deeply");
          return null;
        }
        Value value = unary();
        depth--;
        return value == null ? null : apply(operator, value);
      }
    }
    return primary();
  }

  private static Value apply(String operator, Value value) {
    long number = value.number();
    return switch (operator) {
      case "-" -> Value.of(-number);
      case "~" -> Value.of(~number);
      case "!" -> Value.of(number == 0 ? 1 : 0);
      default -> value;
    };
  }

  private @Nullable Value primary() {
    Token token = in.peek();
    if (token == null) {
      in.expected("a number or symbol");
      return null;
    }
    int place = in.mark();
    switch (token.kind()) {
      case NUMBER -> {
        in.next();
        return Value.of(token.value());
      }
      case BACKWARD, FORWARD -> {
        in.next();
        Value local = names.local(token.value(), token.kind() == Token.Kind.FORWARD);
        if (local == null) {
          in.wrong(place, "no label '" + token.text() + "'");
        }
        return local;
      }
      case WORD -> {
        return word(token, place);
      }
      case PUNCTUATION -> {
        if (token.is("(")) {
          return parenthesis(place);
        }
      }
      case REAL, STRING, BROKEN -> {}
    }
    in.expected("a number or symbol");
    return null;
  }

  private @Nullable Value parenthesis(int place) {
    in.next();
    if (++depth > DEEPEST) {
      in.wrong(place, "nested too deeply");
      return null;
    }
    Value inner = level(0);
    depth--;
    return inner != null && in.accept(")") ? inner : null;
  }

  private @Nullable Value word(Token token, int place) {
    if (token.text().equals(".")) {
      in.next();
      return names.dot();
    }
    if (RegisterNames.isRegister(token.text().toLowerCase(Locale.ROOT))) {
      in.expected("a number or symbol");
      return null;
    }
    in.next();
    Value value = names.symbol(token.text());
    if (value == null) {
      in.wrong(place, "the symbol '" + token.text() + "' is not defined");
    }
    return value;
  }
}
