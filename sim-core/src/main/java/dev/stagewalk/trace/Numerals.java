package dev.stagewalk.trace;

/** Numbers as the kernel prints them. */
final class Numerals {
  private Numerals() {}

  /**
   * @param hexadecimal whether digits without 0x are hexadecimal
   * @throws NumberFormatException if it is none of 64 bits
   */
  static long parse(String text, boolean hexadecimal) {
    if (text.startsWith("0x")) {
      return Long.parseUnsignedLong(text, 2, text.length(), 16);
    }
    return hexadecimal
        ? Long.parseUnsignedLong(text, 16)
        : text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
  }
}
