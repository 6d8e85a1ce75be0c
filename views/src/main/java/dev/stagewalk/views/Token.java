package dev.stagewalk.views;

import java.util.Locale;

/**
 * A colour by what it is for, in each theme: the one table that style sheets and canvases both use.
 * In a style sheet {@code PANE} is {@code -sw-pane}; a hue also has {@code -sw-level-0-wash}, the
 * pale fill of boxes in that hue.
 */
public enum Token {
  /** Behind the panes. */
  WINDOW(Role.SURFACE, 0x14181f, 0xeef1f5, 0x000000),
  /** Menu bar and status bar. */
  BAR(Role.SURFACE, 0x10141a, 0xe3e8ef, 0x000000),
  TOOLBAR(Role.SURFACE, 0x1b2029, 0xffffff, 0x0a0a0a),
  /** A pane. */
  PANE(Role.SURFACE, 0x1b2029, 0xffffff, 0x000000),
  /** Boxes, cards and buttons on a pane. */
  RAISED(Role.SURFACE, 0x222935, 0xf5f7fa, 0x161616),
  /** A row or box that is selected. */
  SELECTED(Role.SURFACE, 0x2b3648, 0xdce9f7, 0x20364d),
  /** A row or box the mouse is over. */
  HOVER(Role.SURFACE, 0x262e3b, 0xe9eff6, 0x1d2733),
  /** Thin lines that only separate. */
  LINE(Role.DECORATION, 0x313a48, 0xd3dae4, 0x808080),
  /** Invalid entries in a strip. */
  VOID(Role.DECORATION, 0x323c4a, 0xdbe2ea, 0x3a3a3a),

  TEXT(Role.TEXT, 0xe6e9ef, 0x1a2029, 0xffffff),
  /** Text of second rank; still readable from the last row. */
  MUTED(Role.TEXT, 0x9aa5b4, 0x556070, 0xd0d0d0),
  ACCENT(Role.HUE, 0x56b4e9, 0x0069a5, 0x6cc8ff),
  /** Text on a fill of {@link #ACCENT}. */
  ON_ACCENT(Role.ON_ACCENT, 0x0b1016, 0xffffff, 0x000000),

  LEVEL_MINUS_1(Role.HUE, 0xc3cad4, 0x4a5360, 0xe0e0e0),
  LEVEL_0(Role.HUE, 0x64a2f2, 0x003f86, 0x6aa9ff),
  LEVEL_1(Role.HUE, 0x8fdcfb, 0x0a6aa3, 0x9be4ff),
  LEVEL_2(Role.HUE, 0x2fbf8f, 0x006b50, 0x2fe0a4),
  LEVEL_3(Role.HUE, 0xf0e442, 0x6f5b00, 0xf7ef4e),

  FAULT_TRANSLATION(Role.HUE, 0xff7747, 0x9b1f00, 0xff8a5e),
  FAULT_PERMISSION(Role.HUE, 0xdd92bd, 0x8a2f68, 0xf2a6d2),
  FAULT_ACCESS_FLAG(Role.HUE, 0xf0a830, 0x995400, 0xffc14d),
  FAULT_ADDRESS_SIZE(Role.HUE, 0xf4f6f9, 0x12161c, 0xffffff),
  FAULT_OTHER(Role.HUE, 0xff8e8e, 0xb3261e, 0xffa3a3),

  /** Something went well: a check mark, an output address. */
  GOOD(Role.HUE, 0x2fbf8f, 0x006b50, 0x2fe0a4),

  /** The bar of the guest's lane on the timeline. */
  LANE_GUEST(Role.MARK, 0x5585c4, 0x4f84b6, 0x6aa9ff),

  /** Mnemonics. */
  CODE_WORD(Role.TEXT, 0x6fbdf0, 0x0059a8, 0x9be4ff),
  /** Immediate values. */
  CODE_NUMBER(Role.TEXT, 0x3fc79a, 0x00704f, 0x2fe0a4),
  CODE_COMMENT(Role.TEXT, 0x99a4b3, 0x5c6775, 0xc8c8c8),
  CODE_STRING(Role.TEXT, 0xe3a7c8, 0x8a3468, 0xf2a6d2);

  /** What a colour must satisfy. */
  enum Role {
    /** Text stands on it. */
    SURFACE,
    /** Carries no meaning. */
    DECORATION,
    /** Text: 4.5 : 1 on every surface. */
    TEXT,
    /** Text, lines and marks that carry meaning: 4.5 : 1 on every surface. */
    HUE,
    /** Only marks, never text: 3 : 1. */
    MARK,
    /** Text on the accent colour. */
    ON_ACCENT
  }

  private final Role role;
  private final int dark;
  private final int light;
  private final int contrast;

  Token(Role role, int dark, int light, int contrast) {
    this.role = role;
    this.dark = dark;
    this.light = light;
    this.contrast = contrast;
  }

  Role role() {
    return role;
  }

  /** The name in style sheets: {@code -sw-level-0}. */
  public String css() {
    return "-sw-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Style class that makes this the {@code -hue} of a node: {@code hue-level-0}. */
  public String styleClass() {
    return "hue-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  int rgb(Theme theme) {
    return switch (theme) {
      case DARK -> dark;
      case LIGHT -> light;
      case CONTRAST -> contrast;
    };
  }
}
