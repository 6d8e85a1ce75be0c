package dev.stagewalk.image.boot;

import dev.stagewalk.image.ElfException;

/**
 * An image or a device tree cannot be booted. The message is one line: which file, at which offset,
 * why, and what would be right.
 */
public final class ImageException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param file its name
   * @param cause why, in words
   * @param next what would be right
   */
  public ImageException(String file, String cause, String next) {
    super("'" + file + "' " + cause + "; " + next);
  }

  /**
   * @param file its name
   * @param offset in bytes from the start of the file
   * @param cause why, in words
   * @param next what would be right
   */
  ImageException(String file, long offset, String cause, String next) {
    super("'" + file + "', offset 0x" + Long.toHexString(offset) + ": " + cause + "; " + next);
  }

  /** Of an ELF program that is not whole. */
  ImageException(ElfException cause) {
    super(cause.getMessage(), cause);
  }
}
