package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DisplayTest {
  private static final List<String> LIBRARIES =
      List.of(
          "libgtk-3.so.0",
          "libXtst.so.6",
          "libGL.so.1",
          "libXxf86vm.so.1",
          "libfreetype.so.6",
          "libpango-1.0.so.0",
          "libpangoft2-1.0.so.0",
          "libfontconfig.so.1");

  private final Desktop desktop = new Desktop();

  @Test
  void aDisplayThatAnswersAndGtkMakeAWindow() {
    assertThat(linux("DISPLAY", ":0").forWindow()).isEqualTo(new Screen.Window(true));
  }

  @Test
  void withoutOpenGlTheWindowIsDrawnInSoftware() {
    desktop.lacks("libXxf86vm.so.1");
    assertThat(linux("DISPLAY", ":0").forWindow()).isEqualTo(new Screen.Window(false));
  }

  @Test
  void aWindowWithoutFontsWouldBeNone() {
    desktop.fonts = false;
    assertThat(linux("DISPLAY", ":0").forWindow())
        .isEqualTo(new Screen.TextOnly(List.of("there is no font"), List.of("fonts-dejavu-core")));
  }

  @Test
  void gtkAloneDoesNotBringXTest() {
    desktop.lacks("libXtst.so.6");
    assertThat(linux("DISPLAY", ":0").forWindow())
        .isEqualTo(new Screen.Headless(List.of("XTest is missing"), List.of("libxtst6")));
  }

  @Test
  void withoutADisplayVariableItGoesOnHeadless() {
    assertThat(linux().forWindow())
        .isEqualTo(new Screen.Headless(List.of("DISPLAY is not set"), List.of("xvfb")));
  }

  @Test
  void anEmptyDisplayVariableIsNone() {
    assertThat(linux("DISPLAY", "").forWindow())
        .isEqualTo(new Screen.Headless(List.of("DISPLAY is not set"), List.of("xvfb")));
  }

  @Test
  void aDeadDisplayIsNamed() {
    assertThat(linux("DISPLAY", ":7").forWindow())
        .isEqualTo(
            new Screen.Headless(List.of("no X server answers at DISPLAY=:7"), List.of("xvfb")));
  }

  @Test
  void waylandAloneIsNotEnough() {
    assertThat(linux("WAYLAND_DISPLAY", "wayland-0").forWindow())
        .isEqualTo(
            new Screen.Headless(
                List.of("DISPLAY is not set and JavaFX does not speak Wayland"),
                List.of("xwayland")));
  }

  @Test
  void withoutGtkTheDisplayIsNotAsked() {
    desktop.lacks("libgtk-3.so.0");
    assertThat(linux("DISPLAY", ":7").forWindow())
        .isEqualTo(new Screen.Headless(List.of("GTK 3 is missing"), List.of("libgtk-3-0")));
  }

  @Test
  void everythingThatIsMissingIsSaidAtOnce() {
    desktop.lacks("libgtk-3.so.0");
    assertThat(linux().forWindow())
        .isEqualTo(
            new Screen.Headless(
                List.of("DISPLAY is not set", "GTK 3 is missing"), List.of("xvfb", "libgtk-3-0")));
  }

  @Test
  void withoutPangoThereAreOnlyWords() {
    desktop.lacks("libgtk-3.so.0");
    desktop.lacks("libpangoft2-1.0.so.0");
    assertThat(linux("DISPLAY", ":0").forWindow())
        .isEqualTo(
            new Screen.TextOnly(
                List.of("GTK 3 is missing", "Pango is missing"),
                List.of("libgtk-3-0", "libpango-1.0-0", "libpangoft2-1.0-0")));
  }

  @Test
  void withoutFontconfigFontsAreNotAskedFor() {
    desktop.lacks("libfontconfig.so.1");
    desktop.fontsMayBeAsked = false;
    assertThat(linux().forWindow())
        .isEqualTo(
            new Screen.TextOnly(
                List.of("DISPLAY is not set", "Fontconfig is missing"),
                List.of("xvfb", "fontconfig", "fonts-dejavu-core")));
  }

  @Test
  void withoutAnyFontThereAreOnlyWords() {
    desktop.fonts = false;
    assertThat(linux().forPictures())
        .isEqualTo(new Screen.TextOnly(List.of("there is no font"), List.of("fonts-dejavu-core")));
  }

  @Test
  void picturesNeedNoDisplay() {
    desktop.lacks("libgtk-3.so.0");
    assertThat(linux().forPictures()).isInstanceOf(Screen.Headless.class);
  }

  @Test
  void macAndWindowsBringWhatIsNeeded() {
    desktop.lacks("libgtk-3.so.0");
    desktop.lacks("libfontconfig.so.1");
    for (String os : List.of("Mac OS X", "Windows 11")) {
      Display display = new Display(os, Map.of(), desktop);
      assertThat(display.forWindow()).as(os).isEqualTo(new Screen.Window(true));
      assertThat(display.forPictures()).as(os).isInstanceOf(Screen.Headless.class);
    }
  }

  @Test
  void theReasonAndThePackageStandInOneLine() {
    assertThat(new Screen.Headless(List.of("GTK 3 is missing"), List.of("libgtk-3-0")).sentence())
        .isEqualTo(
            "No window: GTK 3 is missing (on Debian: apt-get install libgtk-3-0)."
                + " Going on without a screen.");
    assertThat(new Screen.TextOnly(List.of("a", "b"), List.of("p", "q")).sentence())
        .isEqualTo(
            "No window and no pictures, only the log: a, b (on Debian: apt-get install p q).");
  }

  private Display linux(String... variable) {
    Map<String, String> environment =
        variable.length == 0 ? Map.of() : Map.of(variable[0], variable[1]);
    return new Display("Linux", environment, desktop);
  }

  /** A Linux with everything, and an X server at {@code :0}, from which things can be taken. */
  private static final class Desktop implements Display.Probe {
    private final Set<String> libraries = new HashSet<>(LIBRARIES);
    private boolean fonts = true;
    private boolean fontsMayBeAsked = true;

    void lacks(String library) {
      assertThat(libraries.remove(library)).isTrue();
    }

    @Override
    public boolean loads(String library) {
      return libraries.contains(library);
    }

    @Override
    public boolean answers(String display) {
      assertThat(loads("libgtk-3.so.0")).as("Xlib comes with GTK").isTrue();
      return display.equals(":0");
    }

    @Override
    public boolean hasFonts() {
      assertThat(fontsMayBeAsked).as("fonts may be asked for").isTrue();
      return fonts;
    }
  }
}
