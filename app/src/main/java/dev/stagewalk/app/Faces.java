package dev.stagewalk.app;

import dev.stagewalk.session.Scenario;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** The two ways to do the program's main job: a guest to look at, with a screen and without. */
interface Faces {

  /**
   * Opens the window and returns when it has been closed.
   *
   * @param image an image that can be booted, to begin with; empty for the first sample
   */
  void openWindow(Optional<Path> image);

  /**
   * Runs a guest or an image and prints its trap log.
   *
   * @param scenario what to run; empty for the first sample
   * @param pictures whether scenes can be rendered; if so the window at the interesting moments is
   *     written into {@code stagewalk-pictures/} and each file named on {@code out}
   * @return the exit code: 0 when it ended by its own wish
   */
  int runWithoutScreen(Optional<Scenario> scenario, PrintWriter out, boolean pictures);
}
