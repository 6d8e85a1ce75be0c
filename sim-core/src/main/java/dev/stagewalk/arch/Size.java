package dev.stagewalk.arch;

/** How sizes are written for people: in the largest binary unit that leaves no remainder. */
public final class Size {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Size() {}

  /** {@code 2 MiB}, {@code 512 GiB}, {@code 16 bytes}; the value counts as unsigned. */
  public static String words(long bytes) {
    int unit = bytes == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(bytes) / 10, UNITS.length - 1);
    return Long.toUnsignedString(bytes >>> (10 * unit)) + " " + UNITS[unit];
  }
}
