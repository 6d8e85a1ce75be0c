package dev.stagewalk.arch;

/** A row of a table is refused. The message says in which file, at which line and why. */
public final class TableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TableException(String file, int line, String cause) {
    super(file + ":" + line + ": " + cause);
  }
}
