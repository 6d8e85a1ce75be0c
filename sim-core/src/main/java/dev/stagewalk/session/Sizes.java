package dev.stagewalk.session;

/** Sizes in words. */
public final class Sizes {
  private Sizes() {}

  /** "4 KiB", "2 MiB", "24 bytes": the largest unit that divides it. */
  public static String words(long bytes) {
    String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = 0;
    long rest = bytes;
    while (unit < units.length - 1 && rest != 0 && (rest & 1023) == 0) {
      rest >>>= 10;
      unit++;
    }
    return Long.toUnsignedString(rest) + " " + units[unit];
  }
}
