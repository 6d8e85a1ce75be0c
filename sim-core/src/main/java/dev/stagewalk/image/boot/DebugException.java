package dev.stagewalk.image.boot;

/** Debug information cannot be read; the message says why. The program can run without it. */
final class DebugException extends Exception {
  private static final long serialVersionUID = 1L;

  DebugException(String why) {
    super(why);
  }
}
