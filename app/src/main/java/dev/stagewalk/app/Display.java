package dev.stagewalk.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Decides where the program shows itself, before JavaFX is touched: its toolkit starts once in a
 * JVM, and a failed start cannot be repeated on another platform.
 *
 * <p>On Linux a window needs an X server that answers, GTK 3 and XTest. Pictures need none of
 * these; both need a way to draw text: FreeType, Pango, Fontconfig and at least one font. Elsewhere
 * the system brings all of it.
 */
final class Display {

  /** What only the machine itself can answer. */
  interface Probe {
    /** Whether the dynamic linker finds this library, for instance {@code libgtk-3.so.0}. */
    boolean loads(String library);

    /** Whether an X server accepts us at this value of {@code DISPLAY}. */
    boolean answers(String display);

    /** Whether Fontconfig knows any font; asked only when its library loads. */
    boolean hasFonts();
  }

  private final boolean systemBringsAll;
  private final Map<String, String> environment;
  private final Probe probe;

  /**
   * @param osName the system property {@code os.name}
   * @param environment the variables of the process
   */
  Display(String osName, Map<String, String> environment, Probe probe) {
    String os = osName.toLowerCase(Locale.ROOT);
    this.systemBringsAll = os.startsWith("windows") || os.startsWith("mac");
    this.environment = Map.copyOf(environment);
    this.probe = probe;
  }

  static Display ofThisMachine() {
    return new Display(System.getProperty("os.name", ""), System.getenv(), new NativeProbe());
  }

  /** Where the window goes. */
  Screen forWindow() {
    if (systemBringsAll) {
      return new Screen.Window(true);
    }
    Obstacles window = obstaclesToWindow();
    Obstacles pictures = obstaclesToPictures();
    if (!pictures.none()) {
      window.addAll(pictures);
      return new Screen.TextOnly(window.reasons, window.packages);
    }
    if (!window.none()) {
      return new Screen.Headless(window.reasons, window.packages);
    }
    return new Screen.Window(probe.loads("libGL.so.1") && probe.loads("libXxf86vm.so.1"));
  }

  /** Where pictures asked for by name go: never a window. */
  Screen forPictures() {
    Obstacles pictures = systemBringsAll ? new Obstacles() : obstaclesToPictures();
    return pictures.none()
        ? new Screen.Headless(List.of("only pictures were asked for"), List.of())
        : new Screen.TextOnly(pictures.reasons, pictures.packages);
  }

  /** Makes JavaFX draw without a screen; works only before its toolkit starts. */
  static void drawOffScreen() {
    System.setProperty("glass.platform", "Headless");
    drawInSoftware();
  }

  /** Makes JavaFX leave OpenGL alone; works only before its toolkit starts. */
  static void drawInSoftware() {
    System.setProperty("prism.order", "sw");
  }

  private Obstacles obstaclesToWindow() {
    Obstacles obstacles = new Obstacles();
    boolean gtk = probe.loads("libgtk-3.so.0");
    String display = environment.getOrDefault("DISPLAY", "");
    if (!display.isEmpty()) {
      // Xlib comes with GTK, so without GTK nobody can ask the X server.
      if (gtk && !probe.answers(display)) {
        obstacles.add("no X server answers at DISPLAY=" + display, "xvfb");
      }
    } else if (environment.containsKey("WAYLAND_DISPLAY")) {
      obstacles.add("DISPLAY is not set and JavaFX does not speak Wayland", "xwayland");
    } else {
      obstacles.add("DISPLAY is not set", "xvfb");
    }
    if (!gtk) {
      obstacles.add("GTK 3 is missing", "libgtk-3-0");
    }
    // JavaFX's window library is linked with it, and GTK does not bring it along.
    if (!probe.loads("libXtst.so.6")) {
      obstacles.add("XTest is missing", "libxtst6");
    }
    return obstacles;
  }

  private Obstacles obstaclesToPictures() {
    Obstacles obstacles = new Obstacles();
    if (!probe.loads("libfreetype.so.6")) {
      obstacles.add("FreeType is missing", "libfreetype6");
    }
    if (!probe.loads("libpango-1.0.so.0") || !probe.loads("libpangoft2-1.0.so.0")) {
      obstacles.add("Pango is missing", "libpango-1.0-0", "libpangoft2-1.0-0");
    }
    if (!probe.loads("libfontconfig.so.1")) {
      obstacles.add("Fontconfig is missing", "fontconfig", "fonts-dejavu-core");
    } else if (!probe.hasFonts()) {
      obstacles.add("there is no font", "fonts-dejavu-core");
    }
    return obstacles;
  }

  private static final class Obstacles {
    private final List<String> reasons = new ArrayList<>();
    private final List<String> packages = new ArrayList<>();

    void add(String reason, String... cures) {
      reasons.add(reason);
      packages.addAll(List.of(cures));
    }

    void addAll(Obstacles more) {
      reasons.addAll(more.reasons);
      packages.addAll(more.packages);
    }

    boolean none() {
      return reasons.isEmpty();
    }
  }
}
