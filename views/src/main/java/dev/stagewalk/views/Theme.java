package dev.stagewalk.views;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.util.Locale;
import javafx.scene.paint.Color;

/** The colours of the program. */
public enum Theme {
  DARK("Dark"),
  LIGHT("Light"),
  CONTRAST("High contrast");

  /** How much of a hue is in the fill of a box that is outlined in it. */
  private static final double WASH = 0.18;

  private final String words;

  Theme(String words) {
    this.words = words;
  }

  /** For a menu. */
  public String words() {
    return words;
  }

  public boolean isDark() {
    return this != LIGHT;
  }

  public Color color(Token token) {
    int rgb = token.rgb(this);
    return Color.rgb(rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff);
  }

  /** The pale fill that goes with a hue. */
  public Color wash(Token hue) {
    return color(Token.PANE).interpolate(color(hue), WASH);
  }

  /** Style sheet of the controls that ours stands on. */
  String base() {
    return isDark()
        ? new PrimerDark().getUserAgentStylesheet()
        : new PrimerLight().getUserAgentStylesheet();
  }

  /** Declarations of every token, and of the names that other libraries' style sheets use. */
  String declarations() {
    StringBuilder css = new StringBuilder();
    for (Token token : Token.values()) {
      css.append(token.css()).append(": ").append(web(color(token))).append(";\n");
      if (token.role() == Token.Role.HUE) {
        css.append(token.css()).append("-wash: ").append(web(wash(token))).append(";\n");
      }
    }
    return css.append(ALIASES).toString();
  }

  /** One style class a hue, which makes it the {@code -hue} of a node and what is in it. */
  static String hueClasses() {
    StringBuilder css = new StringBuilder();
    for (Token token : Token.values()) {
      if (token.role() == Token.Role.HUE) {
        css.append(
            String.format(
                Locale.ROOT,
                ".%s { -hue: %s; -hue-wash: %s-wash; }\n",
                token.styleClass(),
                token.css(),
                token.css()));
      }
    }
    return css.toString();
  }

  static String web(Color color) {
    return String.format(
        Locale.ROOT,
        "#%02x%02x%02x",
        Math.round(color.getRed() * 255),
        Math.round(color.getGreen() * 255),
        Math.round(color.getBlue() * 255));
  }

  /** AtlantaFX's own tokens first, then Modena's, which ControlsFX still looks up. */
  private static final String ALIASES =
      """
      -color-fg-default: -sw-text;
      -color-fg-muted: -sw-muted;
      -color-fg-subtle: -sw-muted;
      -color-bg-default: -sw-pane;
      -color-bg-overlay: -sw-raised;
      -color-bg-subtle: -sw-raised;
      -color-bg-inset: -sw-window;
      -color-border-default: -sw-line;
      -color-border-muted: -sw-line;
      -color-border-subtle: -sw-line;
      -color-accent-fg: -sw-accent;
      -color-accent-emphasis: -sw-accent;
      -color-accent-muted: -sw-selected;
      -color-accent-subtle: -sw-selected;
      -color-cell-bg-selected: -sw-selected;
      -color-cell-bg-selected-focused: -sw-selected;
      -fx-base: -sw-raised;
      -fx-background: -sw-pane;
      -fx-control-inner-background: -sw-pane;
      -fx-control-inner-background-alt: -sw-raised;
      -fx-accent: -sw-accent;
      -fx-selection-bar: -sw-selected;
      -fx-text-base-color: -sw-text;
      -fx-text-background-color: -sw-text;
      -fx-text-inner-color: -sw-text;
      -fx-box-border: -sw-line;
      -fx-text-box-border: -sw-line;
      -fx-inner-border: -sw-line;
      -fx-outer-border: -sw-line;
      -fx-body-color: -sw-raised;
      -fx-mark-color: -sw-muted;
      -fx-mark-highlight-color: -sw-pane;
      -fx-shadow-highlight-color: transparent;
      -fx-focus-color: -sw-accent;
      -fx-faint-focus-color: -sw-selected;
      """;
}
