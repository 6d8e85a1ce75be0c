package dev.stagewalk.app;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: {@code stagewalk} alone opens the window, or does without one. */
@Command(
    name = "stagewalk",
    mixinStandardHelpOptions = true,
    version = "Stagewalk 0.1.0",
    description = "Watch AArch64 stage-2 address translation at work.")
final class StagewalkCommand implements Callable<Integer> {
  private final Display display;
  private final Faces faces;

  @Spec private CommandSpec spec;

  private StagewalkCommand(Display display, Faces faces) {
    this.display = display;
    this.faces = faces;
  }

  /** The whole command line, ready to execute; wrong usage is one line and exit code 2. */
  static CommandLine commandLine(Display display, Faces faces) {
    return new CommandLine(new StagewalkCommand(display, faces))
        .setParameterExceptionHandler(StagewalkCommand::wrongUsage);
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    return switch (display.forWindow()) {
      case Screen.Window() -> {
        faces.openWindow();
        yield 0;
      }
      case Screen.Headless headless -> {
        err.println(headless.sentence());
        Display.drawOffScreen();
        yield faces.runWithoutScreen(out, true);
      }
      case Screen.TextOnly textOnly -> {
        err.println(textOnly.sentence());
        yield faces.runWithoutScreen(out, false);
      }
    };
  }

  private static int wrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String what = Objects.requireNonNullElse(e.getMessage(), "wrong usage");
    String firstLine = what.lines().findFirst().orElse(what);
    command.getErr().println("%s: %s (see %1$s --help)".formatted(name, firstLine));
    return CommandLine.ExitCode.USAGE;
  }
}
