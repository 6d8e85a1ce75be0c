package dev.stagewalk.app;

import java.util.List;

/** Where the program can show itself: in a window, in pictures, or in words alone. */
sealed interface Screen {

  /**
   * A real window.
   *
   * @param openGl whether JavaFX finds its OpenGL libraries; without them it would complain at
   *     length and then draw in software
   */
  record Window(boolean openGl) implements Screen {}

  /**
   * No window, but scenes can be rendered to pictures.
   *
   * @param reasons what stands in the way of a window, each a phrase such as "GTK 3 is missing"
   * @param packages the Debian packages that would remove the reasons
   */
  record Headless(List<String> reasons, List<String> packages) implements Screen {
    public Headless {
      reasons = List.copyOf(reasons);
      packages = List.copyOf(packages);
    }

    /** What to tell the user, in one line. */
    String sentence() {
      return "No window: %s. Going on without a screen.".formatted(Screen.why(reasons, packages));
    }
  }

  /**
   * Neither window nor pictures: text cannot be drawn at all.
   *
   * @param reasons what stands in the way of pictures
   * @param packages the Debian packages that would remove the reasons
   */
  record TextOnly(List<String> reasons, List<String> packages) implements Screen {
    public TextOnly {
      reasons = List.copyOf(reasons);
      packages = List.copyOf(packages);
    }

    /** What to tell the user, in one line. */
    String sentence() {
      return "No window and no pictures, only the log: %s."
          .formatted(Screen.why(reasons, packages));
    }
  }

  private static String why(List<String> reasons, List<String> packages) {
    String why = String.join(", ", reasons);
    return packages.isEmpty()
        ? why
        : why + " (on Debian: apt-get install " + String.join(" ", packages) + ")";
  }
}
