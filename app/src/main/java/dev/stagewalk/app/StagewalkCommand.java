package dev.stagewalk.app;

import dev.stagewalk.views.FirstWindow;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The command line: {@code stagewalk} alone opens the window. */
@Command(
    name = "stagewalk",
    mixinStandardHelpOptions = true,
    description = "Watch AArch64 stage-2 address translation at work.")
final class StagewalkCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    FirstWindow.open();
    return 0;
  }
}
