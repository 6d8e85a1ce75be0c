package dev.stagewalk.arch;

import java.util.Locale;

/** How numbers are written for people: hexadecimal, grouped by four digits. */
public final class Hex {
  private Hex() {}

  /** All 64 bits: {@code 0x0000_0000_4020_3000}. */
  public static String full(long value) {
    return group(String.format(Locale.ROOT, "%016x", value));
  }

  /** At least 32 bits, more if the value needs them: {@code 0x4020_3000}. */
  public static String address(long value) {
    String digits = Long.toHexString(value);
    int width = Math.max(8, (digits.length() + 3) / 4 * 4);
    return group("0".repeat(width - digits.length()) + digits);
  }

  /** No leading zeros and no grouping: {@code 0x93c28047}; for machine-readable text. */
  public static String plain(long value) {
    return "0x" + Long.toHexString(value);
  }

  /** An immediate as sources write it: one digit as it is, more in hexadecimal. */
  public static String immediate(long value) {
    return value >= 0 && value <= 9 ? Long.toString(value) : plain(value);
  }

  /**
   * Reads a number as people type it: {@code 0x}-hexadecimal or decimal, with underscores, unsigned
   * up to 64 bits.
   *
   * @throws NumberFormatException if it is none; the message shows the text and an example
   */
  public static long parse(String text) {
    String digits = text.strip().replace("_", "");
    try {
      if (digits.startsWith("0x") || digits.startsWith("0X")) {
        return Long.parseUnsignedLong(digits.substring(2), 16);
      }
      return Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      throw new NumberFormatException(
          "'" + text + "' is not a number of at most 64 bits, such as 0x4020_3000 or 4096");
    }
  }

  private static String group(String digits) {
    StringBuilder out = new StringBuilder("0x");
    for (int i = 0; i < digits.length(); i++) {
      if (i > 0 && (digits.length() - i) % 4 == 0) {
        out.append('_');
      }
      out.append(digits.charAt(i));
    }
    return out.toString();
  }
}
