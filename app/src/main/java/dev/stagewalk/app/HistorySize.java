package dev.stagewalk.app;

import dev.stagewalk.app.tables.Sizes;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.History;
import java.util.Locale;

/** How much memory the history of a run may take: as it is typed, and in words. */
final class HistorySize {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

  private HistorySize() {}

  /**
   * Reads a budget.
   *
   * @return bytes, as much as half of the heap affords at most
   * @throws IllegalArgumentException in words
   */
  static long parse(String text) {
    long bytes = Sizes.parse(text);
    long most = Runtime.getRuntime().maxMemory() / 2;
    if (bytes < History.LEAST_BUDGET) {
      throw new IllegalArgumentException(
          "a history takes at least " + words(History.LEAST_BUDGET) + ", and this is less");
    }
    if (bytes > most) {
      throw new IllegalArgumentException(
          words(bytes)
              + " is more than half of what Java may take here, which is "
              + words(most)
              + ": give less, or start with JAVA_TOOL_OPTIONS=-Xmx"
              + ((2 * bytes + (1 << 20) - 1) >>> 20)
              + "m");
    }
    return bytes;
  }

  /** The budget where nobody has set one, and why it is as much as that. */
  static String usual() {
    long usual = History.usualBudget();
    return usual == History.BUDGET
        ? words(usual)
        : words(usual) + ", half of what Java may take here";
  }

  /** What the history of a run takes of what it may take. */
  static String used(Snapshot now) {
    return words(now.historyBytes()) + " of " + words(now.historyBudget());
  }

  /** Whether even the least there can be is more than the budget. */
  static boolean isTooSmall(Snapshot now) {
    return now.historyBytes() > now.historyBudget() + now.historyBudget() / 8;
  }

  /** From where on the run can be gone back to, and what that costs. */
  static String begins(Snapshot now) {
    String start =
        "The history begins at 0: its first state and the present one are always kept, and every"
            + " moment can be gone to.";
    return isTooSmall(now) ? start + " These alone take more than the budget." : start;
  }

  /** Three digits and a binary unit. */
  static String words(long bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 1000 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String form =
        value >= 100 || value == Math.rint(value) ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, value) + " " + UNITS[unit];
  }
}
