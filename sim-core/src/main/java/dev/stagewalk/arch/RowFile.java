package dev.stagewalk.arch;

import java.util.ArrayList;
import java.util.List;

/**
 * A text of rows, cut into statements: a line that starts at the margin is the head of one, the
 * indented lines that follow are its body. Empty lines and lines that start with {@code #} say
 * nothing.
 */
record RowFile(String name, List<Statement> statements) {

  /** One line: the words before the first colon, and the text after it. */
  record Row(String file, int line, List<String> words, String text) {

    TableException refuse(String cause) {
      return new TableException(file, line, cause);
    }

    String word(int index, String what) {
      if (index >= words.size()) {
        throw refuse("expected " + what + " after '" + String.join(" ", words) + "'");
      }
      return words.get(index);
    }

    boolean starts(String word) {
      return words.getFirst().equals(word);
    }

    /** A number as rows write it: decimal, 0x or 0b, underscores allowed. */
    long number(String text) {
      String digits = text.replace("_", "");
      try {
        if (digits.startsWith("0x")) {
          return Long.parseUnsignedLong(digits, 2, digits.length(), 16);
        }
        if (digits.startsWith("0b")) {
          return Long.parseUnsignedLong(digits, 2, digits.length(), 2);
        }
        return Long.parseLong(digits);
      } catch (NumberFormatException e) {
        throw refuse("'" + text + "' is not a number");
      }
    }

    int smallNumber(String text) {
      long n = number(text);
      if (n < -64 || n > 128) {
        throw refuse("'" + text + "' is out of range here");
      }
      return (int) n;
    }
  }

  record Statement(Row head, List<Row> body) {}

  static RowFile parse(String name, String content) {
    List<Statement> statements = new ArrayList<>();
    int number = 0;
    for (String line : content.lines().toList()) {
      number++;
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      Row row = row(name, number, line);
      if (!Character.isWhitespace(line.charAt(0))) {
        statements.add(new Statement(row, new ArrayList<>()));
      } else if (statements.isEmpty()) {
        throw row.refuse("an indented line has no statement above it");
      } else {
        statements.getLast().body().add(row);
      }
    }
    return new RowFile(name, statements);
  }

  private static Row row(String file, int number, String line) {
    // Bit ranges hold colons too (18:16): the text starts at a colon with a space before it.
    int colon = line.indexOf(" : ");
    String before = colon < 0 ? line : line.substring(0, colon);
    String text = colon < 0 ? "" : line.substring(colon + 3).strip();
    return new Row(file, number, List.of(before.strip().split("\\s+")), text);
  }
}
