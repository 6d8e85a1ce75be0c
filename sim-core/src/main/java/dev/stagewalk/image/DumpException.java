package dev.stagewalk.image;

import java.nio.file.Path;

/**
 * A file cannot be read as a dump. The message is one line: which file, at which offset, why, and
 * what would be right.
 */
public final class DumpException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param cause why, in words
   * @param next what would be right
   */
  DumpException(Path file, String cause, String next) {
    super("'" + file + "' " + cause + "; " + next);
  }

  /**
   * @param offset in bytes from the start of the file
   * @param cause why, in words
   * @param next what would be right
   */
  DumpException(Path file, long offset, String cause, String next) {
    super("'" + file + "', offset 0x" + Long.toHexString(offset) + ": " + cause + "; " + next);
  }
}
