package dev.stagewalk.arch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that look like what somebody typed. */
public final class Alike {
  private static final int MOST = 5;

  private Alike() {}

  private record Near(String name, int distance) {}

  /**
   * The names near to what was typed, in any case, the nearest first; at most five, none if nothing
   * is near.
   */
  public static List<String> to(String typed, Collection<String> names) {
    String wanted = key(typed);
    List<Near> near = new ArrayList<>();
    for (String name : names) {
      String candidate = key(name);
      int distance = distance(wanted, candidate);
      if (!wanted.isEmpty() && (candidate.startsWith(wanted) || wanted.startsWith(candidate))) {
        distance = Math.min(distance, 1);
      }
      if (distance <= 1 + wanted.length() / 4) {
        near.add(new Near(name, distance));
      }
    }
    near.sort(Comparator.comparingInt(Near::distance));
    return near.stream().limit(MOST).map(Near::name).toList();
  }

  /** "; did you mean A, B?", or nothing if nothing is alike. */
  public static String question(List<String> alike) {
    return alike.isEmpty() ? "" : "; did you mean " + String.join(", ", alike) + "?";
  }

  /**
   * What to say after a name that is none: the names it looks like if there are any, and then all.
   */
  public static String choice(String typed, Collection<String> names) {
    List<String> alike = to(typed, names);
    return question(alike)
        + (alike.isEmpty() ? "; there are " : " There are ")
        + String.join(", ", names);
  }

  /** How many letters must be changed, added, taken away or swapped with their neighbour. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  private static String key(String name) {
    return name.strip().toUpperCase(Locale.ROOT);
  }
}
