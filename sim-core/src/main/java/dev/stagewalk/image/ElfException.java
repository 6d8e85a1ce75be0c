package dev.stagewalk.image;

/**
 * An ELF file is not whole or contradicts itself. The message is one line: which file, at which
 * offset, why, and what would be right.
 */
public final class ElfException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param file its name
   * @param offset in bytes from the start of the file
   * @param cause why, in words
   * @param next what would be right
   */
  ElfException(String file, long offset, String cause, String next) {
    super("'" + file + "', offset 0x" + Long.toHexString(offset) + ": " + cause + "; " + next);
  }
}
