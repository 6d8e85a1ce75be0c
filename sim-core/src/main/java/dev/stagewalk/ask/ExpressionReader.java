package dev.stagewalk.ask;

import dev.stagewalk.arch.Hex;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an expression from left to right.
 *
 * <pre>
 *   expression = operands with || && == != &lt; &lt;= > >= | ^ &amp; &lt;&lt; >> + - * / %  as in C, ! ~ - before one
 *   operand    = NUMBER | "WORDS" | NAME | NAME "(" [ expression { "," expression } ] ")"
 *              | "(" expression ")" | memory | operand "[" BIT [ ":" BIT ] "]"
 *   memory     = "[" [ "va" | "ipa" | "pa" ] expression [ "," BYTES ] "]"       else pa, 8 bytes
 * </pre>
 */
final class ExpressionReader {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<number>0x[0-9a-fA-F_]+|\\d[\\d_]*)|(?<name>[A-Za-z_][\\w.]*)"
              + "|\"(?<words>[^\"]*)\"|(?<sign>&&|\\|\\||==|!=|<=|>=|<<|>>|[-+*/%&|^~!<>()\\[\\],:]))");

  /** From what binds least to what binds most. */
  private static final List<List<String>> LEVELS =
      List.of(
          List.of("||"),
          List.of("&&"),
          List.of("==", "!=", "<", "<=", ">", ">="),
          List.of("|", "^"),
          List.of("&"),
          List.of("<<", ">>"),
          List.of("+", "-"),
          List.of("*", "/", "%"));

  /** Words and signs in one expression. */
  private static final int MOST = 500;

  /** Brackets in brackets, and signs before one operand: each takes the stack of a thread. */
  private static final int DEEPEST = 50;

  private final String text;
  private final Matcher matcher;
  private int count;
  private int depth;
  private int at;
  private int began;
  private String token = "";
  private Kind kind = Kind.END;

  private enum Kind {
    NUMBER,
    NAME,
    WORDS,
    SIGN,
    END
  }

  ExpressionReader(String text) {
    this.text = text;
    this.matcher = TOKEN.matcher(text);
    next();
  }

  /** All of the text as one expression. */
  Expression whole() {
    Expression read = level(0);
    if (kind != Kind.END) {
      throw expected("an operator or the end");
    }
    return read;
  }

  /** An expression, and what stands after the word {@code as} behind it. */
  Filled filled() {
    Expression read = level(0);
    Value.Form form = null;
    if (kind == Kind.NAME && token.equals("as")) {
      next();
      form = Value.Form.named(token);
      next();
    }
    if (kind != Kind.END) {
      throw expected("an operator, 'as' or the end");
    }
    return new Filled(read, form);
  }

  private IllegalArgumentException expected(String what) {
    String found = kind == Kind.END ? "the end" : "'" + token + "'";
    return misread("expected " + what + " instead of " + found);
  }

  private Misread misread(String problem) {
    return new Misread(text, began - leading() + 1, problem);
  }

  /** Blanks before the text, which are not shown in an error. */
  private int leading() {
    return text.length() - text.stripLeading().length();
  }

  private void next() {
    began = at + (text.length() - at - text.substring(at).stripLeading().length());
    if (text.substring(at).isBlank()) {
      began = Math.max(leading(), text.stripTrailing().length());
      kind = Kind.END;
      token = "";
      return;
    }
    matcher.region(at, text.length());
    if (!matcher.lookingAt()) {
      String rest = text.substring(at).strip();
      throw misread(
          "'" + rest + "' cannot be read" + (rest.startsWith("=") ? ": equal is written ==" : ""));
    }
    if (++count > MOST) {
      throw new IllegalArgumentException(
          "it is too long: an expression has at most " + MOST + " words and signs");
    }
    at = matcher.end();
    for (Kind candidate : List.of(Kind.NUMBER, Kind.NAME, Kind.WORDS, Kind.SIGN)) {
      String group = matcher.group(candidate.name().toLowerCase(java.util.Locale.ROOT));
      if (group != null) {
        kind = candidate;
        token = group;
      }
    }
  }

  private boolean isSign(String sign) {
    return kind == Kind.SIGN && token.equals(sign);
  }

  private void take(String sign) {
    if (!isSign(sign)) {
      throw expected("'" + sign + "'");
    }
    next();
  }

  private Expression level(int level) {
    if (level == LEVELS.size()) {
      return unary();
    }
    Expression left = level(level + 1);
    while (kind == Kind.SIGN && LEVELS.get(level).contains(token)) {
      String operator = token;
      next();
      left = new Expression.Binary(operator, left, level(level + 1));
    }
    return left;
  }

  private Expression unary() {
    if (depth == DEEPEST) {
      throw misread("more than " + DEEPEST + " brackets or signs in one another");
    }
    depth++;
    Expression read = operand();
    depth--;
    return read;
  }

  private Expression operand() {
    if (isSign("-") || isSign("~") || isSign("!")) {
      char operator = token.charAt(0);
      next();
      return new Expression.Unary(operator, unary());
    }
    Expression read = primary();
    while (isSign("[")) {
      next();
      int high = bit();
      int low = high;
      if (isSign(":")) {
        next();
        low = bit();
      }
      if (low > high) {
        throw new IllegalArgumentException(
            "bits are written [high:low], not [" + high + ":" + low + "]");
      }
      take("]");
      read = new Expression.BitRange(read, high, low);
    }
    return read;
  }

  private int bit() {
    if (kind != Kind.NUMBER) {
      throw expected("the number of a bit");
    }
    long number = Hex.parse(token);
    if (number < 0 || number > 63) {
      throw new IllegalArgumentException("bits are numbered 0 to 63, not " + token);
    }
    next();
    return (int) number;
  }

  private Expression primary() {
    if (isSign("(")) {
      next();
      Expression inside = level(0);
      take(")");
      return inside;
    }
    if (isSign("[")) {
      next();
      return memory();
    }
    String word = token;
    int from = began;
    switch (kind) {
      case NUMBER -> {
        next();
        Value.Form form = word.startsWith("0x") ? Value.Form.HEX : Value.Form.DEC;
        return new Expression.Literal(new Value.Number(Hex.parse(word), form));
      }
      case WORDS -> {
        next();
        return new Expression.Literal(new Value.Words(word));
      }
      case NAME -> {
        next();
        return isSign("(") ? call(word, from) : name(word, from);
      }
      case SIGN, END -> throw expected("a number, a name, '[' or '('");
    }
    throw new IllegalStateException();
  }

  private Expression memory() {
    Expression.Space space = Expression.Space.PA;
    for (Expression.Space candidate : Expression.Space.values()) {
      if (kind == Kind.NAME && token.equals(candidate.word())) {
        space = candidate;
        next();
        break;
      }
    }
    Expression address = level(0);
    int bytes = 8;
    if (isSign(",")) {
      next();
      if (kind != Kind.NUMBER || !List.of("1", "2", "4", "8").contains(token)) {
        throw expected("how many bytes, 1, 2, 4 or 8");
      }
      bytes = Integer.parseInt(token);
      next();
    }
    take("]");
    return new Expression.Memory(space, address, bytes);
  }

  private Expression name(String word, int from) {
    checked(from, () -> FactNames.checkName(word));
    return new Expression.Name(word);
  }

  private Expression call(String word, int from) {
    List<Expression> arguments = new ArrayList<>();
    take("(");
    while (!isSign(")")) {
      if (!arguments.isEmpty()) {
        take(",");
      }
      arguments.add(level(0));
    }
    take(")");
    checked(from, () -> FactNames.checkCall(word, arguments.size()));
    return new Expression.Call(word, arguments);
  }

  private void checked(int from, Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw new Misread(text, from - leading() + 1, String.valueOf(e.getMessage()));
    }
  }
}
