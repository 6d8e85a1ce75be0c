package dev.stagewalk.isa.asm;

/**
 * One word, number, string or piece of punctuation of a source.
 *
 * @param text as written; of a string its characters, escapes resolved, one per byte
 * @param value of a number; of a local label reference its number
 * @param line from 1
 * @param column from 1
 * @param start where it begins in the text that was split, in characters from 0
 * @param end where it ends there
 */
record Token(Kind kind, String text, long value, int line, int column, int start, int end) {

  enum Kind {
    WORD,
    NUMBER,
    /** {@code 1.5} or {@code 1.5e+00}: its text says which. */
    REAL,
    /** {@code 1b}: the nearest label 1 before. */
    BACKWARD,
    /** {@code 1f}: the nearest label 1 after. */
    FORWARD,
    STRING,
    PUNCTUATION,
    /** What the lexer could not read; its text says why. */
    BROKEN
  }

  boolean is(String punctuation) {
    return kind == Kind.PUNCTUATION && text.equals(punctuation);
  }
}
