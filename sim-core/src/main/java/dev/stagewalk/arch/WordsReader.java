package dev.stagewalk.arch;

import dev.stagewalk.arch.RowFile.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of named values: {@code 0b00 = Non-shareable | 0b01 = reserved} or {@code rest = x}.
 */
final class WordsReader {
  private final Row head;

  WordsReader(Row head) {
    this.head = head;
  }

  ValueWords readAll(List<Row> rows) {
    List<ValueWords.Entry> entries = new ArrayList<>();
    String rest = null;
    for (Row row : rows) {
      String line =
          String.join(" ", row.words()) + (row.text().isEmpty() ? "" : " : " + row.text());
      for (String part : line.split("\\|", -1)) {
        int equals = part.indexOf('=');
        if (equals < 0 || part.substring(equals + 1).isBlank()) {
          throw row.refuse("expected 'VALUE = words', not '" + part.strip() + "'");
        }
        String value = part.substring(0, equals).strip();
        String words = part.substring(equals + 1).strip();
        if (!value.equals("rest")) {
          entries.add(entry(row, value, words));
        } else if (rest != null) {
          throw row.refuse("'rest' stands twice");
        } else {
          rest = words;
        }
      }
    }
    return finish(entries, rest);
  }

  private ValueWords finish(List<ValueWords.Entry> entries, @Nullable String rest) {
    if (entries.isEmpty()) {
      throw head.refuse("an enum names at least one value");
    }
    return new ValueWords(entries, rest);
  }

  private static ValueWords.Entry entry(Row row, String value, String words) {
    int dots = value.indexOf("..");
    long first = row.number(dots < 0 ? value : value.substring(0, dots));
    long last = dots < 0 ? first : row.number(value.substring(dots + 2));
    if (first < 0 || last < first) {
      throw row.refuse("'" + value + "' is not a value or a range of values, low first");
    }
    return new ValueWords.Entry(first, last, words);
  }
}
