package dev.stagewalk.views;

import dev.stagewalk.arch.FaultKind;

/** Names, hues and symbols of levels of lookup and of faults: the same ones in every pane. */
public final class Levels {
  private Levels() {}

  /** "L3"; "L−1" with a real minus sign. */
  public static String name(int level) {
    return level < 0 ? "L\u2212" + -level : "L" + level;
  }

  /** The hue of a level of lookup, −1 to 3. */
  public static Token hue(int level) {
    return switch (level) {
      case 0 -> Token.LEVEL_0;
      case 1 -> Token.LEVEL_1;
      case 2 -> Token.LEVEL_2;
      case 3 -> Token.LEVEL_3;
      default -> Token.LEVEL_MINUS_1;
    };
  }

  /** The hue of a fault. */
  public static Token hue(FaultKind kind) {
    return switch (kind) {
      case TRANSLATION -> Token.FAULT_TRANSLATION;
      case PERMISSION -> Token.FAULT_PERMISSION;
      case ACCESS_FLAG -> Token.FAULT_ACCESS_FLAG;
      case ADDRESS_SIZE -> Token.FAULT_ADDRESS_SIZE;
      case EXTERNAL, EXTERNAL_ON_WALK, ALIGNMENT, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE ->
          Token.FAULT_OTHER;
    };
  }

  /** The symbol of a fault, so that it is never told by colour alone. */
  public static String symbol(FaultKind kind) {
    return switch (kind) {
      case TRANSLATION -> "\u25c6";
      case PERMISSION -> "\u25b2";
      case ACCESS_FLAG -> "\u25cf";
      case ADDRESS_SIZE -> "\u25a0";
      case EXTERNAL, EXTERNAL_ON_WALK, ALIGNMENT, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE -> "\u2716";
    };
  }
}
