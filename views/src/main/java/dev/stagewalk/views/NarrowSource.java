package dev.stagewalk.views;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Source text for reading in a narrow pane: assembly is written in columns far apart, and what
 * stands right of them would be out of sight. Lines stay lines, and only blanks are left out.
 */
final class NarrowSource {
  private static final int INDENT = 2;
  private static final int MNEMONIC = 6;

  /** A label, a mnemonic or directive, and the rest; each may be missing. */
  private static final Pattern STATEMENT =
      Pattern.compile("^(\\w[\\w.$]*:)?\\s+(\\.?[A-Za-z][\\w.]*)(?:\\s+(.*))?$");

  private NarrowSource() {}

  static String of(String source) {
    return source.lines().map(NarrowSource::line).collect(Collectors.joining("\n"))
        + (source.endsWith("\n") ? "\n" : "");
  }

  private static String line(String line) {
    Matcher m = STATEMENT.matcher(line);
    if (!m.matches()) {
      String stripped = line.stripLeading();
      return stripped.length() < line.length() && !stripped.isEmpty()
          ? " ".repeat(INDENT) + stripped
          : line;
    }
    String label = m.group(1) == null ? " ".repeat(INDENT) : m.group(1) + " ";
    String rest = m.group(3) == null ? "" : rest(m.group(3));
    String word = m.group(2);
    boolean labelled = m.group(1) != null;
    String gap = " ".repeat(labelled ? 1 : Math.max(1, MNEMONIC - word.length()));
    return rest.isEmpty() ? label + word : label + word + gap + rest;
  }

  /** Operands as they are, and the comment two blanks behind them; nothing in a string changes. */
  private static String rest(String rest) {
    int comment = rest.contains("\"") ? -1 : rest.indexOf("//");
    if (comment <= 0) {
      return rest;
    }
    return rest.substring(0, comment).stripTrailing() + "  " + rest.substring(comment);
  }
}
