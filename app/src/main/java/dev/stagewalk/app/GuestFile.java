package dev.stagewalk.app;

import dev.stagewalk.app.boot.ImageFiles;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.image.boot.ImageException;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.views.SourceCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;

/** A guest from a file: A64 source, or an image that begins at EL2. */
public final class GuestFile {
  /** A source gets the memory and the hypervisor of this sample. */
  private static final String MACHINE = "demand-paging";

  private GuestFile() {}

  /** Whether a file is A64 source, by its name. */
  public static boolean isSource(Path file) {
    String name = file.toString();
    return name.endsWith(".s") || name.endsWith(".S");
  }

  /**
   * A guest as its file says.
   *
   * @throws IllegalArgumentException in words; of a source that does not assemble one line for each
   *     error
   */
  public static Scenario open(Path file) {
    if (!isSource(file)) {
      try {
        return ImageFiles.scenario(file);
      } catch (ImageException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
    Scenario scenario = source(file);
    String errors =
        GuestCode.problems(scenario, scenario.source()).stream()
            .map(SourceCheck.Problem::words)
            .collect(Collectors.joining("\n"));
    if (!errors.isEmpty()) {
      throw new IllegalArgumentException(errors);
    }
    return scenario;
  }

  /**
   * A source, assembled or not; it may include files of its own folder.
   *
   * @throws IllegalArgumentException if it cannot be read
   */
  static Scenario source(Path file) {
    Catalogue catalogue = Catalogue.standard();
    Scenario machine = catalogue.find(MACHINE).orElseGet(catalogue::first);
    String source;
    try {
      source = Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "'" + file + "' is not a file that can be read as UTF-8 text", e);
    }
    Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("."));
    return new Scenario(
            file.toString(),
            String.valueOf(file.getFileName()),
            "",
            file.toString(),
            source,
            machine.granule(),
            machine.ipaBits(),
            machine.defects(),
            machine.regions())
        .including(folder);
  }
}
