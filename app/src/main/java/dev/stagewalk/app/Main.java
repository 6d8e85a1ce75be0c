package dev.stagewalk.app;

/**
 * Where the program starts. It must not extend {@code javafx.application.Application}: the launcher
 * would then start JavaFX before any line of ours could look for a display.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(
        StagewalkCommand.commandLine(Display.ofThisMachine(), new StagewalkFaces()).execute(args));
  }
}
