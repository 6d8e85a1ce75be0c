package dev.stagewalk.ask;

import dev.stagewalk.event.Event;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which events are meant: those of a kind of which all tests are true.
 *
 * @param kind what they are
 * @param tests of their fields
 */
public record EventFilter(EventKind kind, List<Test> tests) {
  /** How a field may be compared. */
  public static final List<String> RELATIONS = List.of("=", "!=", "<", "<=", ">", ">=");

  public EventFilter {
    tests = List.copyOf(tests);
  }

  /**
   * A field compared with values; with {@code =} one of them must be it, with all others each.
   *
   * @param field as {@link EventField} names it
   * @param relation one of {@link #RELATIONS}
   * @param values at least one; words or numbers
   */
  public record Test(String field, String relation, List<Value> values) {
    public Test {
      values = List.copyOf(values);
    }

    /** As it is typed. */
    public String text() {
      if (field.equals(EventField.FAULT.word()) && relation.equals("=") && values.size() == 1) {
        return values.getFirst().text();
      }
      return field + relation + values.stream().map(Value::text).collect(Collectors.joining(","));
    }

    private boolean holds(Value found) {
      return relation.equals("=")
          ? values.stream().anyMatch(v -> isSame(found, v))
          : values.stream().allMatch(v -> compares(found, v));
    }

    private boolean compares(Value found, Value value) {
      if (relation.equals("!=")) {
        return !isSame(found, value);
      }
      if (found instanceof Value.Words || value instanceof Value.Words) {
        return false;
      }
      int order = Long.compareUnsigned(found.number(), value.number());
      if (field.equals(EventField.LEVEL.word())) {
        order = Long.compare(found.number(), value.number());
      }
      return switch (relation) {
        case "<" -> order < 0;
        case "<=" -> order <= 0;
        case ">" -> order > 0;
        default -> order >= 0;
      };
    }

    private static boolean isSame(Value found, Value value) {
      if (found instanceof Value.Number number && value instanceof Value.Number other) {
        return number.bits() == other.bits();
      }
      return found.text().toLowerCase(Locale.ROOT).equals(value.text().toLowerCase(Locale.ROOT));
    }
  }

  /** Whether it can be told from the record alone, with the machine elsewhere. */
  public boolean asksEventAlone() {
    return tests.stream().noneMatch(t -> EventField.needsMachine(t.field(), kind));
  }

  /**
   * Whether an event is meant. One that does not say what a test asks is not.
   *
   * @param now the moment right after it
   */
  public boolean matches(Event event, Present now) {
    if (!kind.includes(event.what())) {
      return false;
    }
    for (Test test : tests) {
      Optional<Value> found = EventField.of(test.field(), event, now);
      if (found.isEmpty() || !test.holds(found.get())) {
        return false;
      }
    }
    return true;
  }

  /** As it is typed: {@code exit ec=0x24 level=3}. */
  public String text() {
    return kind.word() + tests.stream().map(t -> " " + t.text()).collect(Collectors.joining());
  }
}
