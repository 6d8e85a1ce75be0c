package dev.stagewalk.isa.asm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Splits a source into statements of tokens. Comments are {@code //}, {@code /* *}{@code /} and
 * lines that start with {@code #}; statements end with the line or a semicolon.
 */
final class Lexer {
  private static final Pattern REAL =
      Pattern.compile("\\d+(\\.\\d+([eE][+-]?\\d+)?|[eE][+-]?\\d+)");

  private final String text;
  private final Place place;
  private final int @Nullable [] columns;
  private int at;
  private int line;
  private int lineStart;
  private final List<Statement> statements = new ArrayList<>();
  private final List<int[]> comments = new ArrayList<>();
  private List<Token> statement = new ArrayList<>();

  Lexer(String text, Place place) {
    this(text, place, 1, null);
  }

  /**
   * Splits a piece of a source.
   *
   * @param line the line it stands in, from 1
   * @param columns the column of each of its characters, or null where it begins its line
   */
  Lexer(String text, Place place, int line, int @Nullable [] columns) {
    this.text = text;
    this.place = place;
    this.line = line;
    this.columns = columns;
  }

  /** The statements; none is empty. */
  List<Statement> statements() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        newLine();
      } else if (c == ';') {
        endStatement();
        at++;
      } else if (Character.isWhitespace(c)) {
        at++;
      } else if (text.startsWith("//", at) || (c == '#' && isLineStart())) {
        skipLine();
      } else if (text.startsWith("/*", at)) {
        skipBlock();
      } else {
        token(c);
      }
    }
    endStatement();
    return statements;
  }

  /** Start and end of each comment that {@link #statements} passed over. */
  List<int[]> comments() {
    return comments;
  }

  private void newLine() {
    endStatement();
    at++;
    line++;
    lineStart = at;
  }

  private void endStatement() {
    if (!statement.isEmpty()) {
      int start = statement.getFirst().start();
      int end = Math.max(start, Math.min(at, text.length()));
      statements.add(new Statement(List.copyOf(statement), text.substring(start, end), place));
      statement = new ArrayList<>();
    }
  }

  private boolean isLineStart() {
    return text.substring(lineStart, at).isBlank();
  }

  private void skipLine() {
    int start = at;
    while (at < text.length() && text.charAt(at) != '\n') {
      at++;
    }
    comments.add(new int[] {start, at});
  }

  private void skipBlock() {
    int start = at;
    int end = text.indexOf("*/", at + 2);
    if (end < 0) {
      at = text.length();
      add(Token.Kind.BROKEN, "a comment without its end", 0, start);
      return;
    }
    comments.add(new int[] {start, end + 2});
    for (; at < end + 2; at++) {
      if (text.charAt(at) == '\n') {
        line++;
        lineStart = at + 1;
      }
    }
  }

  private void token(char c) {
    if (isWordStart(c)) {
      int start = at;
      while (at < text.length() && isWordPart(text.charAt(at))) {
        at++;
      }
      add(Token.Kind.WORD, text.substring(start, at), 0, start);
    } else if (c >= '0' && c <= '9') {
      number();
    } else if (c == '"') {
      string();
    } else if (c == '\'') {
      character();
    } else {
      int start = at;
      at += isDouble() ? 2 : 1;
      add(Token.Kind.PUNCTUATION, text.substring(start, at), 0, start);
    }
  }

  private boolean isDouble() {
    for (String pair : List.of("<<", ">>", "==", "!=", "<>", "<=", ">=", "&&", "||")) {
      if (text.startsWith(pair, at)) {
        return true;
      }
    }
    return false;
  }

  private void number() {
    int start = at;
    Matcher real = REAL.matcher(text).region(at, text.length());
    if (real.lookingAt()) {
      at = real.end();
      add(Token.Kind.REAL, real.group(), 0, start);
      return;
    }
    while (at < text.length() && isWordPart(text.charAt(at)) && text.charAt(at) != '.') {
      at++;
    }
    String word = text.substring(start, at).replace("_", "");
    char last = word.charAt(word.length() - 1);
    String digits = word.substring(0, word.length() - 1);
    try {
      if (word.length() > 2 && (word.startsWith("0x") || word.startsWith("0X"))) {
        add(Token.Kind.NUMBER, word, Long.parseUnsignedLong(word.substring(2), 16), start);
      } else if (word.length() > 2 && (word.startsWith("0b") || word.startsWith("0B"))) {
        add(Token.Kind.NUMBER, word, Long.parseUnsignedLong(word.substring(2), 2), start);
      } else if (last == 'b' || last == 'f') {
        Token.Kind kind = last == 'b' ? Token.Kind.BACKWARD : Token.Kind.FORWARD;
        add(kind, word, Integer.parseInt(digits), start);
      } else {
        boolean octal = word.length() > 1 && word.charAt(0) == '0';
        add(Token.Kind.NUMBER, word, Long.parseUnsignedLong(word, octal ? 8 : 10), start);
      }
    } catch (NumberFormatException e) {
      add(Token.Kind.BROKEN, "'" + word + "' is no number of at most 64 bits", 0, start);
    }
  }

  private void string() {
    int start = at++;
    StringBuilder bytes = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        bytes.append(escape());
      } else {
        int character = text.codePointAt(at);
        at += Character.charCount(character);
        byte[] utf8 = Character.toString(character).getBytes(StandardCharsets.UTF_8);
        bytes.append(new String(utf8, StandardCharsets.ISO_8859_1));
      }
    }
    if (at >= text.length() || text.charAt(at) != '"') {
      add(Token.Kind.BROKEN, "a string without its closing \"", 0, start);
      return;
    }
    at++;
    add(Token.Kind.STRING, bytes.toString(), 0, start);
  }

  private void character() {
    int start = at++;
    if (at >= text.length() || text.charAt(at) == '\n') {
      add(Token.Kind.BROKEN, "a character constant without its character", 0, start);
      return;
    }
    char value = text.charAt(at) == '\\' && at + 1 < text.length() ? escape() : text.charAt(at++);
    if (at < text.length() && text.charAt(at) == '\'') {
      at++;
    }
    add(Token.Kind.NUMBER, text.substring(start, at), value, start);
  }

  /** Reads a backslash and what follows; gives one byte. */
  private char escape() {
    at++;
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'x', 'X' -> digits(16, 8);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        at--;
        yield digits(8, 3);
      }
      default -> c;
    };
  }

  private char digits(int radix, int most) {
    int value = 0;
    for (int i = 0; i < most && at < text.length(); i++) {
      int digit = Character.digit(text.charAt(at), radix);
      if (digit < 0) {
        break;
      }
      value = value * radix + digit;
      at++;
    }
    return (char) (value & 0xff);
  }

  private void add(Token.Kind kind, String word, long value, int start) {
    int column = columns == null ? start - lineStart + 1 : columns[start];
    statement.add(new Token(kind, word, value, line, column, start, at));
  }

  private static boolean isWordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '$';
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || (c >= '0' && c <= '9');
  }
}
