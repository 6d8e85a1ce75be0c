package dev.stagewalk.app;

import dev.stagewalk.app.boot.BootCommand;
import dev.stagewalk.app.lesson.LessonCommand;
import dev.stagewalk.app.tables.CheckCommand;
import dev.stagewalk.app.tables.DesignCommand;
import dev.stagewalk.app.tables.DumpOptions;
import dev.stagewalk.app.tables.TablesCommand;
import dev.stagewalk.app.tables.WalkCommand;
import dev.stagewalk.app.verify.VerifyCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: {@code stagewalk} alone opens the window, or does without one. */
@Command(
    name = "stagewalk",
    mixinStandardHelpOptions = true,
    version = "Stagewalk 0.1.0",
    subcommands = {
      RunCommand.class,
      OpenCommand.class,
      ReplayCommand.class,
      CompareCommand.class,
      SearchCommand.class,
      PackCommand.class,
      BootCommand.class,
      DecodeCommand.class,
      WalkCommand.class,
      TablesCommand.class,
      CheckCommand.class,
      DesignCommand.class,
      ImportCommand.class,
      LessonCommand.class,
      ShotCommand.class,
      VerifyCommand.class,
      ProfilesCommand.class,
      DefectsCommand.class,
      InstructionsCommand.class,
      AsmCommand.class,
      DisasmCommand.class,
      BenchCommand.class
    },
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
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(StagewalkCommand::wrongUsage);
  }

  @Option(
      names = "--open",
      paramLabel = "FILE",
      description =
          "an ELF program or flat image to begin with, booted at EL2, A64 source (FILE.s) that"
              + " runs as a guest, or a trace or memory dump of a real machine")
  private @Nullable Path image;

  @Override
  public Integer call() {
    return begin(image, new DumpOptions());
  }

  /** The window on a file. */
  int open(Path file, DumpOptions beside) {
    return begin(file, beside);
  }

  private int begin(@Nullable Path file, DumpOptions beside) {
    Optional<OpenedFile> opened = read(file, beside);
    return switch (display.forWindow()) {
      case Screen.Window(boolean openGl) -> openWindow(openGl, opened);
      case Screen.Headless headless -> {
        err().println(headless.sentence());
        Display.drawOffScreen();
        yield faces.runWithoutScreen(opened, out(), true);
      }
      case Screen.TextOnly textOnly -> runInWords(textOnly, opened);
    };
  }

  private Optional<OpenedFile> read(@Nullable Path file, DumpOptions beside) {
    if (file == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(OpenedFile.read(file, beside));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private int openWindow(boolean openGl, Optional<OpenedFile> opened) {
    if (!openGl) {
      Display.drawInSoftware();
    }
    try {
      faces.openWindow(opened);
      return 0;
    } catch (UnsupportedOperationException refused) {
      // JavaFX has tried and will not try again in this JVM, not even off screen.
      String reason = Objects.requireNonNullElse(refused.getMessage(), "JavaFX cannot open one");
      return runInWords(new Screen.TextOnly(List.of(reason), List.of()), opened);
    }
  }

  private int runInWords(Screen.TextOnly textOnly, Optional<OpenedFile> opened) {
    err().println(textOnly.sentence());
    return faces.runWithoutScreen(opened, out(), false);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
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
