package dev.stagewalk.isa.asm;

import dev.stagewalk.isa.RegisterNames;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates an expression with the operators and precedences of GNU as, in 64 bits. The relocation
 * operators {@code :lo12:} and {@code :abs_g0:} to {@code :abs_g3:} take part of an address.
 */
final class Expression {
  private static final List<List<String>> LEVELS =
      List.of(
          List.of("&&", "||"),
          List.of("+", "-", "==", "!=", "<>", "<", ">", "<=", ">="),
          List.of("|", "&", "^", "!"),
          List.of("*", "/", "%", "<<", ">>"));

  private final StatementReader in;
  private final Names names;
  private boolean address;
  private int halfword;

  Expression(StatementReader in, Names names) {
    this.in = in;
    this.names = names;
  }

  /** The value, or empty with the cause noted in the reader. */
  OptionalLong read() {
    if (in.isNext(":")) {
      return part();
    }
    return level(0);
  }

  /** Whether what was read depends on where the program lies. */
  boolean isAddress() {
    return address;
  }

  /** Which 16 bits {@code :abs_gN:} took, else 0. */
  int halfword() {
    return halfword;
  }

  private OptionalLong part() {
    in.next();
    String operator = in.word();
    if (operator == null || !operator.matches("lo12|abs_g[0-3](_nc)?|pg_hi21")) {
      in.expected("lo12, abs_g0 to abs_g3, or pg_hi21");
      return OptionalLong.empty();
    }
    in.next();
    if (!in.accept(":")) {
      return OptionalLong.empty();
    }
    OptionalLong whole = level(0);
    if (whole.isEmpty() || operator.equals("pg_hi21")) {
      return whole;
    }
    long value = whole.getAsLong();
    if (operator.equals("lo12")) {
      return OptionalLong.of(value & 0xfff);
    }
    halfword = operator.charAt(5) - '0';
    return OptionalLong.of(value >>> (16 * halfword) & 0xffff);
  }

  private OptionalLong level(int level) {
    if (level == LEVELS.size()) {
      return unary();
    }
    OptionalLong left = level(level + 1);
    while (left.isPresent()) {
      Token operator = operator(level);
      if (operator == null) {
        return left;
      }
      int place = in.mark();
      in.next();
      OptionalLong right = level(level + 1);
      if (right.isEmpty()) {
        return right;
      }
      long divisor = right.getAsLong();
      if (divisor == 0 && (operator.is("/") || operator.is("%"))) {
        in.wrong(place, "division by zero");
        return OptionalLong.empty();
      }
      left = OptionalLong.of(apply(operator.text(), left.getAsLong(), divisor));
    }
    return left;
  }

  private @Nullable Token operator(int level) {
    Token token = in.peek();
    return token != null
            && token.kind() == Token.Kind.PUNCTUATION
            && LEVELS.get(level).contains(token.text())
        ? token
        : null;
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

  private OptionalLong unary() {
    for (String operator : List.of("-", "~", "+", "!")) {
      if (in.isNext(operator)) {
        in.next();
        OptionalLong value = unary();
        return value.isEmpty()
            ? value
            : OptionalLong.of(
                switch (operator) {
                  case "-" -> -value.getAsLong();
                  case "~" -> ~value.getAsLong();
                  case "!" -> value.getAsLong() == 0 ? 1 : 0;
                  default -> value.getAsLong();
                });
      }
    }
    return primary();
  }

  private OptionalLong primary() {
    Token token = in.peek();
    if (token == null) {
      in.expected("a number or symbol");
      return OptionalLong.empty();
    }
    int place = in.mark();
    switch (token.kind()) {
      case NUMBER -> {
        in.next();
        return OptionalLong.of(token.value());
      }
      case BACKWARD, FORWARD -> {
        address = true;
        in.next();
        OptionalLong local = names.local((int) token.value(), token.kind() == Token.Kind.FORWARD);
        if (local.isEmpty()) {
          in.wrong(place, "no label '" + token.text() + "'");
        }
        return local;
      }
      case WORD -> {
        return word(token, place);
      }
      case PUNCTUATION -> {
        if (token.is("(")) {
          in.next();
          OptionalLong inner = level(0);
          return inner.isPresent() && in.accept(")") ? inner : OptionalLong.empty();
        }
      }
      case STRING, BROKEN -> {}
    }
    in.expected("a number or symbol");
    return OptionalLong.empty();
  }

  private OptionalLong word(Token token, int place) {
    if (token.text().equals(".")) {
      address = true;
      in.next();
      return OptionalLong.of(names.here());
    }
    if (RegisterNames.isRegister(token.text().toLowerCase(Locale.ROOT))) {
      in.expected("a number or symbol");
      return OptionalLong.empty();
    }
    in.next();
    address |= names.isAddress(token.text());
    OptionalLong value = names.symbol(token.text());
    if (value.isEmpty()) {
      in.wrong(place, "the symbol '" + token.text() + "' is not defined");
    }
    return value;
  }
}
