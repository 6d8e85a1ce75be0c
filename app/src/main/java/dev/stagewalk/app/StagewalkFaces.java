package dev.stagewalk.app;

import dev.stagewalk.views.FirstWindow;
import java.io.PrintWriter;

/** The program's two faces, put together from the engine, the guests and the panes. */
final class StagewalkFaces implements Faces {

  @Override
  public void openWindow() {
    FirstWindow.open();
  }

  @Override
  public int runWithoutScreen(PrintWriter out, boolean pictures) {
    out.println("There is no guest to run yet.");
    return 1;
  }
}
