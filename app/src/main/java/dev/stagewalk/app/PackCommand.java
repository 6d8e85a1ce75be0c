package dev.stagewalk.app;

import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.RecordingArchive;
import dev.stagewalk.trace.TraceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk pack NAME.swrec}. */
@Command(
    name = "pack",
    mixinStandardHelpOptions = true,
    description = {
      "Makes one file of a recording, to be handed on: a ZIP archive that stores its files.",
      "`stagewalk replay`, `open` and `check` read it as it is."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  stagewalk pack fault.swrec", "  stagewalk pack fault.swrec for-you.swrec.zip"})
final class PackCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "NAME.swrec", description = "the folder of a recording")
  private Path folder = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE.zip",
      description = "the archive (default: NAME.swrec.zip beside it)")
  private @Nullable Path archive;

  @Override
  public Integer call() {
    Path named = archive;
    Path to = named == null ? folder.resolveSibling(folder.getFileName() + ".zip") : named;
    if (!to.toString().endsWith(".zip")) {
      throw wrong("'" + to + "' must end in .zip");
    }
    try {
      RecordingArchive.write(Recording.open(folder), to);
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      out.println("'" + to + "' has " + Files.size(to) + " bytes.");
      out.flush();
      return 0;
    } catch (TraceException e) {
      throw wrong(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw wrong("'" + to + "' cannot be written: " + e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
