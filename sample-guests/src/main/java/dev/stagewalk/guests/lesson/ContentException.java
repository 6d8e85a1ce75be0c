package dev.stagewalk.guests.lesson;

/** A content file says something that cannot be understood or is not so. */
public final class ContentException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param file its name
   * @param line from 1; 0 for the file as a whole
   * @param cause what is wrong and what was expected
   */
  ContentException(String file, int line, String cause) {
    super(file + (line == 0 ? ": " : ":" + line + ": ") + cause);
  }
}
