package dev.stagewalk.isa.asm;

import java.util.List;
import java.util.Locale;

/**
 * One statement.
 *
 * @param tokens never empty
 * @param text as it was written, from its first token on: what a macro puts its arguments into
 */
record Statement(List<Token> tokens, String text, Place place) {

  /** Where what is to be done stands: after the labels. */
  int command() {
    int at = 0;
    while (at + 1 < tokens.size() && tokens.get(at + 1).is(":") && isLabel(tokens.get(at))) {
      at += 2;
    }
    return at;
  }

  /** The directive or mnemonic in lower case, or nothing where there is none. */
  String word() {
    int at = command();
    return at < tokens.size() && tokens.get(at).kind() == Token.Kind.WORD
        ? tokens.get(at).text().toLowerCase(Locale.ROOT)
        : "";
  }

  int line() {
    return tokens.getFirst().line();
  }

  /** The line of the main source that it belongs to. */
  int outerLine() {
    return place.outer(line());
  }

  /** An error of the statement as a whole. */
  AsmError error(String message) {
    Token first = tokens.get(Math.min(command(), tokens.size() - 1));
    return place.error(first.line(), first.column(), message);
  }

  private static boolean isLabel(Token token) {
    return token.kind() == Token.Kind.WORD || token.kind() == Token.Kind.NUMBER;
  }
}
