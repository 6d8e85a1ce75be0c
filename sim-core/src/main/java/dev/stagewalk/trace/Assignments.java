package dev.stagewalk.trace;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fields written as {@code name=value} or {@code name: value}: the trace option {@code fields},
 * {@code trace-cmd report -R}, {@code perf trace}, and the bodies made of other sources.
 */
final class Assignments {
  private static final Pattern FIELD =
      Pattern.compile(
          "(?<name>[A-Za-z_]\\w*)(?<sign>=|: )"
              + "(?<value>\\(0x\\p{XDigit}+:[^)]*\\)|(?:\\s*)[^\\s,]*)(?: \\((?<also>-?\\d+)\\))?");

  private Assignments() {}

  /**
   * Reads what is there.
   *
   * @param event its name, by which the table knows what is hexadecimal without 0x
   */
  static void read(String event, String body, TraceFields.Builder into) {
    Matcher m = FIELD.matcher(body);
    while (m.find()) {
      String name = m.group("name");
      String value = m.group("value").strip();
      if (value.startsWith("(0x") && value.endsWith(")")) {
        into.text(name, value.substring(value.indexOf(':') + 1, value.length() - 1));
        continue;
      }
      String digits =
          value.matches("\\(-?\\d+\\)") ? value.substring(1, value.length() - 1) : value;
      boolean hexadecimal =
          m.group("sign").equals("=") && KvmEvents.TABLE.isHexadecimal(event, name);
      try {
        into.number(name, digits, Numerals.parse(digits, hexadecimal));
      } catch (NumberFormatException e) {
        into.text(name, value);
      }
    }
  }
}
