package dev.stagewalk.isa.asm;

/**
 * The text after a macro's name or a directive that takes text: names and arguments, divided by
 * commas or by white space between two words, as GNU as divides them.
 */
final class ArgumentText {
  private final String text;
  private int at;

  ArgumentText(String text) {
    this.text = text.strip();
  }

  /** Whether nothing is left. */
  boolean atEnd() {
    skipSpace();
    return at >= text.length();
  }

  /** A name, or nothing where none is next. */
  String name() {
    skipSpace();
    int end = endOfName(text, at);
    String name = text.substring(at, end);
    at = end;
    return name;
  }

  /** The name before a =, or nothing where what is next is no keyword. */
  String keyword() {
    skipSpace();
    int end = endOfName(text, at);
    int equals = end;
    while (equals < text.length() && isSpace(text.charAt(equals))) {
      equals++;
    }
    boolean keyword = text.startsWith("=", equals) && !text.startsWith("==", equals);
    return keyword ? text.substring(at, end) : "";
  }

  boolean accept(char symbol) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == symbol) {
      at++;
      return true;
    }
    return false;
  }

  /** Passes over a comma. */
  void separator() {
    accept(',');
  }

  /** All that is left. */
  String rest() {
    skipSpace();
    String rest = text.substring(at);
    at = text.length();
    return rest;
  }

  /** Up to the next comma, white space included; of a string its characters. */
  String upToComma() {
    skipSpace();
    if (at < text.length() && text.charAt(at) == '"') {
      return string();
    }
    int comma = text.indexOf(',', at);
    int end = comma < 0 ? text.length() : comma;
    String part = text.substring(at, end).strip();
    at = end;
    return part;
  }

  /** Up to the next comma or the white space between two words; of a string its characters. */
  String argument() {
    skipSpace();
    if (at < text.length() && text.charAt(at) == '"') {
      return string();
    }
    StringBuilder argument = new StringBuilder();
    int depth = 0;
    while (at < text.length() && text.charAt(at) != ',') {
      char c = text.charAt(at);
      if (c == '"' || c == '\'') {
        int end = text.indexOf(c, at + 1);
        end = end < 0 ? text.length() : end + 1;
        argument.append(text, at, end);
        at = end;
        continue;
      }
      if (isSpace(c)) {
        int start = at;
        skipSpace();
        if (depth == 0 && dividesWords(start)) {
          break;
        }
        argument.append(' ');
        continue;
      }
      depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
      argument.append(c);
      at++;
    }
    return argument.toString().strip();
  }

  private String string() {
    int start = ++at;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    int end = Math.min(at, text.length());
    at = Math.min(at + 1, text.length());
    return text.substring(start, end).replace("\\\"", "\"");
  }

  /** White space around an operator divides nothing. */
  private boolean dividesWords(int start) {
    if (start == 0 || at >= text.length()) {
      return false;
    }
    char before = text.charAt(start - 1);
    char after = text.charAt(at);
    return (isNamePart(before) || ")]}\"'".indexOf(before) >= 0)
        && (isNamePart(after) || "#\\\"'".indexOf(after) >= 0);
  }

  private void skipSpace() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  static int endOfName(String text, int start) {
    int end = start;
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private static boolean isNamePart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '.'
        || c == '$';
  }
}
