package dev.stagewalk.app;

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
   * Runs the demand-paging sample and prints its trap log.
   *
   * @param pictures whether scenes can be rendered; if so the window at the interesting moments is
   *     written into {@code stagewalk-pictures/} and each file named on {@code out}
   * @return the exit code: 0 when the sample ran to its end
   */
  int runWithoutScreen(PrintWriter out, boolean pictures);
}
