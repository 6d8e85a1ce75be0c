package dev.stagewalk.ask;

import java.util.List;
import java.util.Locale;

/**
 * A question to the machine as content files write it: {@code walk.reads}, {@code
 * leaf(0x4020_0000)[10]}, {@code fault.stage == 2 && fault.level == 3}. Truth is 1, falsehood 0.
 */
public sealed interface Expression {

  /** What it comes to at a moment. */
  Value at(Facts facts);

  /** Whether it is true at a moment. */
  default boolean holds(Facts facts) {
    return at(facts).number() != 0;
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException saying what was expected, or which name there is not
   */
  static Expression parse(String text) {
    return new ExpressionReader(text).whole();
  }

  /** What stands there. */
  record Literal(Value value) implements Expression {
    @Override
    public Value at(Facts facts) {
      return value;
    }
  }

  /** A fact by its name. */
  record Name(String name) implements Expression {
    @Override
    public Value at(Facts facts) {
      return facts.named(name);
    }
  }

  /** A fact about something. */
  record Call(String name, List<Expression> arguments) implements Expression {
    /** A call with its arguments, in order. */
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public Value at(Facts facts) {
      return facts.call(name, arguments.stream().map(a -> a.at(facts)).toList());
    }
  }

  /** Which addresses are meant. */
  enum Space {
    /** A virtual address of the PE, translated as a read of it would be now, past the TLB. */
    VA,
    /** An intermediate physical address, translated by stage 2 as it is now. */
    IPA,
    PA;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What stands in memory, zero-extended. */
  record Memory(Space space, Expression address, int bytes) implements Expression {
    @Override
    public Value at(Facts facts) {
      long pa = TableFacts.physical(facts, space, address.at(facts).number());
      return Value.address(facts.read(pa, bytes));
    }
  }

  /** Bits of a number, both ends included. */
  record BitRange(Expression of, int high, int low) implements Expression {
    @Override
    public Value at(Facts facts) {
      long mask = high - low == 63 ? -1 : (1L << (high - low + 1)) - 1;
      long bits = of.at(facts).number() >>> low & mask;
      return high == low ? Value.count(bits) : new Value.Number(bits, Value.Form.PLAIN);
    }
  }

  /** Something with one operand: {@code -}, {@code ~}, {@code !}. */
  record Unary(char operator, Expression of) implements Expression {
    @Override
    public Value at(Facts facts) {
      Value value = of.at(facts);
      long bits = value.number();
      return switch (operator) {
        case '!' -> Value.truth(bits == 0);
        case '~' -> new Value.Number(~bits, Value.Form.FULL);
        default -> new Value.Number(-bits, ((Value.Number) value).form());
      };
    }
  }

  /** Something with two operands. */
  record Binary(String operator, Expression left, Expression right) implements Expression {
    @Override
    public Value at(Facts facts) {
      return switch (operator) {
        case "&&" -> Value.truth(left.holds(facts) && right.holds(facts));
        case "||" -> Value.truth(left.holds(facts) || right.holds(facts));
        default -> compute(left.at(facts), right.at(facts));
      };
    }

    private Value compute(Value a, Value b) {
      if (a instanceof Value.Words || b instanceof Value.Words) {
        boolean same = a.text().equals(b.text());
        return switch (operator) {
          case "==" -> Value.truth(same);
          case "!=" -> Value.truth(!same);
          default -> throw new IllegalArgumentException("words can only be compared: " + operator);
        };
      }
      long x = a.number();
      long y = b.number();
      return switch (operator) {
        case "==" -> Value.truth(x == y);
        case "!=" -> Value.truth(x != y);
        case "<" -> Value.truth(x < y);
        case "<=" -> Value.truth(x <= y);
        case ">" -> Value.truth(x > y);
        case ">=" -> Value.truth(x >= y);
        default -> new Value.Number(arithmetic(x, y), ((Value.Number) a).form());
      };
    }

    private long arithmetic(long x, long y) {
      if (y == 0 && (operator.equals("/") || operator.equals("%"))) {
        throw new IllegalArgumentException("nothing can be divided by 0");
      }
      return switch (operator) {
        case "+" -> x + y;
        case "-" -> x - y;
        case "*" -> x * y;
        case "/" -> x / y;
        case "%" -> x % y;
        case "&" -> x & y;
        case "|" -> x | y;
        case "^" -> x ^ y;
        case "<<" -> x << y;
        case ">>" -> x >>> y;
        default -> throw new IllegalStateException(operator);
      };
    }
  }
}
