package dev.stagewalk.isa.asm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which statements there are: macros, repetitions (.rept .irp .irpc), conditions, included
 * files. Gives the statements one by one, as those before them have made it.
 */
final class Blocks {
  /** A source that has more repeats or calls itself without end. */
  private static final int MOST_STATEMENTS = 1_000_000;

  private static final int DEEPEST = 100;
  private static final Set<String> REPETITIONS = Set.of(".rept", ".irp", ".irpc");

  /** The directives that are read here, for completion. */
  static final Set<String> NAMES =
      Set.of(
          ".macro",
          ".endm",
          ".exitm",
          ".purgem",
          ".rept",
          ".irp",
          ".irpc",
          ".endr",
          ".if",
          ".ifdef",
          ".ifndef",
          ".ifb",
          ".ifnb",
          ".ifc",
          ".ifnc",
          ".ifeq",
          ".ifne",
          ".iflt",
          ".ifle",
          ".ifgt",
          ".ifge",
          ".elseif",
          ".else",
          ".endif",
          ".include",
          ".error",
          ".warning");

  private final Pass pass;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Map<String, Macro> macros = new HashMap<>();
  private final Conditions conditions;
  private int expansions;
  private int given;

  /** Statements that are being gone through. */
  private static final class Frame {
    private final List<Statement> statements;
    private final boolean macro;
    private final int conditions;
    private int next;

    Frame(List<Statement> statements, boolean macro, int conditions) {
      this.statements = statements;
      this.macro = macro;
      this.conditions = conditions;
    }
  }

  Blocks(Pass pass, List<Statement> statements) {
    this.pass = pass;
    conditions = new Conditions(pass);
    frames.push(new Frame(statements, false, 0));
  }

  /** The next statement, or null at the end. */
  @Nullable Statement next() {
    while (!frames.isEmpty()) {
      Frame top = frames.element();
      if (top.next < top.statements.size()) {
        if (++given > MOST_STATEMENTS) {
          pass.fail(
              top.statements
                  .get(top.next)
                  .error(
                      "macros and repetitions give more than " + MOST_STATEMENTS + " statements"));
          return null;
        }
        return top.statements.get(top.next++);
      }
      leave();
    }
    return null;
  }

  private void leave() {
    conditions.close(frames.pop().conditions);
  }

  /** Carries out what decides over statements; false for a statement of another kind. */
  boolean takes(Statement statement) {
    String word = statement.word();
    if (conditions.takes(statement, word)) {
      return true;
    }
    Macro macro = macros.get(word);
    if (macro != null) {
      pass.labels(statement);
      use(macro, statement);
      return true;
    }
    switch (word) {
      case ".macro" -> define(statement);
      case ".rept", ".irp", ".irpc" -> repeat(statement, word);
      case ".include" -> include(statement);
      case ".exitm" -> exit(statement);
      case ".purgem" -> {
        if (macros.remove(operands(statement).toLowerCase(java.util.Locale.ROOT)) == null) {
          pass.fail(statement.error("expected the name of a macro"));
        }
      }
      case ".error", ".err" -> pass.fail(statement.error(message(statement)));
      case ".warning", ".print" -> {}
      case ".end" -> {
        while (!frames.isEmpty()) {
          leave();
        }
      }
      case ".endm", ".endr" -> pass.fail(statement.error("'" + word + "' without its beginning"));
      default -> {
        return false;
      }
    }
    return true;
  }

  /** What stands after the directive or the name of a macro, as it is written. */
  static String operands(Statement statement) {
    List<Token> tokens = statement.tokens();
    Token command = tokens.get(statement.command());
    int start = tokens.getFirst().start();
    String text = statement.text().substring(command.end() - start, tokens.getLast().end() - start);
    return text.replaceAll("(?s)/\\*.*?\\*/", " ").strip();
  }

  private static String message(Statement statement) {
    Token last = statement.tokens().getLast();
    return last.kind() == Token.Kind.STRING ? last.text() : "an error that the source asks for";
  }

  private void define(Statement statement) {
    List<Statement> body = body(statement, Set.of(".macro"), ".endm");
    if (body == null) {
      return;
    }
    try {
      Macro macro = Macro.define(operands(statement), body, statement.place().source());
      String name = macro.name().toLowerCase(java.util.Locale.ROOT);
      if (macros.putIfAbsent(name, macro) != null) {
        pass.fail(statement.error("the macro '" + macro.name() + "' is already defined"));
      }
    } catch (Macro.MacroException e) {
      pass.fail(statement.error(e.words()));
    }
  }

