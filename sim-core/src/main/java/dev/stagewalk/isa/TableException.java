package dev.stagewalk.isa;

/** A row of the instruction table that cannot be used, with file, line and cause. */
public final class TableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TableException(String file, int line, String cause) {
    super(file + ":" + line + ": " + cause);
  }
}
