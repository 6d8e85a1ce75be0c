package dev.stagewalk.isa.asm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A macro: its parameters and the statements that a use of it stands for.
 *
 * @param definedIn the source its body stands in
 */
record Macro(String name, List<Parameter> parameters, List<Statement> body, String definedIn) {

  /**
   * A parameter.
   *
   * @param preset its value where the use gives none
   * @param required whether the use must give one
   * @param rest whether it takes all that is left, commas included
   */
  record Parameter(String name, String preset, boolean required, boolean rest) {}

  /** A definition or use that cannot be understood. */
  static final class MacroException extends Exception {
    private static final long serialVersionUID = 1L;

    MacroException(String message) {
      super(message);
    }

    String words() {
      return String.valueOf(getMessage());
    }
  }

  /** Reads what stands after {@code .macro}. */
  static Macro define(String header, List<Statement> body, String definedIn) throws MacroException {
    ArgumentText in = new ArgumentText(header);
    String name = in.name();
    if (name.isEmpty()) {
      throw new MacroException("expected the name of the macro");
    }
    List<Parameter> parameters = new ArrayList<>();
    in.separator();
    while (!in.atEnd()) {
      String parameter = in.name();
      if (parameter.isEmpty()) {
        throw new MacroException("expected the name of a parameter; found '" + in.rest() + "'");
      }
      boolean required = false;
      boolean rest = false;
      if (in.accept(':')) {
        String qualifier = in.name();
        required = qualifier.equals("req");
        rest = qualifier.equals("vararg");
        if (!required && !rest) {
          throw new MacroException("expected :req or :vararg; found ':" + qualifier + "'");
        }
      }
      String preset = in.accept('=') ? in.argument() : "";
      parameters.add(new Parameter(parameter, preset, required, rest));
      in.separator();
    }
    return new Macro(name, parameters, body, definedIn);
  }

  /** Gives each parameter its value from what stands after the name of the macro. */
  Map<String, String> bind(String operands) throws MacroException {
    Map<String, String> values = new LinkedHashMap<>();
    ArgumentText in = new ArgumentText(operands);
    int position = 0;
    while (!in.atEnd()) {
      Parameter named = named(in.keyword());
      if (named != null) {
        in.name();
        in.accept('=');
        values.put(named.name(), named.rest() ? in.rest() : in.argument());
      } else if (position >= parameters.size()) {
        throw new MacroException(
            "more arguments than the %d of macro '%s'; found '%s'"
                .formatted(parameters.size(), name, in.rest()));
      } else {
        Parameter next = parameters.get(position++);
        String value = next.rest() ? in.rest() : in.argument();
        if (!value.isEmpty()) {
          values.put(next.name(), value);
        }
      }
      in.separator();
    }
    for (Parameter parameter : parameters) {
      if (!values.containsKey(parameter.name())) {
        if (parameter.required()) {
          throw new MacroException(
              "expected a value of '%s' for macro '%s'".formatted(parameter.name(), name));
        }
        values.put(parameter.name(), parameter.preset());
      }
    }
    return values;
  }

  private @Nullable Parameter named(String word) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(word)) {
        return parameter;
      }
    }
    return null;
  }

  /**
   * The statement with values in place of names.
   *
   * @param count what {@code \@} stands for
   */
  static List<Statement> substitute(
      Statement statement, Map<String, String> values, int count, Place place) {
    String text = statement.text();
    StringBuilder filled = new StringBuilder();
    List<Integer> columns = new ArrayList<>();
    int column = statement.tokens().getFirst().column();
    int at = 0;
    while (at < text.length()) {
      int end = at + 1;
      String part = text.substring(at, end);
      if (text.charAt(at) == '\\' && end < text.length()) {
        if (text.startsWith("()", end)) {
          end += 2;
          part = "";
        } else if (text.charAt(end) == '@') {
          end++;
          part = Integer.toString(count);
        } else {
          int stop = ArgumentText.endOfName(text, end);
          String value = values.get(text.substring(end, stop));
          if (value != null) {
            end = stop;
            part = value;
          }
        }
      }
      filled.append(part);
      for (int i = 0; i < part.length(); i++) {
        columns.add(column + at);
      }
      at = end;
    }
    int[] places = columns.stream().mapToInt(Integer::intValue).toArray();
    return new Lexer(filled.toString(), place, statement.line(), places).statements();
  }
}
