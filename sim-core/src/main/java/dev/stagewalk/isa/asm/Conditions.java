package dev.stagewalk.isa.asm;

import java.util.ArrayDeque;
import java.util.Deque;

/** Which statements .if, .else and their like leave out. */
final class Conditions {
  private final Pass pass;
  private final Deque<Level> levels = new ArrayDeque<>();

  /** An .if that is open. */
  private static final class Level {
    private final Statement start;
    private final boolean outer;
    private boolean active;
    private boolean taken;
    private boolean last;

    Level(Statement start, boolean outer, boolean active) {
      this.start = start;
      this.outer = outer;
      this.active = active;
      taken = active;
    }
  }

  Conditions(Pass pass) {
    this.pass = pass;
  }

  int depth() {
    return levels.size();
  }

  /** Ends what is open above a depth: each .if of it has no .endif. */
  void close(int depth) {
    while (levels.size() > depth) {
      Statement start = levels.pop().start;
      pass.fail(start.error("'" + start.word() + "' without its .endif"));
    }
  }

  /** Ends what is open above a depth, because a macro is left from within it. */
  void drop(int depth) {
    while (levels.size() > depth) {
      levels.pop();
    }
  }

  private boolean isActive() {
    return levels.isEmpty() || levels.element().active;
  }

  /** Carries out a condition, and takes what it leaves out; false for what is to be assembled. */
  boolean takes(Statement statement, String word) {
    switch (word) {
      case ".else", ".elseif" -> otherwise(statement, word.equals(".elseif"));
      case ".endif" -> {
        if (levels.isEmpty()) {
          pass.fail(statement.error("'.endif' without its .if"));
        } else {
          levels.pop();
        }
      }
      default -> {
        if (!isCondition(word)) {
          return !isActive();
        }
        boolean outer = isActive();
        if (outer) {
          pass.labels(statement);
        }
        levels.push(new Level(statement, outer, outer && holds(statement, word)));
      }
    }
    return true;
  }

  private static boolean isCondition(String word) {
    return word.startsWith(".if")
        && switch (word.substring(3)) {
          case "", "def", "ndef", "notdef", "b", "nb", "c", "nc", "eqs", "nes" -> true;
          case "eq", "ne", "lt", "le", "gt", "ge" -> true;
          default -> false;
        };
  }

  private void otherwise(Statement statement, boolean conditional) {
    if (levels.isEmpty() || levels.element().last) {
      pass.fail(statement.error("'" + statement.word() + "' without its .if"));
      return;
    }
    Level level = levels.element();
    level.last = !conditional;
    level.active = level.outer && !level.taken && (!conditional || holds(statement, ".if"));
    level.taken |= level.active;
  }

  private boolean holds(Statement statement, String word) {
    String operands = Blocks.operands(statement);
    return switch (word) {
      case ".ifdef" -> isDefined(statement);
      case ".ifndef", ".ifnotdef" -> !isDefined(statement);
      case ".ifb" -> operands.isEmpty();
      case ".ifnb" -> !operands.isEmpty();
      case ".ifc", ".ifeqs" -> areSame(statement, operands);
      case ".ifnc", ".ifnes" -> !areSame(statement, operands);
      default -> compares(statement, word);
    };
  }

  private boolean isDefined(Statement statement) {
    StatementReader in = pass.reader(statement, true);
    String name = in.rawWord();
    if (name == null) {
      in.expected("a symbol");
      pass.fail(in.error(statement.place()));
      return false;
    }
    return pass.isDefined(name);
  }

  private boolean areSame(Statement statement, String operands) {
    ArgumentText in = new ArgumentText(operands);
    String first = in.upToComma();
    if (!in.accept(',')) {
      pass.fail(statement.error("expected two texts with a comma between them"));
      return false;
    }
    return first.equals(in.upToComma());
  }

  private boolean compares(Statement statement, String word) {
    StatementReader in = pass.reader(statement, true);
    Value value = in.value();
    if (value != null && !in.atEnd()) {
      in.expected("the end of the statement");
      value = null;
    }
    if (value == null) {
      pass.fail(in.error(statement.place()));
      return false;
    }
    long number = value.number();
    return switch (word) {
      case ".ifeq" -> number == 0;
      case ".iflt" -> number < 0;
      case ".ifle" -> number <= 0;
      case ".ifgt" -> number > 0;
      case ".ifge" -> number >= 0;
      default -> number != 0;
    };
  }
}
