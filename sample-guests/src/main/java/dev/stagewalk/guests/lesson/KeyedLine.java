package dev.stagewalk.guests.lesson;

import java.util.ArrayList;
import java.util.List;

/**
 * One {@code key: value} of a content file. A value goes on in the lines below it that are
 * indented; an indented line that is empty but for a dot begins a new paragraph. Lines that are
 * empty or begin with {@code #} say nothing.
 *
 * @param file its name, for errors
 * @param line of the key, from 1
 */
record KeyedLine(String file, int line, String key, String value) {
  private static final String PARAGRAPH = ".";

  ContentException refuse(String cause) {
    return new ContentException(file, line, cause);
  }

  /** The error of something in the value, with the place added. */
  ContentException refuse(IllegalArgumentException cause) {
    return refuse(key + ": " + cause.getMessage());
  }

  /**
   * Reads a file.
   *
   * @throws ContentException at the first line that is neither
   */
  static List<KeyedLine> parse(String file, String text) {
    List<KeyedLine> found = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (Character.isWhitespace(line.charAt(0))) {
        if (found.isEmpty()) {
          throw new ContentException(file, number, "an indented line goes on with nothing");
        }
        found.add(found.removeLast().longer(line.strip()));
        continue;
      }
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw new ContentException(
            file, number, "expected 'key: value', or an indented line that goes on");
      }
      found.add(
          new KeyedLine(
              file, number, line.substring(0, colon).strip(), line.substring(colon + 1).strip()));
    }
    return found;
  }

  private KeyedLine longer(String more) {
    String joined =
        more.equals(PARAGRAPH)
            ? value + "\n"
            : value + (value.isEmpty() || value.endsWith("\n") ? "" : " ") + more;
    return new KeyedLine(file, line, key, joined);
  }
}
