package dev.stagewalk.app;

import dev.stagewalk.arch.Hex;

/** Where code lies, as {@code --base} says it. */
final class CodeAddress {
  private CodeAddress() {}

  /**
   * Reads the address of an instruction.
   *
   * @throws IllegalArgumentException in words, if it is no number or no multiple of 4
   */
  static long parse(String base) {
    long address;
    try {
      address = Hex.parse(base);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--base: " + e.getMessage(), e);
    }
    if ((address & 3) != 0) {
      throw new IllegalArgumentException(
          "--base " + base + " is no multiple of 4, and instructions lie at one");
    }
    return address;
  }
}
