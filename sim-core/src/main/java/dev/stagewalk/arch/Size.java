package dev.stagewalk.arch;

import java.util.Locale;

/** How sizes are written for people: in the largest binary unit that leaves no remainder. */
public final class Size {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Size() {}

  /**
   * Reads a size such as {@code 4K}, {@code 2 MiB}, {@code 0x1000}.
   *
   * @throws IllegalArgumentException in words
   */
  public static long parse(String text) {
    String typed = text.strip().toUpperCase(Locale.ROOT).replace(" ", "");
    String digits = typed.startsWith("0X") ? typed : typed.replaceFirst("(I?B|BYTES)$", "");
    int shift =
        digits.startsWith("0X") || digits.isEmpty()
            ? 0
            : switch (digits.charAt(digits.length() - 1)) {
              case 'K' -> 10;
              case 'M' -> 20;
              case 'G' -> 30;
              case 'T' -> 40;
              default -> 0;
            };
    if (shift > 0) {
      digits = digits.substring(0, digits.length() - 1);
    }
    try {
      return Math.multiplyExact(Hex.parse(digits), 1L << shift);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "'" + text.strip() + "' is not a size, such as 4K, 2M or 0x1000", e);
    }
  }

  /** {@code 2 MiB}, {@code 512 GiB}, {@code 16 bytes}; the value counts as unsigned. */
  public static String words(long bytes) {
    int unit = bytes == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(bytes) / 10, UNITS.length - 1);
    return Long.toUnsignedString(bytes >>> (10 * unit)) + " " + UNITS[unit];
  }
}
