package dev.stagewalk.views;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javafx.application.Application;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Scene;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;

/**
 * How everything looks now: theme, scale, fonts. Style sheets and canvases follow it live.
 *
 * <p>All sizes are in em, so that one number scales the program: a style sheet writes {@code 1em},
 * a canvas asks {@link #em()}.
 */
public final class Look {
  /** Pixels of an em at 100 %. */
  private static final double EM = 13;

  private static final double SMALLEST = 0.7;
  private static final double LARGEST = 3;

  private static final List<String> TEXT_FAMILIES =
      List.of(
          "Inter",
          "Segoe UI",
          "SF Pro Text",
          "Helvetica Neue",
          "Cantarell",
          "Noto Sans",
          "DejaVu Sans",
          "Liberation Sans");
  private static final List<String> CODE_FAMILIES =
      List.of(
          "JetBrains Mono",
          "Cascadia Mono",
          "SF Mono",
          "Menlo",
          "Consolas",
          "Noto Sans Mono",
          "DejaVu Sans Mono",
          "Liberation Mono");

  private final ObjectProperty<Theme> theme = new SimpleObjectProperty<>(Theme.DARK);
  private final DoubleProperty scale = new SimpleDoubleProperty(1);
  private final String textFamily = firstOf(TEXT_FAMILIES, "System");
  private final String codeFamily = firstOf(CODE_FAMILIES, "Monospaced");
  private final List<Runnable> listeners = new ArrayList<>();
  private final List<Scene> scenes = new ArrayList<>();

  public Look() {
    theme.addListener((_, _, _) -> changed());
    scale.addListener((_, _, _) -> changed());
  }

  public ObjectProperty<Theme> themeProperty() {
    return theme;
  }

  public Theme theme() {
    return theme.get();
  }

  /** 0.7 to 3; set it through {@link #setScale}. */
  public double scale() {
    return scale.get();
  }

  /** Sets the scale, held within 70 % and 300 %. */
  public void setScale(double wanted) {
    scale.set(Math.clamp(wanted, SMALLEST, LARGEST));
  }

  /** Pixels of one em: the font size of ordinary text. */
  public double em() {
    return EM * scale.get();
  }

  public Color color(Token token) {
    return theme.get().color(token);
  }

  public Color wash(Token hue) {
    return theme.get().wash(hue);
  }

  /** The font of ordinary text, for canvases. */
  public Font text(double ems) {
    return Font.font(textFamily, em() * ems);
  }

  /** The font of numbers and code, for canvases. */
  public Font code(double ems) {
    return Font.font(codeFamily, em() * ems);
  }

  /** Adds a listener, told after theme or scale changed. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Makes a scene follow this look. */
  public void dress(Scene scene) {
    scenes.add(scene);
    Application.setUserAgentStylesheet(theme.get().base());
    dressNow(scene);
  }

  /** Style sheets of this look, for a dialog's pane or another scene that is short-lived. */
  public List<String> stylesheets() {
    return List.of(tokens(), sheet("stagewalk.css"), sheet("figures.css"), sheet("text-panes.css"));
  }

  private static String sheet(String name) {
    return Objects.requireNonNull(Look.class.getResource(name), name).toExternalForm();
  }

  private void changed() {
    Application.setUserAgentStylesheet(theme.get().base());
    scenes.forEach(this::dressNow);
    listeners.forEach(Runnable::run);
  }

  private void dressNow(Scene scene) {
    scene.getStylesheets().setAll(stylesheets());
    scene.setFill(color(Token.WINDOW));
  }

  private String tokens() {
    String css =
        ".root {\n"
            + "-hue: -sw-muted;\n-hue-wash: -sw-raised;\n"
            + theme.get().declarations()
            + String.format(Locale.ROOT, "-fx-font-size: %.2fpx;\n", em())
            + "-fx-font-family: \""
            + textFamily
            + "\";\n}\n.code {\n-fx-font-family: \""
            + codeFamily
            + "\";\n}\n"
            // An icon's em is its own size, so only pixels can scale it.
            + String.format(
                Locale.ROOT, ".ikonli-font-icon {\n-fx-icon-size: %.0fpx;\n}\n", em() * 1.2)
            + Theme.hueClasses();
    return "data:text/css;base64,"
        + Base64.getEncoder().encodeToString(css.getBytes(StandardCharsets.UTF_8));
  }

  private static String firstOf(List<String> wanted, String otherwise) {
    List<String> present = Font.getFamilies();
    return wanted.stream().filter(present::contains).findFirst().orElse(otherwise);
  }
}
