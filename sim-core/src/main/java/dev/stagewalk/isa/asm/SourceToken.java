package dev.stagewalk.isa.asm;

/**
 * A part of a source that has a meaning of its own, for a source pane to colour.
 *
 * @param start in characters from the beginning of the text
 * @param end behind its last character
 */
public record SourceToken(Kind kind, int start, int end) {

  /** What it is. Punctuation is nothing of its own. */
  public enum Kind {
    COMMENT,
    STRING,
    /** A label where it is defined, without the colon. */
    LABEL,
    DIRECTIVE,
    /** An instruction that the table knows, or a macro of this source. */
    MNEMONIC,
    REGISTER,
    /** With the # before it. */
    NUMBER,
    /** Any other word: a symbol, a condition, the name of an operation. */
    SYMBOL,
    /** What cannot be read, or a mnemonic that is none. */
    BROKEN
  }
}
