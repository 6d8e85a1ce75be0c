package dev.stagewalk.app;

import java.io.PrintWriter;
import java.util.Optional;

/** The two ways to do the program's main job: a guest to look at, with a screen and without. */
interface Faces {

  /**
   * Opens the window and returns when it has been closed.
   *
   * @param file what to begin with; empty for the first sample
   */
  void openWindow(Optional<OpenedFile> file);

  /**
   * Runs a guest or an image and prints its trap log; of a recording prints its events.
   *
   * @param file what to run; empty for the first sample
   * @param pictures whether scenes can be rendered; if so the window at the interesting moments is
   *     written into {@code stagewalk-pictures/} and each file named on {@code out}
   * @return the exit code: 0 when it ended by its own wish
   */
  int runWithoutScreen(Optional<OpenedFile> file, PrintWriter out, boolean pictures);
}