  private void use(Macro macro, Statement statement) {
    Place place = statement.place().inMacro(macro.name(), macro.definedIn(), statement.line());
    List<Statement> expanded = new ArrayList<>();
    try {
      Map<String, String> values = macro.bind(operands(statement));
      for (Statement part : macro.body()) {
        expanded.addAll(Macro.substitute(part, values, expansions, place));
      }
    } catch (Macro.MacroException e) {
      pass.fail(statement.error(e.words()));
      return;
    }
    expansions++;
    push(statement, expanded, true);
  }

  private void push(Statement cause, List<Statement> statements, boolean macro) {
    if (frames.size() >= DEEPEST) {
      pass.fail(cause.error("macros or files nested more than " + DEEPEST + " deep"));
      return;
    }
    frames.push(new Frame(statements, macro, conditions.depth()));
  }

  /** The statements up to the end of a block; null, with the error noted, where it has none. */
  private @Nullable List<Statement> body(Statement start, Set<String> openers, String end) {
    Frame top = frames.element();
    List<Statement> body = new ArrayList<>();
    int depth = 0;
    while (top.next < top.statements.size()) {
      Statement statement = top.statements.get(top.next++);
      String word = statement.word();
      if (word.equals(end)) {
        if (depth == 0) {
          return body;
        }
        depth--;
      } else if (openers.contains(word)) {
        depth++;
      }
      body.add(statement);
    }
    pass.fail(start.error("'" + start.word() + "' without its " + end));
    return null;
  }

  private void repeat(Statement statement, String word) {
    pass.labels(statement);
    List<Statement> body = body(statement, REPETITIONS, ".endr");
    if (body == null) {
      return;
    }
    List<Statement> all = new ArrayList<>();
    if (word.equals(".rept")) {
      StatementReader in = pass.reader(statement, true);
      Value count = in.value();
      if (count != null && !in.atEnd()) {
        in.expected("the end of the statement");
        count = null;
      }
      if (count == null) {
        pass.fail(in.error(statement.place()));
        return;
      }
      if (count.number() * Math.max(1, body.size()) > MOST_STATEMENTS
          || count.number() > MOST_STATEMENTS) {
        pass.fail(statement.error("more than " + MOST_STATEMENTS + " statements"));
        return;
      }
      for (long i = 0; i < count.number(); i++) {
        all.addAll(body);
      }
    } else {
      ArgumentText in = new ArgumentText(operands(statement));
      String name = in.name();
      if (name.isEmpty()) {
        pass.fail(statement.error("expected a name, and the values it takes after a comma"));
        return;
      }
      in.separator();
      for (String value : values(in, word.equals(".irpc"))) {
        Map<String, String> values = Map.of(name, value);
        for (Statement part : body) {
          all.addAll(Macro.substitute(part, values, expansions, part.place()));
        }
      }
    }
    push(statement, all, false);
  }

  /** With no value at all the body stands once, with nothing in place of the name. */
  private static List<String> values(ArgumentText in, boolean characters) {
    if (characters) {
      return in.rest().chars().mapToObj(Character::toString).toList();
    }
    List<String> values = new ArrayList<>();
    do {
      values.add(in.argument());
      in.separator();
    } while (!in.atEnd());
    return values;
  }

  private void include(Statement statement) {
    pass.labels(statement);
    StatementReader in = pass.reader(statement, true);
    Token name = in.peek();
    if (name == null || name.kind() != Token.Kind.STRING) {
      in.expected("the name of a file in double quotes");
      pass.fail(in.error(statement.place()));
      return;
    }
    try {
      String text = new String(pass.includes().read(name.text()), StandardCharsets.UTF_8);
      Place place = statement.place().inFile(name.text(), statement.line());
      push(statement, new Lexer(text, place).statements(), false);
    } catch (IOException e) {
      pass.fail(
          statement
              .place()
              .error(
                  name.line(),
                  name.column(),
                  "cannot include " + name.text() + ": " + Objects.toString(e.getMessage())));
    }
  }

  private void exit(Statement statement) {
    if (frames.stream().noneMatch(frame -> frame.macro)) {
      pass.fail(statement.error("'.exitm' stands in no macro"));
      return;
    }
    while (!frames.element().macro) {
      conditions.drop(frames.pop().conditions);
    }
    conditions.drop(frames.pop().conditions);
  }
}
