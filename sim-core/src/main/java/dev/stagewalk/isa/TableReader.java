package dev.stagewalk.isa;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of the instruction table from their text. It refuses what it does not understand,
 * what leaves a bit open, and rows that claim the same word.
 */
final class TableReader {
  private final Map<String, OperandNames> names;
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Place> places = new LinkedHashMap<>();

  private record Place(
      String file,
      int line,
      BitPattern pattern,
      List<Condition> conditions,
      @Nullable String within) {}

  /** A row whose spellings are still being read. */
  private record Head(
      String file,
      int line,
      String name,
      String semantics,
      BitPattern pattern,
      Row.Traits traits,
      List<Condition> conditions,
      List<Syntax> syntaxes) {}

  TableReader(Map<String, OperandNames> names) {
    this.names = names;
  }

  /**
   * Reads one file's rows.
   *
   * @throws TableException at the first line that is ill-formed
   */
  void read(String file, List<String> lines) {
    Head head = null;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      try {
        if (!line.startsWith(" ")) {
          finish(head);
          head = head(file, i + 1, columns(line));
        } else if (head == null) {
          throw new IllegalArgumentException("a spelling before the first row");
        } else {
          spelling(head, columns(line));
        }
      } catch (IllegalArgumentException e) {
        throw new TableException(file, i + 1, String.valueOf(e.getMessage()));
      }
    }
    finish(head);
  }

  /**
   * All rows read, in their order.
   *
   * @throws TableException where two rows claim one word and neither says it stands within the
   *     other
   */
  List<Row> rows() {
    List<Map.Entry<String, Place>> all = List.copyOf(places.entrySet());
    for (int i = 0; i < all.size(); i++) {
      Place one = all.get(i).getValue();
      if (one.within() != null && !places.containsKey(one.within())) {
        throw new TableException(one.file(), one.line(), "no row is named " + one.within());
      }
      for (int j = 0; j < i; j++) {
        Place other = all.get(j).getValue();
        if (one.pattern().overlaps(other.pattern())
            && !excludes(one, other)
            && !excludes(other, one)
            && !stands(one, all.get(j).getKey(), other)
            && !stands(other, all.get(i).getKey(), one)) {
          throw new TableException(
              one.file(),
              one.line(),
              "claims words of "
                  + all.get(j).getKey()
                  + " ("
                  + other.file()
                  + ":"
                  + other.line()
                  + ")");
        }
      }
    }
    return List.copyOf(rows);
  }

  /** Whether a condition of the one holds for no word that has the fixed bits of the other. */
  private static boolean excludes(Place one, Place other) {
    return one.conditions().stream()
        .anyMatch(condition ->
            condition instanceof Condition.Comparison comparison
                && comparison.neverHolds(other.pattern()));
  }

  private static boolean stands(Place inner, String outerName, Place outer) {
    return outerName.equals(inner.within()) && inner.pattern().isInside(outer.pattern());
  }

  private Head head(String file, int line, List<String> columns) {
    if (columns.size() < 3 || columns.size() > 5) {
      throw new IllegalArgumentException(
          "expected name | bits | semantics | attributes | constraints");
    }
    String name = columns.get(0);
    if (!name.matches("[a-z]\\w*") || places.containsKey(name)) {
      throw new IllegalArgumentException("'" + name + "' is no name, or stands twice");
    }
    BitPattern pattern = BitPattern.parse(columns.get(1));
    RowText text = new RowText(pattern.fields(), names);
    Row.Traits traits = text.traits(columns.size() > 3 ? columns.get(3) : "");
    List<Condition> conditions = text.conditions(columns.size() > 4 ? columns.get(4) : "", traits);
    places.put(name, new Place(file, line, pattern, conditions, traits.within()));
    return new Head(
        file, line, name, columns.get(2), pattern, traits, conditions, new ArrayList<>());
  }

  private void spelling(Head head, List<String> columns) {
    RowText text = new RowText(head.pattern().fields(), names);
    boolean printed = !columns.getLast().equals("parse");
    int own = columns.size() - (printed ? 0 : 1);
    if (own < 1 || own > 2) {
      throw new IllegalArgumentException("expected template | conditions | parse");
    }
    String conditions = own == 2 ? columns.get(1) : "";
    head.syntaxes()
        .addAll(
            new TemplateReader(text, head.traits())
                .syntaxes(columns.get(0), text.conditions(conditions, head.traits()), printed));
  }

  private void finish(@Nullable Head head) {
    if (head == null) {
      return;
    }
    Row row =
        new Row(
            rows.size(),
            head.name(),
            head.semantics(),
            head.pattern(),
            head.traits(),
            head.conditions(),
            List.copyOf(head.syntaxes()));
    if (row.syntaxes().stream().noneMatch(Syntax::printed)) {
      throw new TableException(head.file(), head.line(), "has no spelling to print");
    }
    for (Syntax syntax : row.syntaxes()) {
      int open = ~syntax.mask(row);
      if (open != 0) {
        throw new TableException(
            head.file(),
            head.line(),
            "the spelling '" + syntax.mnemonic() + "' leaves bits 0x" + Integer.toHexString(open));
      }
    }
    rows.add(row);
  }

  private static List<String> columns(String line) {
    return Arrays.stream(line.split("\\s\\|(?=\\s|$)")).map(String::strip).toList();
  }
}
