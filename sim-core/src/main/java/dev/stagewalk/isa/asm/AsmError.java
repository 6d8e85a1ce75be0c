package dev.stagewalk.isa.asm;

/**
 * A place in a source that cannot be assembled.
 *
 * @param line from 1
 * @param column from 1
 * @param message what was expected or is wrong there
 */
public record AsmError(String source, int line, int column, String message) {
  @Override
  public String toString() {
    return source + ":" + line + ":" + column + ": " + message;
  }
}
