package dev.stagewalk.isa.asm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names of one pass: labels, constants, numeric labels, and what is declared of names. */
final class Symbols {
  private final Map<String, Symbol> symbols = new LinkedHashMap<>();
  private final Map<Long, List<Numeric>> numeric = new HashMap<>();
  private final Map<String, Declared> declared = new LinkedHashMap<>();

  /**
   * A name's value.
   *
   * @param label whether it is a label, which has one value
   * @param line where it got the value
   */
  record Symbol(Value value, boolean label, int line) {}

  /** A numeric label and the statement it stands before. */
  private record Numeric(int statement, Value value) {}

  /** What .global, .type and .size say of a name. */
  record Declared(Assembled.Binding binding, Assembled.Type type, long size) {
    static final Declared NOTHING = new Declared(Assembled.Binding.LOCAL, Assembled.Type.NONE, 0);
  }

  @Nullable Symbol get(String name) {
    return symbols.get(name);
  }

  void put(String name, Symbol symbol) {
    symbols.put(name, symbol);
  }

  Map<String, Symbol> all() {
    return symbols;
  }

  Declared declared(String name) {
    return declared.getOrDefault(name, Declared.NOTHING);
  }

  void declare(String name, Declared what) {
    declared.put(name, what);
  }

  void numeric(long number, int statement, Value value) {
    numeric.computeIfAbsent(number, key -> new ArrayList<>()).add(new Numeric(statement, value));
  }

  /** How often a numeric label stands before this statement. */
  int count(long number, int statement) {
    return (int)
        numeric.getOrDefault(number, List.of()).stream()
            .filter(label -> label.statement() <= statement)
            .count();
  }

  /** The last of a numeric label up to a statement, or the first after it. */
  @Nullable Value nearest(long number, int statement, boolean forward) {
    Value nearest = null;
    for (Numeric label : numeric.getOrDefault(number, List.of())) {
      if (label.statement() > statement) {
        return forward ? label.value() : nearest;
      }
      nearest = label.value();
    }
    return forward ? null : nearest;
  }

  /** Whether all has the value it had in the other pass. */
  boolean agree(Symbols other) {
    return symbols.equals(other.symbols) && numeric.equals(other.numeric);
  }
}
