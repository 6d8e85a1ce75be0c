package dev.stagewalk.app;

import picocli.CommandLine;

/**
 * Where the program starts. It must not extend {@code javafx.application.Application}: the launcher
 * would then insist on JavaFX being a named module before any line of ours could look for a
 * display.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new StagewalkCommand()).execute(args));
  }
}
