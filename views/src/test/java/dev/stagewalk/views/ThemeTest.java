package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import javafx.scene.paint.Color;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ThemeTest {
  private static final List<Token> LEVELS =
      List.of(Token.LEVEL_0, Token.LEVEL_1, Token.LEVEL_2, Token.LEVEL_3);
  private static final List<Token> FAULTS =
      List.of(
          Token.FAULT_TRANSLATION,
          Token.FAULT_PERMISSION,
          Token.FAULT_ACCESS_FLAG,
          Token.FAULT_ADDRESS_SIZE);

  @ParameterizedTest
  @EnumSource
  void textIsReadableOnEverySurface(Theme theme) {
    for (Token surface : with(Token.Role.SURFACE)) {
      for (Token text : with(Token.Role.TEXT, Token.Role.HUE)) {
        assertThat(contrast(theme.color(text), theme.color(surface)))
            .as("%s: %s on %s", theme, text, surface)
            .isGreaterThanOrEqualTo(4.5);
      }
      for (Token mark : with(Token.Role.MARK)) {
        assertThat(contrast(theme.color(mark), theme.color(surface)))
            .as("%s: %s on %s", theme, mark, surface)
            .isGreaterThanOrEqualTo(3);
      }
    }
    assertThat(contrast(theme.color(Token.ON_ACCENT), theme.color(Token.ACCENT)))
        .isGreaterThanOrEqualTo(4.5);
  }

  @ParameterizedTest
  @EnumSource
  void textIsReadableOnTheFillOfAHue(Theme theme) {
    for (Token hue : with(Token.Role.HUE)) {
      assertThat(contrast(theme.color(Token.TEXT), theme.wash(hue)))
          .as("%s: text on the wash of %s", theme, hue)
          .isGreaterThanOrEqualTo(4.5);
      assertThat(contrast(theme.color(hue), theme.wash(hue)))
          .as("%s: %s on its own wash", theme, hue)
          .isGreaterThanOrEqualTo(4.0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void huesStayApartForEveryKindOfColourVision(Theme theme) {
    for (Vision vision : Vision.values()) {
      for (List<Token> family : List.of(LEVELS, FAULTS)) {
        for (Token a : family) {
          for (Token b : family) {
            if (a.compareTo(b) < 0) {
              assertThat(distance(vision.see(theme.color(a)), vision.see(theme.color(b))))
                  .as("%s, %s: %s and %s", theme, vision, a, b)
                  .isGreaterThanOrEqualTo(9);
            }
          }
        }
      }
    }
  }

  private static List<Token> with(Token.Role... roles) {
    return Arrays.stream(Token.values())
        .filter(t -> Arrays.asList(roles).contains(t.role()))
        .toList();
  }

  /** WCAG 2: contrast ratio. */
  private static double contrast(Color a, Color b) {
    double la = luminance(a);
    double lb = luminance(b);
    return (Math.max(la, lb) + 0.05) / (Math.min(la, lb) + 0.05);
  }

  private static double luminance(Color c) {
    return 0.2126 * linear(c.getRed())
        + 0.7152 * linear(c.getGreen())
        + 0.0722 * linear(c.getBlue());
  }

  private static double linear(double v) {
    return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
  }

  /**
   * Dichromatic vision in linear RGB, severity 1 (matrices of Machado, Oliveira, Fernandes 2009).
   */
  private enum Vision {
    FULL(1, 0, 0, 0, 1, 0, 0, 0, 1),
    PROTAN(
        0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116,
        1.051998),
    DEUTAN(
        0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881),
    TRITAN(
        1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367,
        0.303900);

    private final double[] m;

    Vision(double... m) {
      this.m = m;
    }

    double[] see(Color c) {
      double r = linear(c.getRed());
      double g = linear(c.getGreen());
      double b = linear(c.getBlue());
      double[] out = new double[3];
      for (int i = 0; i < 3; i++) {
        out[i] = Math.clamp(m[3 * i] * r + m[3 * i + 1] * g + m[3 * i + 2] * b, 0, 1);
      }
      return out;
    }
  }

  /** CIE 1976 colour difference of two linear RGB colours. */
  private static double distance(double[] a, double[] b) {
    double[] la = lab(a);
    double[] lb = lab(b);
    return Math.sqrt(
        Math.pow(la[0] - lb[0], 2) + Math.pow(la[1] - lb[1], 2) + Math.pow(la[2] - lb[2], 2));
  }

  private static double[] lab(double[] rgb) {
    double x = (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505;
    double y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    double z = (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089;
    return new double[] {116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))};
  }

  private static double f(double t) {
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
  }
}
