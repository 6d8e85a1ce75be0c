package dev.stagewalk.ask;

import dev.stagewalk.arch.Alike;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Every name an expression may use, and how its value is found. */
final class FactNames {
  /** Prefix of what a step has kept. */
  static final String KEPT = "kept.";

  /** Prefix of what the last event says. */
  private static final String EVENT = "event.";

  private static final Map<String, Function<Facts, Value>> NAMES = names();
  private static final Map<String, Callable> CALLS = calls();

  private FactNames() {}

  /** How a function is computed, and how many arguments it takes. */
  record Callable(int arity, Computation computation) {}

  /** What a function of a file does. */
  interface Computation {
    Value of(Facts facts, List<Value> arguments);
  }

  private static Map<String, Function<Facts, Value>> names() {
    Map<String, Function<Facts, Value>> all = new HashMap<>();
    all.putAll(EventFacts.NAMES);
    all.putAll(TableFacts.NAMES);
    all.putAll(MachineFacts.NAMES);
    for (String field : EventField.words()) {
      all.put(EVENT + field, f -> f.ofLastEvent(field));
    }
    return Map.copyOf(all);
  }

  /** Whether a name stands for something that the last event says itself. */
  static boolean asksEventAlone(String name) {
    return name.startsWith(EVENT)
        && !EventField.needsMachine(name.substring(EVENT.length()), EventKind.ANY);
  }

  private static boolean isPartOfEvent(String name) {
    return name.startsWith(EVENT) && EventField.isName(name.substring(EVENT.length()));
  }

  private static Map<String, Callable> calls() {
    Map<String, Callable> all = new HashMap<>();
    all.putAll(TableFacts.CALLS);
    all.putAll(MachineFacts.CALLS);
    return Map.copyOf(all);
  }

  /**
   * Refuses a name that nothing answers to.
   *
   * @throws IllegalArgumentException offering those that are alike
   */
  static void checkName(String name) {
    if (name.startsWith(KEPT) || NAMES.containsKey(name) || isPartOfEvent(name)) {
      return;
    }
    if (CALLS.containsKey(name)) {
      throw new IllegalArgumentException("'" + name + "' needs its arguments in brackets");
    }
    if (RegisterPart.named(name).isEmpty()) {
      throw new IllegalArgumentException(
          "there is no '" + name + "'" + question(name, NAMES.keySet()));
    }
  }

  /**
   * Refuses a function that there is not, or with another number of arguments.
   *
   * @throws IllegalArgumentException saying which
   */
  static void checkCall(String name, int arguments) {
    Callable callable = CALLS.get(name);
    if (callable == null) {
      throw new IllegalArgumentException(
          "there is no '" + name + "(…)'" + question(name, CALLS.keySet()));
    }
    if (callable.arity() != arguments) {
      throw new IllegalArgumentException(
          "'" + name + "' takes " + callable.arity() + " arguments, not " + arguments);
    }
  }

  private static String question(String name, Set<String> names) {
    return Alike.question(Alike.to(name, new TreeSet<>(names)));
  }

  static Value name(Facts facts, String name) {
    Function<Facts, Value> known = NAMES.get(name);
    if (known != null) {
      return known.apply(facts);
    }
    if (isPartOfEvent(name)) {
      return facts.ofLastEvent(name.substring(EVENT.length()));
    }
    RegisterPart part =
        RegisterPart.named(name)
            .orElseThrow(() -> new IllegalArgumentException("there is no " + name));
    return part.of(facts);
  }

  static Value call(Facts facts, String name, List<Value> arguments) {
    Callable callable = CALLS.get(name);
    if (callable == null) {
      throw new IllegalArgumentException("there is no " + name);
    }
    return callable.computation().of(facts, arguments);
  }
}
