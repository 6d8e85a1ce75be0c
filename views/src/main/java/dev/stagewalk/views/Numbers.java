package dev.stagewalk.views;

import java.util.Locale;

/** Decimal numbers as people read them. */
public final class Numbers {
  private Numbers() {}

  /** "18 364", with spaces that do not break. */
  public static String grouped(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', '\u00a0');
  }

  /** "212 M", "3.4 k", "17": three digits and a unit. */
  public static String scaled(double value) {
    String[] units = {"", " k", " M", " G", " T"};
    double rest = value;
    int unit = 0;
    while (rest >= 1000 && unit < units.length - 1) {
      rest /= 1000;
      unit++;
    }
    String digits =
        unit == 0 || rest >= 100
            ? String.format(Locale.ROOT, "%.0f", rest)
            : String.format(Locale.ROOT, "%.1f", rest);
    return digits + units[unit];
  }

  /** "1.2 MB", in units of 1,000. */
  public static String bytes(long bytes) {
    return scaled(bytes) + (bytes < 1000 ? " B" : "B");
  }
}
