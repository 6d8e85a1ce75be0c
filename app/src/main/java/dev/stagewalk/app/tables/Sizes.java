package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Hex;
import java.util.Locale;

/** Amounts of memory as they are typed. */
public final class Sizes {
  private Sizes() {}

  /**
   * Reads an amount such as {@code 4G}, {@code 512MiB} or {@code 0x10000}.
   *
   * @return at least 1
   * @throws IllegalArgumentException in words
   */
  public static long parse(String text) {
    String digits = text.strip().toUpperCase(Locale.ROOT);
    int unit = digits.startsWith("0X") ? -1 : "KMGT".indexOf(unitOf(digits));
    if (unit >= 0) {
      digits = digits.replaceFirst("[KMGT](IB|B)?$", "");
    }
    try {
      long value = Math.multiplyExact(Hex.parse(digits), 1L << (10 * (unit + 1)));
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException | ArithmeticException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not an amount of memory, such as 512M, 4G or 0x10000");
  }

  private static char unitOf(String digits) {
    String bare = digits.replaceFirst("(IB|B)$", "");
    return bare.isEmpty() ? ' ' : bare.charAt(bare.length() - 1);
  }
}
