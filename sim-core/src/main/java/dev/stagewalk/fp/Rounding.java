package dev.stagewalk.fp;

/**
 * How a result that a format cannot hold is rounded.
 *
 * <p>Source: Arm ARM, FPCR.RMode; shared pseudocode type {@code FPRounding}.
 */
public enum Rounding {
  TIES_TO_EVEN,
  TOWARDS_PLUS_INFINITY,
  TOWARDS_MINUS_INFINITY,
  TOWARDS_ZERO,
  TIES_AWAY_FROM_ZERO,
  TO_ODD;

  private static final long HALF = Long.MIN_VALUE;

  /** What FPCR.RMode says, 0 to 3. */
  static Rounding ofMode(int mode) {
    return switch (mode) {
      case 0 -> TIES_TO_EVEN;
      case 1 -> TOWARDS_PLUS_INFINITY;
      case 2 -> TOWARDS_MINUS_INFINITY;
      default -> TOWARDS_ZERO;
    };
  }

  /**
   * A magnitude after rounding.
   *
   * @param rest what was cut off, as an unsigned fraction of 2<sup>64</sup>
   */
  long rounded(boolean negative, long magnitude, long rest) {
    if (this == TO_ODD) {
      return rest != 0 ? magnitude | 1 : magnitude;
    }
    boolean up =
        switch (this) {
          case TIES_TO_EVEN ->
              rest == HALF ? (magnitude & 1) != 0 : Long.compareUnsigned(rest, HALF) > 0;
          case TIES_AWAY_FROM_ZERO -> Long.compareUnsigned(rest, HALF) >= 0;
          case TOWARDS_PLUS_INFINITY -> !negative && rest != 0;
          case TOWARDS_MINUS_INFINITY -> negative && rest != 0;
          case TOWARDS_ZERO, TO_ODD -> false;
        };
    return up ? magnitude + 1 : magnitude;
  }

  /** Whether what is greater than the greatest number becomes infinity. */
  boolean overflowsToInfinity(boolean negative) {
    return switch (this) {
      case TIES_TO_EVEN, TIES_AWAY_FROM_ZERO -> true;
      case TOWARDS_PLUS_INFINITY -> !negative;
      case TOWARDS_MINUS_INFINITY -> negative;
      case TOWARDS_ZERO, TO_ODD -> false;
    };
  }
}
