package dev.stagewalk.isa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of one group of numbers that an operand can be: barriers, conditions, TLBIs. */
final class OperandNames {
  private final String group;
  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final Map<Integer, List<String>> names = new HashMap<>();

  private OperandNames(String group) {
    this.group = group;
  }

  /**
   * Reads all groups.
   *
   * @throws TableException where a line is not group, name, number, or a name stands twice
   */
  static Map<String, OperandNames> read(String file, List<String> lines) {
    Map<String, OperandNames> groups = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split(" +");
      if (words.length != 3 && words.length != 6) {
        throw new TableException(file, i + 1, "expected group, name and number or op1 CRn CRm op2");
      }
      try {
        int number = Integer.parseInt(words[2]);
        if (words.length == 6) {
          number =
              number << 11
                  | Integer.parseInt(words[3]) << 7
                  | Integer.parseInt(words[4]) << 3
                  | Integer.parseInt(words[5]);
        }
        groups.computeIfAbsent(words[0], OperandNames::new).add(words[1], number);
      } catch (IllegalArgumentException e) {
        throw new TableException(file, i + 1, String.valueOf(e.getMessage()));
      }
    }
    return groups;
  }

  private void add(String name, int number) {
    if (numbers.put(name, number) != null) {
      throw new IllegalArgumentException("'" + name + "' stands twice in " + group);
    }
    names.computeIfAbsent(number, key -> new ArrayList<>()).add(name);
  }

  /** The number of a lower-case name, or null. */
  @Nullable Integer number(String name) {
    return numbers.get(name);
  }

  /** The preferred name, or null where the number has none. */
  @Nullable String name(int number) {
    List<String> known = names.get(number);
    return known == null ? null : known.getFirst();
  }

  /** The names beside the preferred one. */
  List<String> otherNames(int number) {
    List<String> known = names.getOrDefault(number, List.of());
    return known.isEmpty() ? known : known.subList(1, known.size());
  }

  Set<String> all() {
    return numbers.keySet();
  }

  /** What an error message says was expected. */
  String expectation() {
    String all = String.join(", ", numbers.keySet());
    return numbers.size() <= 20 ? "one of " + all : "an operation of " + group;
  }
}
